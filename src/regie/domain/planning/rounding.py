"""The one place where planned values lose digits, the way pages write them (half to even)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor


def whole_up(value: Fraction) -> int:
    """Visits and impressions: a part of one must be bought whole."""
    return ceil(value)


def whole(value: Fraction) -> int:
    return round(value)


def money(value: Fraction, digits: int = 2) -> Decimal:
    """``value`` in the smallest unit of its currency."""
    return Decimal(round(value * 10**digits)).scaleb(-digits)


def share_out(parts: Sequence[Fraction], total: Decimal, digits: int = 2) -> list[Decimal]:
    """``parts`` rounded so that they add up to ``total`` exactly (largest remainder).

    ``total`` may be off the exact sum by the rounding of its own two ends.
    """
    unit = 10**digits
    scaled = [part * unit for part in parts]
    units = [floor(part) for part in scaled]
    missing = int(total * unit) - sum(units)
    step = 1 if missing >= 0 else -1

    def most_due(place: int) -> tuple[Fraction, Fraction]:
        # An effect of exactly nothing stays nothing: size decides between equal remainders.
        return (step * (scaled[place] - units[place]), abs(scaled[place]))

    order = sorted(range(len(parts)), key=most_due, reverse=True)
    for turn in range(abs(missing)):
        units[order[turn % len(order)]] += step
    return [Decimal(one).scaleb(-digits) for one in units]
