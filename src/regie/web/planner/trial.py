"""What the sliders show: the plan, other assumptions, and what they would do to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from regie.domain.planning.funnel import Assumptions, Forecast
from regie.domain.planning.plan import BudgetPlan
from regie.domain.planning.what_if import ASSUMPTIONS, WhatIf, what_if
from regie.ui import figures
from regie.ui.changes import Change, change
from regie.web.planner import words

# A slider moves an assumption from half to double of what the plan says, in percent.
LEAST, MOST = -50, 100
BETTER = {"cpm": "lower", "cpa": "lower", "budget": "lower"}


@dataclass(frozen=True)
class Compared:
    """One line of a table of two plans."""

    label: str
    before: str
    after: str
    change: Change
    name: str = ""
    at: str = "goal"  # which of the two the trial keeps


@dataclass(frozen=True)
class Slider:
    name: str
    label: str
    value: int
    written: str  # the assumption where the slider stands


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
    said: str  # where the sliders stand, as an address says it


def trial(plan: BudgetPlan, asked: Mapping[str, str]) -> Trial:
    """Positions out of reach are brought back to the end of the slider."""
    moved = positions(asked)
    base = plan.forecast()
    other = plan.assumptions.changed(
        **{name: Decimal(percent) / 100 for name, percent in moved.items()}
    )
    found = what_if(base, other)
    code = plan.currency
    return Trial(
        sliders=tuple(
            Slider(
                name, words.label(name), moved[name],
                words.assumption(name, getattr(other, name), code),
            )
            for name in ASSUMPTIONS
        ),
        assumptions=tuple(_moved(name, plan.assumptions, other, code) for name in ASSUMPTIONS),
        at_equal_budget=(_counted(_("Sales"), base, found.at_equal_budget, "sales", code),),
        at_equal_goal=(_counted(_("Budget"), base, found.at_equal_goal, "budget", code),),
        either_way=(
            _counted(_("Cost per acquisition (CPA)"), base, found.at_equal_goal, "cpa", code),
        ),
        sentence=_trial_sentence(found, code),
        is_moved=any(moved.values()),
        said=urlencode({name: percent for name, percent in moved.items() if percent}),
    )  # fmt: skip


def positions(asked: Mapping[str, str]) -> dict[str, int]:
    """Where each slider stands, in percent of what the plan says."""
    return {name: _position(asked.get(name, "")) for name in ASSUMPTIONS}


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
        name,
    )


def _counted(label: str, before: Forecast, after: Forecast, name: str, code: str) -> Compared:
    """What is written is rounded; what is compared is not, or a CPA of cents would jump."""
    unit = "count" if name == "sales" else "money"
    better = BETTER.get(name, "higher")
    return Compared(
        label,
        figures.exact(getattr(before.shown(code), name), unit, code),
        figures.exact(getattr(after.shown(code), name), unit, code),
        change(
            _decimal(getattr(after, name)), _decimal(getattr(before, name)),
            unit=unit, better=better, currency=code,
        ),
        name,
        "budget" if name == "sales" else "goal",
    )  # fmt: skip


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


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
