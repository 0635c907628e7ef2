"""Attribution: who earned the conversions that were measured, by every model."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from ninja import Field, Router, Schema

from regie.api.problems import PROBLEMS, Problem
from regie.api.shapes import Asking
from regie.api.speaking import Call, allows
from regie.apps.attribution import selectors
from regie.domain.attribution.models import chosen
from regie.domain.attribution.questions import read_question
from regie.kernel import clock
from regie.kernel.periods import Period

router = Router(tags=["Attribution"])


class AttributionQuestion(Asking):
    """As ``regie attribution`` asks it; spans are written 30d, 12h, 2w.

    ``conversion`` is order, lead, call, redemption, or ``event:`` and the name of an event of your
    own.
    """

    first_day: date | None = None
    last_day: date | None = None
    unit: str = Field(default="channel", max_length=20)
    conversion: str = Field(default="order", max_length=46)
    models: list[str] = Field(default=[], max_length=20, examples=[["last_touch", "markov"]])
    lookback: str = Field(default="30d", max_length=12)
    lag: str = Field(default="", max_length=12)
    dated_by: str = Field(default="sale", max_length=10)
    exclude_direct: bool = False
    order: int = 1
    intervals: bool = False
    probable: bool = False
    currency: str = Field(default="", max_length=3)


class Credits(Schema):
    """Amounts are exact decimals as text; missing is null, never 0."""

    period: str
    unit: str
    conversion: str
    currency: str
    lookback_days: float
    dated_by: str
    rows: list[dict[str, Any]]
    rests_on: dict[str, Any]
    received_by_report: str | None
    received_value_by_report: str | None
    median_days_to_conversion: float | None
    transitions: list[dict[str, Any]]
    declared: list[dict[str, Any]]
    shops: dict[str, Any] | None
    revised_months: list[dict[str, Any]]


@router.post("/attribution", response={200: Credits, PROBLEMS: Problem})
@allows("figures:read")
def attribution(request: Call, asked: AttributionQuestion) -> dict[str, Any]:
    """The same answer as the page and the command; without days, of the last thirty."""
    end = asked.last_day or clock.today() - timedelta(days=1)
    question = read_question(
        period=Period(asked.first_day or end - timedelta(days=29), end), unit=asked.unit,
        kind=asked.conversion, currency=asked.currency.upper() or request.organisation.currency,
        lookback=asked.lookback, lag=asked.lag, basis=asked.dated_by,
        exclude_direct=asked.exclude_direct, order=asked.order, intervals=asked.intervals,
        probable=asked.probable,
    )  # fmt: skip
    models = tuple(one.name for one in chosen(asked.models or "all"))
    found = selectors.attribution(question, request.scope)
    units = list(found.units)
    return selectors.document(
        found, selectors.beside(question, request.scope, units),
        selectors.unit_names(question.unit, units), models,
        selectors.revised(question, request.scope), selectors.told(question, request.scope),
        selectors.both_ways(question, request.scope),
    )  # fmt: skip
