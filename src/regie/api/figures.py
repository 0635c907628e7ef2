"""Figures: what can be asked, and the answer, exact to the last decimal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext
from ninja import Field, Router, Schema

from regie.api.problems import PROBLEMS, Problem
from regie.api.shapes import Asking
from regie.api.speaking import Call, allows
from regie.apps.dashboards import selectors
from regie.domain.metrics.catalog import metrics
from regie.domain.metrics.dimensions import DIMENSIONS
from regie.domain.metrics.planning import parse
from regie.domain.metrics.written import document
from regie.kernel.periods import Period

router = Router(tags=["Figures"])


class Named(Schema):
    name: str
    label: str
    definition: str = ""
    unit: str = ""


class Vocabulary(Schema):
    metrics: list[Named]
    dimensions: list[Named]


class Question(Asking):
    """As ``regie query`` asks it."""

    metrics: list[str] = Field(min_length=1, max_length=50, examples=[["spend", "clicks"]])
    by: list[str] = Field(default=[], max_length=8, examples=[["platform"]])
    first_day: date | None = None
    last_day: date | None = None
    where: list[str] = Field(default=[], max_length=20, examples=[["platform=google_ads"]])
    currency: str = Field(default="", max_length=3)
    order_by: str = ""
    limit: int = Field(default=0, ge=0, le=100_000)
    compare: str = Field(
        default="",
        examples=["previous"],
        description="`previous`, `year`, `weekdays`, `fiscal_year` or days (`A..B`): rows and "
        "totals then have four figures of each metric: it, `<metric>_before`, "
        "`<metric>_difference` in its own unit (of a rate 0.01 is one point) and "
        "`<metric>_change`, the part of what it was (0.1 is ten percent more). The last two are "
        "null where either period has no figure, the change also where it was zero.",
    )
    model: str = Field(default="", max_length=40)
    lookback: str = Field(default="", max_length=12)
    lag: str = Field(default="", max_length=12)


class Figures(Schema):
    """Amounts and rates are exact decimals as text; missing is null, never 0."""

    metrics: list[str]
    by: list[str]
    rows: list[dict[str, Any]]
    totals: dict[str, Any]
    currency: str | None
    freshness: list[dict[str, Any]]
    notes: list[str]
    provisional_from: str | None
    compared_with: str | None


@router.get("/vocabulary", response={200: Vocabulary, PROBLEMS: Problem})
@allows("figures:read")
def vocabulary(request: Call) -> dict[str, Any]:
    """The names of all metrics and dimensions."""
    return {
        "metrics": [
            Named(
                name=one.name, label=gettext(one.label), definition=gettext(one.description),
                unit=one.unit.value,
            )
            for one in metrics().values()
        ],
        "dimensions": [
            Named(name=name, label=gettext(one.label)) for name, one in DIMENSIONS.items()
        ],
    }  # fmt: skip


@router.post("/query", response={200: Figures, PROBLEMS: Problem})
@allows("figures:read")
def query(request: Call, asked: Question) -> dict[str, Any]:
    """The same answer as the report, the command and Python."""
    question = parse(
        metrics=asked.metrics, by=asked.by, period=_period(asked), where=asked.where,
        currency=asked.currency, order_by=asked.order_by, limit=asked.limit,
        model=asked.model, lookback=asked.lookback, lag=asked.lag,
    )  # fmt: skip
    question = replace(question, calendar=request.organisation.calendar)
    if asked.compare:
        return document(selectors.compared(question, request.scope, asked.compare))
    return document(selectors.answer(question, request.scope))


def _period(asked: Question) -> Period | None:
    if asked.first_day is None and asked.last_day is None:
        return None
    return Period(asked.first_day or date(1, 1, 1), asked.last_day or date(9999, 12, 31))
