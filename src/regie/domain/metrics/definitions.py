"""What a metric is: a sum over a fact, a ratio of sums, or a figure that cannot be added up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    MONEY = "money"
    COUNT = "count"
    SHARE = "share"  # a fraction, shown in percent
    FACTOR = "factor"  # 4.0 means four for one
    NUMBER = "number"
    SECONDS = "seconds"  # shown in minutes and hours


@dataclass(frozen=True)
class Metric:
    """What all kinds share. ``better`` is "higher", "lower" or "neither"."""

    name: str
    label: str
    unit: Unit
    description: str
    better: str = "higher"


@dataclass(frozen=True)
class Sum(Metric):
    """Adds up ``column`` of ``fact``.

    ``only`` restricts the rows (SQL over the fact's columns); those of them that ``counts`` leaves
    out add nothing, where the others would be unknown. ``claimed`` says that platforms
    report it about themselves. ``otherwise`` names the metric that answers where this one has no
    row at all; the two are never added. ``hidden`` ones serve ratios only. ``only_by`` names the
    dimension that ``only`` reads, where figures of whole periods may know it too. It is withheld
    where there are fewer than ``least`` of ``among``, a sum of the same fact.
    """

    fact: str = ""
    column: str = ""
    only: str = ""
    counts: str = ""
    claimed: bool = False
    otherwise: str = ""
    hidden: bool = False
    only_by: str = ""
    among: str = ""
    least: int = 0

    @property
    def added(self) -> str:
        """What a row adds, in SQL."""
        if not self.counts:
            return self.column
        return f"CASE WHEN {self.counts} THEN {self.column} ELSE 0 END"


@dataclass(frozen=True)
class Ratio(Metric):
    """``scale`` times a sum over a sum; empty when nothing divides.

    With ``complement`` it is what is missing to one: a bounce is a visit that was not completed.
    """

    numerator: str = ""
    denominator: str = ""
    scale: int = 1
    complement: bool = False


@dataclass(frozen=True)
class NonAdditive(Metric):
    """A figure of its own rows only (people reached, shares): it refuses to be added up."""


def money(metric: Metric) -> bool:
    return metric.unit is Unit.MONEY
