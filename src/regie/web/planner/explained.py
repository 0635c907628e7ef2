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
from regie.ui.changes import Change
from regie.web.planner import words
from regie.web.planner.beside import Beside, Row
from regie.web.planner.trial import positions, trial

VOLUMES = ("sales", "visits", "impressions", "budget", "cpa", "cpc")
FIGURES = (*VOLUMES, *ASSUMPTIONS)
PLANNED, EFFECT, DIFFERENCE, TRIED = "planned", "effect", "difference", "trial"
OF = (PLANNED, EFFECT, DIFFERENCE, TRIED)
AT = ("goal", "budget")  # which of the two a trial keeps
SPLIT = ("cpm", "click_rate", "conversion_rate", "cpa")


@dataclass(frozen=True)
class Asked:
    """``moved`` are the percents by which a trial moves assumptions, ``at`` what it keeps.

    With ``of`` EFFECT it is asked what the factor did to the cost of a sale, with DIFFERENCE by
    how much what happened is off the plan, with TRIED by how much a trial is.
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
    other: str = ""  # what ``happened`` is laid beside the plan as
    method: str = ""
    change: Change | None = None  # the value, where it is a difference
    has_split: bool = False  # whether the gap of the CPA is shown in its three effects


def read(asked: Mapping[str, str]) -> Asked | None:
    """The cost of a sale unless another figure is named; None where there is none such."""
    name, of = asked.get("figure", "cpa"), asked.get("of", PLANNED)
    moved = tuple((one, percent) for one, percent in positions(asked).items() if percent)
    at = asked.get("at", "goal")
    if name not in FIGURES or of not in OF or at not in AT:
        return None
    return Asked(name, of, moved, at)


def lay_out(
    plan: BudgetPlan, asked: Asked, own: Sequence[Benchmark], beside: Beside | None = None
) -> Explained | None:
    """None where what is asked about did not happen in the days of ``beside``.

    A plan that is not saved yet is laid beside nothing.
    """
    row = _tried(plan, asked) if asked.of == TRIED else _row(beside, asked.name)
    said = _said(asked, row)
    if said is None:
        return None
    forecast, direction = _forecast(plan, asked)
    steps = list(reckoning(plan, forecast, direction, asked))
    step = next(one for one in steps if one.name == asked.name)
    label, value, method = said
    return Explained(
        label=label.format(factor=step.label),
        value=value or step.value,
        note=_trial_note(asked),
        steps=steps,
        assumed=[_assumed(plan, asked, name, own) for name in ASSUMPTIONS],
        happened=None if asked.moved and asked.of != TRIED else row,
        other=_("Trial") if asked.of == TRIED else _("What happened"),
        method=method,
        change=row.change if row and asked.of in {DIFFERENCE, TRIED} else None,
        has_split=asked.name in SPLIT and asked.of in {EFFECT, DIFFERENCE},
    )


def _said(asked: Asked, row: Row | None) -> tuple[str, str, str] | None:
    """The label, the value and the method, empty where they are those of the plan's own figure."""
    if asked.of == PLANNED:
        return "{factor}", "", ""
    if row is None:
        return None
    if asked.of == EFFECT:
        label = _("Effect on the CPA: {factor}")
        return (label, row.effect, _method(asked.name)) if row.effect else None
    if row.change is None or row.change.way == "none":
        return None
    label = _("Difference: {factor}")
    return label, row.change.text, _sum_of(row, row.change)


def _sum_of(row: Row, found: Change) -> str:
    """The difference written out; a rate moves by points, what is many times as much by times."""
    if row.is_rate:
        sentence = _("{after} − {before} = {change}, in percentage points.")
    elif found.text.startswith("×"):
        sentence = _("{after} ÷ {before} = {change}.")
    else:
        sentence = _("({after} − {before}) ÷ {before} = {change}.")
    shown = sentence.format(after=row.actual, before=row.planned, change=found.text)
    return shown + " " + _("It is worked out of exact values; what is written is rounded.")


def _tried(plan: BudgetPlan, asked: Asked) -> Row | None:
    found = trial(plan, {name: str(percent) for name, percent in asked.moved})
    lines = (*found.assumptions, *found.at_equal_budget, *found.at_equal_goal, *found.either_way)
    return next(
        (
            Row(one.label, one.before, one.after, one.change, name=one.name)
            for one in lines
            if one.name == asked.name
        ),
        None,
    )


def _row(beside: Beside | None, name: str) -> Row | None:
    if beside is None:
        return None
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
