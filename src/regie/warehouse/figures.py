"""What the statements of one question found: sums, kept row by row and given column by column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

from regie.kernel.i18n import Sentence

Key = tuple[Any, ...]
RowKey = tuple[Key, str]  # what tells rows apart, and their currency
Names = tuple[str, ...]


class Unconverted:
    """Stands for an amount of which some could not be converted."""


@dataclass
class Figures:
    """Sums by dimension values and currency, and their totals by currency.

    ``parts`` holds for each set of sums, which are those of one fact, its values by row.
    """

    parts: dict[Names, dict[RowKey, Sequence[Any]]] = field(default_factory=dict)
    totals: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: list[Sentence] = field(default_factory=list)
    stand_ins: Mapping[str, str] = field(default_factory=dict)  # sum to what answers in its place
    whole_periods: bool = False
    is_lossy: bool = False  # some amounts could not be converted
    partial: bool = False  # keywords or search terms answer for their account
    windows: Sequence[str] = ()  # attribution windows of the claims
    one_sided: Mapping[str, Sequence[str]] = field(default_factory=dict)  # ratio to platforms

    def add_total(self, currency: str, names: Names, values: Sequence[Any]) -> None:
        known = self.totals.setdefault(currency, {})
        before = [known.get(name) for name in names]
        known |= zip(names, added(before, values), strict=True)

    def add_rows(self, names: Names, rows: Iterable[tuple[RowKey, Sequence[Any]]]) -> None:
        """Rows of one statement: none of them comes twice, but another may have given it."""
        known = self.parts.setdefault(names, {})
        if not known:
            known.update(rows)
            return
        for key, values in rows:
            known[key] = added(known[key], values) if key in known else values

    def has_lost_amounts(self) -> bool:
        return any(isinstance(v, Unconverted) for t in self.totals.values() for v in t.values())

    def fill_in(self, stand_ins: Mapping[str, str]) -> None:
        self.stand_ins = stand_ins
        for values in self.totals.values():
            values |= {name: values.get(other) for name, other in stand_ins.items()}

    def by_row(self, only: str | None) -> tuple[list[RowKey], dict[str, list[Any]]]:
        """All rows, and the column of each sum. ``only`` is the currency of rows without one."""
        parts = {names: _in_currency(rows, only) for names, rows in self.parts.items()}
        keys = list(dict.fromkeys(key for rows in parts.values() for key in rows))
        columns: dict[str, list[Any]] = {}
        for names, rows in parts.items():
            nothing = (None,) * len(names)
            alone = len(parts) == 1
            columns |= _columns(
                names, rows.values() if alone else map(rows.get, keys, repeat(nothing))
            )
        return keys, self._known(columns)

    def by_total(self, only: str | None) -> tuple[list[RowKey], dict[str, list[Any]]]:
        """The totals as rows: one for each currency."""
        names = tuple(dict.fromkeys(name for values in self.totals.values() for name in values))
        rows: dict[RowKey, Sequence[Any]] = {
            ((), currency): tuple(values.get(name) for name in names)
            for currency, values in self.totals.items()
        }
        rows = _in_currency(rows, only)
        return list(rows), self._known(_columns(names, rows.values()))

    def _known(self, columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
        """Without what could not be converted whole; what stands in is there."""
        if self.is_lossy:
            columns = {
                name: [None if isinstance(value, Unconverted) else value for value in values]
                for name, values in columns.items()
            }
        return columns | {
            name: columns[other] for name, other in self.stand_ins.items() if other in columns
        }


def _columns(names: Names, rows: Iterable[Sequence[Any]]) -> dict[str, list[Any]]:
    columns = list(map(list, zip(*rows, strict=True))) or [[] for _name in names]
    return dict(zip(names, columns, strict=True))


def _in_currency(
    rows: dict[RowKey, Sequence[Any]], only: str | None
) -> dict[RowKey, Sequence[Any]]:
    """With one currency in all, what has none belongs to it."""
    if only is None or all(currency == only for _key, currency in rows):
        return rows
    found: dict[RowKey, Sequence[Any]] = {}
    for (key, currency), values in rows.items():
        place = (key, currency or only)
        found[place] = added(found[place], values) if place in found else values
    return found


def added(one: Sequence[Any], other: Sequence[Any]) -> list[Any]:
    """Both, sum by sum: nothing is added to what is missing, and what is lost stays lost."""
    return [
        b if a is None or isinstance(b, Unconverted)
        else a if b is None or isinstance(a, Unconverted)
        else a + b
        for a, b in zip(one, other, strict=True)
    ]  # fmt: skip
