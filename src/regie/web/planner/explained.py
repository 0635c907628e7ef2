"""Where a planned value comes from: the plan, what it assumes, and what that is laid beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from regie.domain.planning import benchmarks
from regie.domain.planning.benchmarks import Benchmark
from regie.domain.planning.funnel import Forecast
from regie.domain.planning.plan import BudgetPlan, Direction
from regie.domain.planning.what_if import ASSUMPTIONS, what_if
from regie.ui import figures
from regie.web.planner import words
from regie.web.planner.beside import Beside, Row
from regie.web.planner.trial import positions

VOLUMES = ("sales", "visits", "impressions", "budget", "cpa", "cpc")
FIGURES = (*VOLUMES, *ASSUMPTIONS)
PLANNED, EFFECT = "planned", "effect"
AT = ("goal", "budget")  # which of the two a trial keeps


@dataclass(frozen=True)
class Asked:
    """``moved`` are the percents by which a trial moves assumptions, ``at`` what it keeps.

    With ``of`` EFFECT it is asked what the factor did to the cost of a sale.
    """

    name: str
    of: str = PLANNED
    moved: tuple[tuple[str, int], ...] = ()
    at: str = "goal"


@dataclass(frozen=True)
class Step:
    """A line of the reckoning; ``is_asked`` is the figure that the page is about."""

    name: str
    label: str
    value: str
    how: str
    is_asked: bool = False


@dataclass(frozen=True)
class Assumed:
    label: str
    value: str
    how: str
    beside: Sequence[str]
    hopes: Sequence[str]


@dataclass(frozen=True)
class Explained:
    label: str
    value: str
    note: str
    steps: Sequence[Step]
    assumed: Sequence[Assumed]
    happened: Row | None = None
    method: str = ""


def read(asked: Mapping[str, str]) -> Asked | None:
    """The cost of a sale unless another figure is named; None where there is none such."""
    name, of = asked.get("figure", "cpa"), asked.get("of", PLANNED)
    moved = tuple((one, percent) for one, percent in positions(asked).items() if percent)
    at = asked.get("at", "goal")
    if name not in FIGURES or of not in {PLANNED, EFFECT} or at not in AT:
        return None
    return Asked(name, of, moved, at)


def lay_out(
    plan: BudgetPlan, asked: Asked, own: Sequence[Benchmark], beside: Beside
) -> Explained | None:
    """None where what is asked about did not happen in the days of ``beside``."""
    row = _row(beside, asked.name)
    if asked.of == EFFECT and (row is None or not row.effect):
        return None
    forecast, direction = _forecast(plan, asked)
    steps = list(reckoning(plan, forecast, direction, asked))
    step = next(one for one in steps if one.name == asked.name)
    is_effect = asked.of == EFFECT
    return Explained(
        label=_("Effect on the CPA: {factor}").format(factor=step.label)
        if is_effect
        else step.label,
        value=row.effect if is_effect and row is not None else step.value,
        note=_trial_note(asked),
        steps=steps,
        assumed=[_assumed(plan, asked, name, own) for name in ASSUMPTIONS],
        happened=None if asked.moved else row,
        method=_method(asked.name) if is_effect else "",
    )


def _row(beside: Beside, name: str) -> Row | None:
    rows = (*beside.factors, *beside.volumes, *([beside.total] if beside.total else []))
    return next((one for one in rows if one.name == name), None)


def _forecast(plan: BudgetPlan, asked: Asked) -> tuple[Forecast, Direction]:
    if not asked.moved:
        return plan.forecast(), plan.direction
    other = plan.assumptions.changed(
        **{name: Decimal(percent) / 100 for name, percent in asked.moved}
    )
    found = what_if(plan.forecast(), other)
    if asked.at == "budget":
        return found.at_equal_budget, Direction.BUDGET
    return found.at_equal_goal, Direction.GOAL


def reckoning(
    plan: BudgetPlan, forecast: Forecast, direction: Direction, asked: Asked | None = None
) -> Iterator[Step]:
    """The whole reckoning in its order, each line with what it is worked out of."""
    shown, code = forecast.shown(plan.currency), plan.currency
    believed = forecast.assumptions

    def step(name: str, label: str, value: str, how: str) -> Step:
        return Step(name, label, value, how, asked is not None and asked.name == name)

    def count(value: Any) -> str:
        return figures.decimal(value, digits=0)

    volumes = {
        "sales": step("sales", _("Sales"), count(shown.sales), _how("sales", direction)),
        "visits": step("visits", _("Visits / leads (clicks)"), count(shown.visits),
                       _how("visits", direction)),
        "impressions": step("impressions", _("Impressions"), count(shown.impressions),
                            _how("impressions", direction)),
        "budget": step("budget", _("Budget"), figures.money(shown.budget, code),
                       _how("budget", direction)),
    }  # fmt: skip
    rates = {
        name: step(name, words.label(name),
                   words.assumption(name, getattr(believed, name), code), _("Assumed: see below."))
        for name in ASSUMPTIONS
    }  # fmt: skip
    down = ("sales", "conversion_rate", "visits", "click_rate", "impressions", "cpm", "budget")
    every = volumes | rates
    yield from (every[name] for name in (down if direction is Direction.GOAL else down[::-1]))
    yield step("cpa", _("Cost per acquisition (CPA)"), figures.money(shown.cpa, code),
               _("Budget ÷ sales"))  # fmt: skip
    yield step("cpc", _("Cost per click (CPC)"), figures.money(shown.cpc, code),
               _("Budget ÷ visits"))  # fmt: skip


def _how(name: str, direction: Direction) -> str:
    said = {
        Direction.GOAL: {
            "sales": _("The goal of the plan."),
            "visits": _("Sales ÷ conversion rate, rounded up"),
            "impressions": _("Visits ÷ click rate, rounded up"),
            "budget": _("Impressions ÷ 1,000 × CPM"),
        },
        Direction.BUDGET: {
            "budget": _("The budget of the plan."),
            "impressions": _("Budget ÷ CPM × 1,000"),
            "visits": _("Impressions × click rate"),
            "sales": _("Visits × conversion rate"),
        },
    }
    return said[direction][name]


def _assumed(plan: BudgetPlan, asked: Asked, name: str, own: Sequence[Benchmark]) -> Assumed:
    percent = dict(asked.moved).get(name, 0)
    value = getattr(plan.assumptions, name)
    if percent:
        value = getattr(plan.assumptions.changed(**{name: Decimal(percent) / 100}), name)
    return Assumed(
        label=words.label(name),
        value=words.assumption(name, value, plan.currency),
        how=_moved(percent) if percent else _("As the plan says."),
        beside=[words.benchmark(one) for one in benchmarks.beside(name, plan.currency, own)],
        hopes=[
            words.hope(one, value, plan.currency)
            for one in benchmarks.optimism(name, value, plan.currency, own)
        ],
    )


def _moved(percent: int) -> str:
    share = figures.percent(Decimal(abs(percent)) / 100, digits=0)
    if percent > 0:
        return _("{share} more than the plan says.").format(share=share)
    return _("{share} less than the plan says.").format(share=share)


def _trial_note(asked: Asked) -> str:
    if not asked.moved:
        return ""
    return (
        _("A trial for the same goal: nothing of the plan is changed.")
        if asked.at == "goal"
        else _("A trial for the same budget: nothing of the plan is changed.")
    )


def _method(name: str) -> str:
    if name == "cpa":
        return _("What a sale cost, less what was planned: the sum of the effects above it.")
    return _(
        "CPA = CPM ÷ 1,000 ÷ (click rate × conversion rate). Each of the three is put from planned "
        "to what happened, in each of the six orders in which that can be done; its effect is the "
        "mean of the six, so that none is favoured and the three make the whole gap to the cent."
    )
