"""The funnel: from a view to a sale, with the rate of all views and that of the step before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from regie.domain.metrics.catalog import metrics
from regie.domain.metrics.query import Answer, Query
from regie.ui import figures
from regie.web.report.asked import Asked
from regie.web.report.state import MayAnswer, ReportState

STEPS = ("impressions", "clicks", "visits", "leads_received", "orders")


@dataclass(frozen=True)
class Step:
    """``of_views`` and ``of_step`` are dashes where the figure before is unknown."""

    label: str
    value: str
    of_views: str
    of_step: str
    share: float
    explained: str
    why_of_views: str = ""
    why_of_step: str = ""


def funnel(state: ReportState, ask: MayAnswer) -> list[Step]:
    """Empty where fewer than two steps are known: a funnel of one step says nothing."""
    answer = ask(Query(STEPS, period=state.period, where=state.where, currency=state.money))
    known = [(name, value) for name in STEPS if (value := _value(answer, name)) is not None]
    return steps(state, known) if len(known) > 1 else []


def steps(state: ReportState, known: Sequence[tuple[str, Decimal]]) -> list[Step]:
    found: list[Step] = []
    first, views = known[0]
    last, before = "", None
    for name, value in known:
        found.append(
            Step(
                label=_(metrics()[name].label),
                value=figures.exact(value, "count"),
                of_views=_rate(value, views) if before is not None else "",
                of_step=_rate(value, before) if before is not None else "",
                share=min(1.0, float(value / views)) if views else 0.0,
                explained=Asked(state, name).address(),
                why_of_views=Asked(state, name, other=first).address() if last else "",
                why_of_step=Asked(state, name, other=last).address() if last else "",
            )
        )
        last, before = name, value
    return found


def _value(answer: Answer | None, name: str) -> Decimal | None:
    value: Any = answer.totals.get(name) if answer else None
    return None if value is None else Decimal(value)


def _rate(value: Decimal, base: Decimal | None) -> str:
    return figures.percent(value / base, digits=2) if base else figures.MISSING
