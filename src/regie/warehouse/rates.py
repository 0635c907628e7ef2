"""What other currencies were worth in the asked one, day by day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from regie.warehouse.views import Session

HOLDS_DAYS = 10  # a weekend or a holiday has no rate of its own
_ALWAYS = (date.min, date.max, Decimal("1.000000000000"))

Span = tuple[date, date, Decimal]  # the rate, from a day to the day before another


@dataclass(frozen=True)
class Rates:
    """``(currency, day, rate)`` into the asked currency, which itself is always worth one.

    A rate holds until the next, ten days at most.
    """

    to: str
    rates: Sequence[tuple[str, date, Decimal]]

    @property
    def currencies(self) -> frozenset[str]:
        return frozenset(self._spans)

    def worth(self, currency: str, day: date) -> Decimal | None:
        """What one of ``currency`` was worth, to twelve decimals; None where that is not known."""
        spans = self._spans.get(currency, ())
        place = bisect_right(spans, day, key=lambda span: span[0]) - 1
        if place < 0 or day >= spans[place][1]:
            return None
        return spans[place][2]

    def table(self, session: Session) -> str:
        """The same as a table: currency, day, until, rate."""
        types = {"currency": "VARCHAR", "day": "DATE", "until": "DATE", "rate": "DECIMAL(18,12)"}
        columns = ", ".join(
            f"CAST(unnest(string_split(?, ',')) AS {type_}) AS {name}"
            for name, type_ in types.items()
        )
        # One text for each column: hundreds of bound values, or of rows in SQL, take far longer.
        return session.keep(
            self._name,
            f"SELECT {columns}",
            lambda: list(map(",".join, zip(*self._rows(), strict=True))),
        )

    @cached_property
    def _name(self) -> str:
        return f"rates_{self.to}_{hash(tuple(self.rates)) & 0xFFFFFFFFFFFF:x}".lower()

    @cached_property
    def _spans(self) -> Mapping[str, Sequence[Span]]:
        by_currency: dict[str, list[tuple[date, Decimal]]] = {}
        for currency, day, rate in self.rates:
            if currency != self.to:
                by_currency.setdefault(currency, []).append((day, rate))
        found: dict[str, Sequence[Span]] = {self.to: [_ALWAYS]}
        for currency, days in by_currency.items():
            days.sort()
            untils = [*(day for day, _rate in days[1:]), date.max]
            found[currency] = [
                (day, min(until, day + timedelta(days=HOLDS_DAYS)), Decimal(f"{rate:.12f}"))
                for (day, rate), until in zip(days, untils, strict=True)
            ]
        return found

    def _rows(self) -> list[tuple[str, str, str, str]]:
        return [
            (currency, day.isoformat(), until.isoformat(), f"{rate:f}")
            for currency, spans in self._spans.items()
            for day, until, rate in spans
        ]
