"""What the page of a plan shows: the funnel, its hopes, and what other assumptions would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from regie.domain.planning import benchmarks
from regie.domain.planning.benchmarks import Benchmark
from regie.domain.planning.funnel import Assumptions, Forecast
from regie.domain.planning.plan import BudgetPlan, Direction
from regie.domain.planning.what_if import ASSUMPTIONS, WhatIf, sensitivity, what_if
from regie.ui import figures
from regie.ui.changes import Change, change
from regie.web.planner import words

# A slider moves an assumption from half to double of what the plan says, in percent.
LEAST, MOST, STEP = -50, 100, 5
BETTER = {"cpm": "lower", "cpa": "lower", "budget": "lower"}


@dataclass(frozen=True)
class Step:
    """One level of the funnel, and the rate that leads to the next."""

    label: str
    value: str
    rate: str = ""


@dataclass(frozen=True)
class Result:
    sentence: str
    steps: tuple[Step, ...]
    costs: tuple[tuple[str, str], ...]
    hopes: tuple[str, ...]


def result(plan: BudgetPlan, own: Sequence[Benchmark] = ()) -> Result:
    shown, code = plan.forecast().shown(plan.currency), plan.currency
    believed = plan.assumptions
    count = figures.decimal
    return Result(
        sentence=sentence(plan),
        steps=(
            Step(_("Impressions"), count(shown.impressions, digits=0),
                 _("{rate} click").format(rate=words.rate(believed.click_rate))),
            Step(_("Visits / leads (clicks)"), count(shown.visits, digits=0),
                 _("{rate} buy").format(rate=words.rate(believed.conversion_rate))),
            Step(_("Sales"), count(shown.sales, digits=0)),
        ),
        costs=(
            (_("Budget"), figures.money(shown.budget, code)),
            (_("Cost per acquisition (CPA)"), figures.money(shown.cpa, code)),
            (_("Cost per click (CPC)"), figures.money(shown.cpc, code)),
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
class Compared:
    """One line of a table of two plans."""

    label: str
    before: str
    after: str
    change: Change


@dataclass(frozen=True)
class Slider:
    name: str
    label: str
    value: int


@dataclass(frozen=True)
class Trial:
    """What the sliders say, and what it does."""

    sliders: tuple[Slider, ...]
    assumptions: tuple[Compared, ...]
    at_equal_budget: tuple[Compared, ...]
    at_equal_goal: tuple[Compared, ...]
    either_way: tuple[Compared, ...]
    sentence: str
    is_moved: bool


def trial(plan: BudgetPlan, asked: Mapping[str, str]) -> Trial:
    """Positions out of reach are brought back to the end of the slider."""
    moved = {name: _position(asked.get(name, "")) for name in ASSUMPTIONS}
    base = plan.forecast()
    other = plan.assumptions.changed(
        **{name: Decimal(percent) / 100 for name, percent in moved.items()}
    )
    found = what_if(base, other)
    code = plan.currency
    return Trial(
        sliders=tuple(Slider(name, words.label(name), moved[name]) for name in ASSUMPTIONS),
        assumptions=tuple(_moved(name, plan.assumptions, other, code) for name in ASSUMPTIONS),
        at_equal_budget=(_counted(_("Sales"), base, found.at_equal_budget, "sales", code),),
        at_equal_goal=(_counted(_("Budget"), base, found.at_equal_goal, "budget", code),),
        either_way=(
            _counted(_("Cost per acquisition (CPA)"), base, found.at_equal_goal, "cpa", code),
        ),
        sentence=_trial_sentence(found, code),
        is_moved=any(moved.values()),
    )


def _position(text: str) -> int:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return 0
    if not value.is_finite():
        return 0
    return max(LEAST, min(MOST, int(value)))


def _moved(name: str, before: Assumptions, after: Assumptions, code: str) -> Compared:
    was, now = getattr(before, name), getattr(after, name)
    unit = "money" if name == "cpm" else "share"
    better = BETTER.get(name, "higher")
    return Compared(
        words.label(name),
        words.assumption(name, was, code),
        words.assumption(name, now, code),
        change(now, was, unit=unit, better=better, currency=code),
    )


def _counted(label: str, before: Forecast, after: Forecast, name: str, code: str) -> Compared:
    was, now = getattr(before.shown(code), name), getattr(after.shown(code), name)
    unit = "count" if name == "sales" else "money"
    better = BETTER.get(name, "higher")
    return Compared(
        label,
        figures.exact(was, unit, code),
        figures.exact(now, unit, code),
        change(now, was, unit=unit, better=better, currency=code),
    )


def _trial_sentence(found: WhatIf, code: str) -> str:
    equal_budget, equal_goal = found.at_equal_budget.shown(code), found.at_equal_goal.shown(code)
    return _(
        "For the same budget, expect to sell {sales}; for the same goal, plan {budget}. "
        "Each sale then costs {cpa}."
    ).format(
        sales=figures.decimal(equal_budget.sales, digits=0),
        budget=figures.money(equal_goal.budget, code),
        cpa=figures.money(equal_budget.cpa, code),
    )


@dataclass(frozen=True)
class Sensitive:
    """One assumption a fifth worse and a fifth better."""

    label: str
    lower: str
    higher: str


def sensitivity_rows(plan: BudgetPlan) -> list[Sensitive]:
    """What a sale costs when one assumption alone is a fifth lower or higher."""
    found: dict[str, list[str]] = {name: [] for name in ASSUMPTIONS}
    for one in sensitivity(plan.forecast()):
        cpa = one.result.at_equal_goal.shown(plan.currency).cpa
        found[one.name].append(figures.money(cpa, plan.currency))
    return [Sensitive(words.label(name), *found[name]) for name in ASSUMPTIONS]


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
        (words.label("lag_days"), figures.decimal(plan.lag_days, digits=0)),
        (words.label("window_days"), figures.decimal(plan.window_days, digits=0)),
    ]
    if plan.period:
        rows.append((_("Planned for"), figures.days(plan.period.start, plan.period.end)))
    return rows
