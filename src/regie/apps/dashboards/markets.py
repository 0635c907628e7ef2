"""Reads about the sizes of markets, in the current context, and the share reckoned from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from regie.apps.dashboards.models import MarketSize as Record
from regie.apps.organisations.models import Organisation
from regie.domain.markets import OWN, SALES, MarketSize, Part, covers, parts_of
from regie.domain.metrics.query import Answer, Query
from regie.kernel.errors import NotFound, RegieError
from regie.kernel.fiscal import PLAIN, Calendar
from regie.kernel.i18n import _
from regie.kernel.money import plain
from regie.kernel.periods import Period


@dataclass(frozen=True)
class MarketCard:
    id: int
    size: MarketSize
    is_removed: bool
    can_take_back: bool


@dataclass(frozen=True)
class Share:
    """``own`` over ``whole`` in ``days``; each None where it is not known.

    ``whole`` is the sum of ``parts``, and None where they leave a day out or mix currencies.
    """

    measure: str
    days: Period
    own: Decimal | None
    whole: Decimal | None
    parts: Sequence[Part]
    currency: str

    @property
    def value(self) -> Decimal | None:
        return None if self.own is None or not self.whole else self.own / self.whole


def markets_of(organisation: Organisation) -> list[MarketCard]:
    """Those in force, the latest days first."""
    found = Record.objects.filter(organisation=organisation, removed_at=None)
    return [_card(one) for one in found.order_by("-starts_on", "-pk")]


def sizes_of(organisation: Organisation | None) -> list[MarketSize]:
    return [] if organisation is None else [one.size for one in markets_of(organisation)]


def market_card(market_id: int) -> MarketCard:
    """Raises ``NotFound`` where there is none, or none that may be seen."""
    record = Record.objects.filter(pk=market_id).first()
    if record is None:
        raise NotFound(_("There is no such market."))
    return _card(record)


def share(
    name: str, days: Period, sizes: Sequence[MarketSize], ask: Callable[[Query], Answer]
) -> Share:
    """The share of the market ``name`` in ``days``, with both sums that it is made of."""
    measure = OWN[name]
    parts = parts_of(sizes, measure, days)
    currencies = {one.size.currency for one in parts}
    currency = min(currencies) if len(currencies) == 1 else ""
    is_known = covers(parts, days) and len(currencies) == 1
    whole = sum((one.amount for one in parts), Decimal(0)) if is_known else None
    own = None if measure == SALES and not currency else _own(measure, days, currency, ask)
    return Share(measure, days, own, whole, parts, currency)


def shares(
    days: Period, sizes: Sequence[MarketSize], ask: Callable[[Query], Answer]
) -> list[tuple[str, Share]]:
    """Each share of which a size speaks of some of ``days``."""
    found = [(name, share(name, days, sizes, ask)) for name in OWN]
    return [(name, one) for name, one in found if one.parts]


def market_steps(
    name: str,
    days: Period,
    grain: str,
    sizes: Sequence[MarketSize],
    ask: Callable[[Query], Answer],
    calendar: Calendar = PLAIN,
) -> list[Share]:
    """The share of each step of ``grain`` that ``days`` touch, of those days alone."""
    measure = OWN[name]
    whole = [calendar.step(day, grain) for day in calendar.steps(days, grain)]
    cut = [Period(max(one.start, days.start), min(one.end, days.end)) for one in whole]
    currencies = {one.size.currency for one in parts_of(sizes, measure, days)}
    asked = Query((measure,), by=(grain,), period=days, calendar=calendar)
    own = {code: _own_by(replace(asked, currency=code or "EUR"), ask) for code in currencies}
    return [
        replace(found, own=own.get(found.currency, {}).get(step.start))
        for step, part in zip(whole, cut, strict=True)
        for found in [share(name, part, sizes, _nothing)]
    ]


def shares_by(
    days: Period,
    grain: str,
    sizes: Sequence[MarketSize],
    ask: Callable[[Query], Answer],
    calendar: Calendar = PLAIN,
) -> list[tuple[str, Share]]:
    """As ``shares``, of each step of ``grain`` in its order; without one, of all ``days``."""
    found = shares(days, sizes, ask)
    if not grain:
        return found
    return [
        (name, one)
        for name, _whole in found
        for one in market_steps(name, days, grain, sizes, ask, calendar)
    ]


def written_share(name: str, found: Share) -> dict[str, Any]:
    """Exact text, for the command, the API and the export; what is not known is None."""
    return {
        "share": name,
        "period": str(found.days),
        "own": _text(found.own),
        "market": _text(found.whole),
        "value": _text(found.value),
        "currency": found.currency,
        "sizes": [
            {
                "period": str(part.size.period),
                "size": plain(part.size.amount),
                "counted": plain(part.amount),
                "source": part.size.source,
                "published_on": str(part.size.published_on),
            }
            for part in found.parts
        ],
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _own(
    measure: str, days: Period, currency: str, ask: Callable[[Query], Answer]
) -> Decimal | None:
    try:
        value = ask(Query((measure,), period=days, currency=currency or "EUR")).totals.get(measure)
    except RegieError:
        return None
    return None if value is None else Decimal(value)


def _own_by(asked: Query, ask: Callable[[Query], Answer]) -> dict[date, Decimal]:
    """One's own of each step, by its first day, in one question."""
    (measure,), (grain,) = asked.metrics, asked.by
    try:
        rows = ask(asked).rows
    except RegieError:
        return {}
    found = {_first_day(row[grain]): row[measure] for row in rows}
    return {day: Decimal(value) for day, value in found.items() if value is not None}


def _first_day(value: Any) -> date:
    if isinstance(value, date):
        return value
    text = str(value)
    return date.fromisoformat(f"{text}-01" if len(text) == len("2026-09") else text)


def _nothing(_query: Query) -> Answer:
    """Where one's own is known already."""
    raise NotFound(_("No figure for this period."))


def _card(record: Record) -> MarketCard:
    return MarketCard(
        id=record.pk,
        size=MarketSize(
            measure=record.measure,
            period=Period(record.starts_on, record.ends_on),
            amount=record.amount,
            currency=record.currency,
            source=record.source,
            published_on=record.published_on,
        ),
        is_removed=record.removed_at is not None,
        can_take_back=record.removed_at is not None or bool(record.before),
    )
