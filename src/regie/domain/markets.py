"""The size of a market, noted by a person with its source, and one's own share of it.

A share is own sales over what the whole market sold in the same days: a sum over a sum. Days for
which no size is noted leave it unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from regie.domain.metrics.catalog import metric
from regie.domain.metrics.definitions import Metric, Unit
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _
from regie.kernel.money import is_currency
from regie.kernel.periods import Period

LONGEST_SOURCE = 200
SALES, ORDERS = "revenue", "orders"
MEASURES = {SALES: _("Money"), ORDERS: _("Orders")}
# Each share by the figure of one's own that it divides.
OWN = {"market_share": SALES, "market_share_orders": ORDERS}
SHARES: dict[str, Metric] = {
    one.name: one
    for one in (
        Metric(
            "market_share", _("Market share, in sales"), Unit.SHARE,
            _("Own revenue divided by what the whole market sold in the same days, as noted "
              "with its source."),
        ),
        Metric(
            "market_share_orders", _("Market share, in orders"), Unit.SHARE,
            _("Own orders divided by those of the whole market in the same days, as noted with "
              "their source."),
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class MarketSize:
    """What the whole market sold in ``period``: money of ``currency``, or orders without one.

    ``published_on`` is the date of the figure, which ``source`` published.
    """

    measure: str
    period: Period
    amount: Decimal
    currency: str
    source: str
    published_on: date


@dataclass(frozen=True)
class Part:
    """What a noted size says of some of its ``days``, pro rata."""

    size: MarketSize
    days: Period
    amount: Decimal


def check(size: MarketSize) -> MarketSize:
    if size.measure not in MEASURES or is_currency(size.currency) != (size.measure == SALES):
        raise WrongUse(_("A market is counted in a currency or in orders."), code="counted_in")
    if size.amount <= 0:
        raise WrongUse(_("The size of a market is above zero."), code="amount")
    if not size.source.strip() or len(size.source) > LONGEST_SOURCE:
        raise WrongUse(_("Say who published it, in 200 letters at most."), code="source")
    return size


def is_share(name: str) -> bool:
    return name in SHARES


def figure(name: str) -> Metric:
    """The definition of what is aimed at: a share of the market, or a metric of the catalogue."""
    return SHARES[name] if name in SHARES else metric(name)


def parts_of(sizes: Iterable[MarketSize], measure: str, days: Period) -> list[Part]:
    """The noted sizes that speak of ``days``, by their days."""
    found = [one for one in sizes if one.measure == measure and one.period.overlaps(days)]
    return [_part(one, days) for one in sorted(found, key=lambda one: one.period.start)]


def _part(size: MarketSize, days: Period) -> Part:
    both = Period(max(size.period.start, days.start), min(size.period.end, days.end))
    return Part(size, both, size.amount * both.days / size.period.days)


def covers(parts: Iterable[Part], days: Period) -> bool:
    """Whether each of ``days`` is noted, once."""
    noted = [one.days.start.toordinal() + step for one in parts for step in range(one.days.days)]
    return len(noted) == len(set(noted)) == days.days
