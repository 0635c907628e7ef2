"""What others, and we ourselves, have seen: dated and sourced values to lay beside a hope.

The published ones are rows of ``benchmarks.csv``; one's own come from measured figures.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from importlib.resources import files

LOWER_IS_HOPEFUL = frozenset({"cpm"})


class Kind(Enum):
    """EXAMPLE: a source reckons with it. HIGH: a source calls it above average. OWN: measured."""

    EXAMPLE = "example"
    HIGH = "high"
    OWN = "own"


@dataclass(frozen=True)
class Benchmark:
    """``dated`` is when the source was published (None: it does not say), ``noted`` when read."""

    field: str
    kind: Kind
    value: Decimal
    currency: str
    titles: dict[str, str]
    dated: date | None
    noted: date

    def is_passed_by(self, value: Decimal) -> bool:
        """Whether ``value`` is more hopeful than this."""
        if self.kind is Kind.HIGH:
            return value >= self.value
        return value < self.value if self.field in LOWER_IS_HOPEFUL else value > self.value


@cache
def published() -> tuple[Benchmark, ...]:
    text = files(__package__).joinpath("benchmarks.csv").read_text(encoding="utf-8")
    return tuple(
        Benchmark(
            field=row["field"],
            kind=Kind(row["kind"]),
            value=Decimal(row["value"]),
            currency=row["currency"],
            titles={"en": row["title_en"], "fr": row["title_fr"]},
            dated=date.fromisoformat(row["dated"]) if row["dated"] else None,
            noted=date.fromisoformat(row["noted"]),
        )
        for row in csv.DictReader(text.splitlines())
    )


def beside(field: str, currency: str, own: Iterable[Benchmark] = ()) -> list[Benchmark]:
    """What can be laid beside ``field``: one's own first, prices only in the same currency."""
    return [
        one for one in (*own, *published()) if one.field == field and one.currency in {"", currency}
    ]


def optimism(
    field: str, value: Decimal, currency: str, own: Iterable[Benchmark] = ()
) -> list[Benchmark]:
    """The benchmarks that ``value`` is more hopeful than."""
    return [one for one in beside(field, currency, own) if one.is_passed_by(value)]
