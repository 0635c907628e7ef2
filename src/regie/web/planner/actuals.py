"""What one's own figures say to a plan: rates and prices measured lately, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regie.apps.access.selectors import scope_of
from regie.apps.dashboards import selectors as dashboards
from regie.apps.organisations import selectors as organisations
from regie.apps.organisations.models import Organisation
from regie.domain.metrics.query import Filter, Query
from regie.domain.planning.benchmarks import Benchmark, Kind
from regie.domain.planning.gap import Actual
from regie.kernel.errors import RegieError
from regie.kernel.i18n import Sentence
from regie.kernel.periods import Period
from regie.kernel.scope import Scope
from regie.ui import figures
from regie.web.planner.words import exact

MEASURED_DAYS = 90
FEW = 30
MOST_NAMES = 100
PLACES = {"click_rate": Decimal("0.0001"), "conversion_rate": Decimal("0.0001"),
          "cpm": Decimal("0.01")}  # fmt: skip


@dataclass(frozen=True)
class Happened:
    actual: Actual
    notes: tuple[Sentence, ...]
    provisional_from: date | None


def scope_for(organisation: Organisation) -> Scope:
    """The plan's organisation and those below it, whatever one acts for at the moment."""
    return scope_of(organisations.branch_of(organisation))


def happened(
    scope: Scope, *, spending: Period, selling: Period, currency: str, campaign: str = ""
) -> Happened:
    """Delivery of ``spending``, and the orders of ``selling`` (later where the plan has a lag)."""
    where = (Filter("campaign", (campaign,)),) if campaign else ()
    delivery = dashboards.answer(
        Query(("impressions", "clicks", "spend"), period=spending, where=where, currency=currency),
        scope,
    )
    orders = dashboards.answer(Query(("orders",), period=selling, where=where), scope)
    total = delivery.totals
    return Happened(
        Actual(
            impressions=total.get("impressions"),
            clicks=total.get("clicks"),
            sales=orders.totals.get("orders"),
            spend=_amount(total.get("spend"), currency),
        ),
        tuple(dict.fromkeys([*delivery.notes, *orders.notes])),
        delivery.provisional_from,
    )


def campaigns(scope: Scope, *, today: date) -> list[str]:
    """Names of the campaigns that were shown lately, the most shown first."""
    asked = Query(
        ("impressions",), by=("campaign",), period=lately(today), order_by="-impressions",
        limit=MOST_NAMES,
    )  # fmt: skip
    rows = dashboards.answer(asked, scope).rows
    return list(dict.fromkeys(row["campaign_label"] for row in rows if row.get("campaign_label")))


def lately(today: date) -> Period:
    return Period(today - timedelta(days=MEASURED_DAYS), today - timedelta(days=1))


def _amount(value: Any, currency: str) -> Decimal | None:
    found = value.get(currency) if isinstance(value, dict) else value
    return None if found is None else Decimal(found)


def measured(scope: Scope, *, today: date, currency: str) -> list[Benchmark]:
    """One's own rates and price of the last days, as benchmarks; what is not known is left out."""
    period = lately(today)
    try:
        actual = happened(scope, spending=period, selling=period, currency=currency).actual
    except RegieError:
        return []
    days = figures.days(period.start, period.end)
    known = {
        "click_rate": actual.click_rate,
        "conversion_rate": actual.conversion_rate,
        "cpm": actual.cpm,
    }
    return [
        Benchmark(
            field=name,
            kind=Kind.OWN,
            value=_cautious(name, value),
            currency=currency if name == "cpm" else "",
            titles={(get_language() or "en")[:2]: _title(name, actual, days)},
            dated=period.end,
            noted=today,
        )
        for name, value in known.items()
        if value is not None and _is_usable(name, value)
    ]


def _title(name: str, actual: Actual, days: str) -> str:
    """A rate keeps its numerator, its denominator and its days; a small sample says so."""
    said = {
        "days": days,
        "impressions": figures.exact(actual.impressions, "count"),
        "clicks": figures.exact(actual.clicks, "count"),
        "sales": figures.exact(actual.sales, "count"),
    }
    if name == "cpm":
        return _("your own figures, {impressions} impressions, {days}").format(**said)
    counted, sentence = {
        "click_rate": (
            actual.clicks,
            _("your own figures, {clicks} clicks of {impressions} impressions, {days}"),
        ),
        "conversion_rate": (
            actual.sales,
            _("your own figures, {sales} sales of {clicks} clicks, {days}"),
        ),
    }[name]
    title = sentence.format(**said)
    if counted is not None and counted < FEW:
        return _("{source} (a small sample)").format(source=title)
    return title


def _is_usable(name: str, value: Fraction) -> bool:
    # More sales than clicks: most of them came from elsewhere, and no rate can be drawn.
    return value > 0 and (name == "cpm" or value <= 1)


def _cautious(name: str, value: Fraction) -> Decimal:
    """Rounded to what a person would type, towards the less hopeful side where it can be."""
    way = ROUND_UP if name == "cpm" else ROUND_DOWN
    rounded = exact(value).quantize(PLACES[name], rounding=way)
    return rounded or PLACES[name]
