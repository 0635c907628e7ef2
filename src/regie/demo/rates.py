"""Invented but plausible exchange rates, one a day and pair, both ways."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from regie.demo.seasons import Calendar
from regie.demo.seed import stream

SOURCE = "demo"
_START = {"CHF": 0.94, "USD": 1.09}
_PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of ``base`` is worth ``rate`` units of ``quote`` on ``day``."""

    day: date
    base: str
    quote: str
    rate: Decimal


def draw_rates(calendar: Calendar, seed: int) -> list[Rate]:
    """Rates between the euro and the other currencies of the network, every day."""
    chance = stream(seed, "rates")
    level = dict(_START)
    rates = []
    for day in calendar.days:
        for currency in sorted(level):
            # A short random walk, pulled back to where it began.
            level[currency] += chance.gauss(0, 0.002) + 0.02 * (_START[currency] - level[currency])
            rate = Decimal(str(level[currency])).quantize(_PLACES)
            rates.append(Rate(day, "EUR", currency, rate))
            rates.append(Rate(day, currency, "EUR", (1 / rate).quantize(_PLACES)))
    return rates
