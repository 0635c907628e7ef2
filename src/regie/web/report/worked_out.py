"""Figures that no metric has a name for: one sum over another, what it is beyond another, or what
it would be with another budget.

A step of the funnel over the views, claims beyond what was received, two ads at equal budget: each
is explained as any metric is, by its sums.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from regie.domain.metrics import ratios, versus
from regie.domain.metrics.catalog import metric, metrics
from regie.domain.metrics.definitions import Metric, Ratio, Unit
from regie.domain.metrics.query import Answer, Query
from regie.kernel.periods import Period
from regie.ui import figures

OVER, BEYOND = "over", "beyond"
WAYS = (OVER, BEYOND)
SOLD_LATER = "orders"  # what a lag moves: sales come that many days after what was spent for them


@dataclass(frozen=True)
class Difference(Metric):
    """What ``of`` is above ``less``; below it, a negative amount."""

    of: str = ""
    less: str = ""


@dataclass(frozen=True)
class AtBudget(Metric):
    """What ``of`` would have been with ``budget`` in place of what was spent, at the same pace."""

    of: str = ""
    budget: Decimal = Decimal(0)


def at_budget(name: str, budget: Decimal) -> AtBudget:
    one = metric(name)
    return AtBudget(
        f"{name} at {budget}",
        gettext("{metric} at equal budget").format(metric=gettext(one.label)),
        one.unit,
        gettext("What the budget of the first brings here at the same pace: a straight rule of "
                "three, and no promise."),
        better=one.better, of=name, budget=budget,
    )  # fmt: skip


def figure_of(name: str, other: str = "", way: str = OVER) -> Metric:
    """The metric itself, or what is worked out of two: one that has a name where there is one."""
    top = metric(name)
    if not other:
        return top
    bottom = metric(other)
    said = {"first": gettext(top.label), "second": gettext(bottom.label)}
    both = f"{name} {way} {other}"
    if way == BEYOND:
        return Difference(
            both, gettext("{first} beyond {second}").format(**said), top.unit,
            gettext("How much the first is above the second; the two are never added up."),
            better="neither", of=name, less=other,
        )  # fmt: skip
    for one in metrics().values():
        if isinstance(one, Ratio) and (one.numerator, one.denominator) == (name, other):
            return one
    unit = Unit.MONEY if top.unit is Unit.MONEY else Unit.SHARE
    return Ratio(
        both, gettext("{first} out of {second}").format(**said), unit,
        gettext("The first divided by the second: a sum over a sum."),
        better="lower" if unit is Unit.MONEY else "higher", numerator=name, denominator=other,
    )  # fmt: skip


def parts_of(wanted: Metric) -> tuple[str, ...]:
    if isinstance(wanted, Difference):
        return (wanted.of, wanted.less)
    if isinstance(wanted, AtBudget):
        return (wanted.of, "spend")
    return ratios.parts_of(wanted)


def value_of(wanted: Metric, totals: Mapping[str, Any]) -> Any:
    """As it was answered, or worked out of what was."""
    if wanted.name in totals:
        return totals[wanted.name]
    if isinstance(wanted, Difference):
        of, less = totals.get(wanted.of), totals.get(wanted.less)
        return None if of is None or less is None else Decimal(of) - Decimal(less)
    if isinstance(wanted, AtBudget):
        return versus.at_budget(totals.get(wanted.of), totals.get("spend"), wanted.budget)
    return ratios.value_of(wanted, totals)


def formula(wanted: Metric, currency: str = "") -> str:
    """How it is worked out, in the labels of its parts; empty for a plain sum."""
    labels = [gettext(metric(name).label) for name in parts_of(wanted)]
    if isinstance(wanted, Difference):
        return " − ".join(labels)
    if isinstance(wanted, AtBudget):
        return f"{' ÷ '.join(labels)} × {figures.exact(wanted.budget, 'money', currency)}"
    if not isinstance(wanted, Ratio):
        return ""
    text = " ÷ ".join(labels)
    if wanted.scale != 1:
        text = f"{text} × {figures.exact(wanted.scale, 'count')}"
    return f"1 − {text}" if wanted.complement else text


def questions(question: Query, wanted: Metric, lag: int = 0) -> list[Query]:
    """``question`` with the sums that its figure is worked out of: one for each run of days."""
    named = (wanted.name,) if wanted.name in question.metrics else ()
    names = tuple(dict.fromkeys((*named, *parts_of(wanted))))
    sold = later(question.period, lag)
    if sold == question.period:
        return [replace(question, metrics=names)]
    spent = tuple(name for name in names if name != SOLD_LATER)
    asked = [replace(question, metrics=spent)] if spent else []
    if SOLD_LATER in names:
        asked.append(replace(question, metrics=(SOLD_LATER,), period=sold))
    return asked


def later(period: Period | None, days: int) -> Period | None:
    if period is None or period.end > date.max - timedelta(days=days):
        return period
    return Period(period.start + timedelta(days=days), period.end + timedelta(days=days))


def together(answers: Sequence[Answer]) -> Answer:
    """The totals of several answers as those of one; none of them has rows."""
    first = answers[0]
    provisional = [one.provisional_from for one in answers if one.provisional_from is not None]
    return replace(
        first,
        totals={name: value for one in answers for name, value in one.totals.items()},
        notes=list({str(note): note for one in answers for note in one.notes}.values()),
        provisional_from=min(provisional, default=None),
    )
