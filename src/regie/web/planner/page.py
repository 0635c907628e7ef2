"""What the page of a plan shows: the funnel, its hopes, and what matters most in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regie.domain.planning import benchmarks
from regie.domain.planning.benchmarks import Benchmark
from regie.domain.planning.plan import BudgetPlan, Direction
from regie.domain.planning.what_if import ASSUMPTIONS, sensitivity
from regie.ui import figures
from regie.web.planner import words


@dataclass(frozen=True)
class Step:
    """One level of the funnel, and the rate that leads to the next."""

    label: str
    value: str
    name: str
    rate: str = ""
    rate_name: str = ""


@dataclass(frozen=True)
class Result:
    sentence: str
    steps: tuple[Step, ...]
    costs: tuple[tuple[str, str, str], ...]
    hopes: tuple[str, ...]


def result(plan: BudgetPlan, own: Sequence[Benchmark] = ()) -> Result:
    shown, code = plan.forecast().shown(plan.currency), plan.currency
    believed = plan.assumptions
    count = figures.decimal
    return Result(
        sentence=sentence(plan),
        steps=(
            Step(_("Impressions"), count(shown.impressions, digits=0), "impressions",
                 _("{rate} click").format(rate=words.rate(believed.click_rate)), "click_rate"),
            Step(_("Visits / leads (clicks)"), count(shown.visits, digits=0), "visits",
                 _("{rate} buy").format(rate=words.rate(believed.conversion_rate)),
                 "conversion_rate"),
            Step(_("Sales"), count(shown.sales, digits=0), "sales"),
        ),
        costs=(
            (_("Budget"), figures.money(shown.budget, code), "budget"),
            (_("Cost per acquisition (CPA)"), figures.money(shown.cpa, code), "cpa"),
            (_("Cost per click (CPC)"), figures.money(shown.cpc, code), "cpc"),
        ),
        hopes=tuple(hopes(plan, own)),
    )  # fmt: skip


def sentence(plan: BudgetPlan) -> str:
    """The plan in one sentence, in the direction in which it was asked."""
    shown, code = plan.forecast().shown(plan.currency), plan.currency
    said = {
        "sales": figures.decimal(shown.sales, digits=0),
        "visits": figures.decimal(shown.visits, digits=0),
        "impressions": figures.decimal(shown.impressions, digits=0),
        "budget": figures.money(shown.budget, code),
        "cpa": figures.money(shown.cpa, code),
    }
    if plan.direction is Direction.GOAL:
        return _(
            "To sell {sales}, plan on {visits} visits, {impressions} impressions and {budget}: "
            "each sale costs {cpa}."
        ).format(**said)
    return _(
        "{budget} buy {impressions} impressions and {visits} visits; expect to sell {sales}, "
        "each sale at {cpa}."
    ).format(**said)


def hopes(plan: BudgetPlan, own: Sequence[Benchmark]) -> list[str]:
    """A sentence for each assumption that is more hopeful than a benchmark."""
    return [
        words.hope(found, value, plan.currency)
        for name in ASSUMPTIONS
        for value in [getattr(plan.assumptions, name)]
        for found in benchmarks.optimism(name, value, plan.currency, own)
    ]


def beside_fields(currency: str, own: Sequence[Benchmark]) -> dict[str, list[str]]:
    """What stands beneath each assumption: values of others and one's own, sourced and dated."""
    return {
        name: [words.benchmark(one) for one in benchmarks.beside(name, currency, own)]
        for name in ASSUMPTIONS
    }


@dataclass(frozen=True)
class Sensitive:
    """One assumption a fifth worse and a fifth better."""

    label: str
    lower: str
    higher: str
    name: str


def sensitivity_rows(plan: BudgetPlan) -> list[Sensitive]:
    """What a sale costs when one assumption alone is a fifth lower or higher."""
    found: dict[str, list[str]] = {name: [] for name in ASSUMPTIONS}
    for one in sensitivity(plan.forecast()):
        cpa = one.result.at_equal_goal.shown(plan.currency).cpa
        found[one.name].append(figures.money(cpa, plan.currency))
    return [
        Sensitive(words.label(name), lower, higher, name) for name, (lower, higher) in found.items()
    ]


def facts(plan: BudgetPlan) -> list[tuple[str, Any]]:
    """The plan as written, for those who read and do not change it."""
    believed, code = plan.assumptions, plan.currency
    amount = (
        (_("Goal (transactions)"), figures.decimal(plan.amount, digits=0))
        if plan.direction is Direction.GOAL
        else (_("Budget"), words.money(plan.amount, code))
    )
    rows = [amount]
    rows += [
        (words.label(name), words.assumption(name, getattr(believed, name), code))
        for name in ASSUMPTIONS
    ]
    rows += [
        (words.label("lag_days"), _days(plan.lag_days)),
        (words.label("window_days"), _days(plan.window_days)),
    ]
    if plan.campaign:
        rows.append((_("Campaign"), plan.campaign))
    if plan.period:
        rows.append((_("Planned for"), figures.days(plan.period.start, plan.period.end)))
    return rows


def _days(count: int) -> str:
    return ngettext("{count} day", "{count} days", count).format(
        count=figures.decimal(count, digits=0)
    )
