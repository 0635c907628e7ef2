"""What the statements of one question found: sums, column by column, of facts side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress, repeat
from typing import Any

from regie.kernel.i18n import Sentence

Key = tuple[Any, ...]
RowKey = tuple[Key, str]  # what tells rows apart, and their currency
Names = tuple[str, ...]


class Unconverted:
    """Stands for an amount of which some could not be converted."""


@dataclass(frozen=True)
class Rows:
    """``keys`` and ``currencies`` tell rows apart, ``sums`` are theirs: all are columns."""

    keys: Sequence[Sequence[Any]]
    currencies: Sequence[str]
    sums: Sequence[Sequence[Any]]

    def __len__(self) -> int:
        return len(self.currencies)

    def only(self, chosen: list[bool]) -> Rows:
        count = chosen.count(True)
        # Most often what is left out comes last: the totals.
        at_head = all(chosen[:count])

        def of(column: Sequence[Any]) -> Sequence[Any]:
            return column[:count] if at_head else list(compress(column, chosen))

        return Rows([*map(of, self.keys)], of(self.currencies), [*map(of, self.sums)])

    def each(self) -> Iterator[tuple[RowKey, Sequence[Any]]]:
        keys = zip(*self.keys, strict=True) if self.keys else repeat((), len(self))
        sums = zip(*self.sums, strict=True)
        return zip(zip(keys, self.currencies, strict=True), sums, strict=True)


@dataclass
class Figures:
    """Sums by dimension values and currency, and their totals by currency.

    ``parts`` holds for each set of sums, which are those of one fact, its rows.
    """

    parts: dict[Names, Rows] = field(default_factory=dict)
    totals: dict[str, dict[str, Any]] = field(default_factory=dict)
    notes: list[Sentence] = field(default_factory=list)
    stand_ins: Mapping[str, str] = field(default_factory=dict)  # sum to what answers in its place
    whole_periods: bool = False
    is_lossy: bool = False  # some amounts could not be converted
    withholds: bool = False  # some figures are of too few people to be shown
    partial: bool = False  # keywords or search terms answer for their account
    windows: Sequence[str] = ()  # attribution windows of the claims
    one_sided: Mapping[str, Sequence[str]] = field(default_factory=dict)  # ratio to platforms

    def add_total(self, currency: str, names: Names, values: Sequence[Any]) -> None:
        known = self.totals.setdefault(currency, {})
        before = [known.get(name) for name in names]
        known |= zip(names, added(before, values), strict=True)

    def add_rows(self, names: Names, rows: Rows) -> None:
        """Rows of one statement: none of them comes twice, but another may have given it."""
        known = self.parts.get(names)
        self.parts[names] = _joined([known, rows]) if known else rows

    def has_lost_amounts(self) -> bool:
        return bool(self.lost_amounts())

    def lost_amounts(self) -> frozenset[str]:
        """The sums of which some could not be converted."""
        every = (one for total in self.totals.values() for one in total.items())
        return frozenset(name for name, value in every if isinstance(value, Unconverted))

    @property
    def keeps_back(self) -> bool:
        """Whether a figure may be known and not shown."""
        return self.is_lossy or self.withholds

    def fill_in(self, stand_ins: Mapping[str, str]) -> None:
        self.stand_ins = stand_ins
        for values in self.totals.values():
            values |= {name: values.get(other) for name, other in stand_ins.items()}

    def withhold(self, name: str, among: str, least: int) -> bool:
        """Leave ``name`` out where there are fewer than ``least`` of ``among``.

        Returns whether anything was left out that was known.
        """
        is_left_out = False
        for names, rows in self.parts.items():
            if name in names:
                place, counts = names.index(name), rows.sums[names.index(among)]
                column = rows.sums[place]
                few = [count is None or count < least for count in counts]
                is_left_out |= any(
                    is_few and count and value is not None
                    for is_few, count, value in zip(few, counts, column, strict=True)
                )
                sums = list(rows.sums)
                sums[place] = [
                    None if is_few else value for is_few, value in zip(few, column, strict=True)
                ]
                self.parts[names] = replace(rows, sums=sums)
        for said in self.totals.values():
            count = said.get(among)
            if name in said and (count is None or count < least):
                is_left_out |= bool(count) and said[name] is not None
                said[name] = None
        self.withholds |= is_left_out
        return is_left_out

    def by_row(self, only: str | None) -> tuple[Rows, dict[str, Sequence[Any]]]:
        """All rows, and the column of each sum. ``only`` is the currency of rows without one."""
        parts = [_in_currency(rows, only) for rows in self.parts.values()]
        rows = parts[0] if len(parts) == 1 else _side_by_side(parts)
        names = [name for names in self.parts for name in names]
        return rows, self._known(dict(zip(names, rows.sums, strict=True)))

    def by_total(self, only: str | None) -> tuple[Rows, dict[str, Sequence[Any]]]:
        """The totals as rows: one for each currency."""
        names = tuple(dict.fromkeys(name for values in self.totals.values() for name in values))
        sums = [[values.get(name) for values in self.totals.values()] for name in names]
        rows = _in_currency(Rows([], list(self.totals), sums), only)
        return rows, self._known(dict(zip(names, rows.sums, strict=True)))

    def _known(self, columns: dict[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
        """Without what could not be converted whole; what stands in is there."""
        if self.is_lossy:
            columns = {
                name: [None if isinstance(value, Unconverted) else value for value in values]
                for name, values in columns.items()
            }
        return columns | {
            name: columns[other] for name, other in self.stand_ins.items() if other in columns
        }


def _side_by_side(parts: Sequence[Rows]) -> Rows:
    """The rows that any of ``parts`` has, each with the sums of all of them."""
    found = [dict(rows.each()) for rows in parts]
    keys = dict.fromkeys(key for known in found for key in known)
    nothing = [(None,) * len(rows.sums) for rows in parts]
    return _laid_out(
        {
            key: [value for known, none in zip(found, nothing, strict=True)
                  for value in known.get(key, none)]
            for key in keys
        },
        parts,
    )  # fmt: skip


def _in_currency(rows: Rows, only: str | None) -> Rows:
    """With one currency in all, what has none belongs to it."""
    if only is None or {only}.issuperset(rows.currencies):
        return rows
    own = [currency or only for currency in rows.currencies]
    return _joined([replace(rows, currencies=own)])


def _joined(parts: Sequence[Rows]) -> Rows:
    """All rows of ``parts``, which have the same sums: those of one key added up."""
    found: dict[RowKey, Sequence[Any]] = {}
    for rows in parts:
        for key, values in rows.each():
            found[key] = added(found[key], values) if key in found else values
    return _laid_out(found, parts[:1])


def _laid_out(found: Mapping[RowKey, Sequence[Any]], like: Sequence[Rows]) -> Rows:
    """In columns: with the keys of the first of ``like`` and the sums of all of them."""
    keys = _columns((key for key, _currency in found), sum(len(one.keys) for one in like[:1]))
    sums = _columns(found.values(), sum(len(one.sums) for one in like))
    return Rows(keys, [currency for _key, currency in found], sums)


def _columns(rows: Iterable[Sequence[Any]], width: int) -> list[Sequence[Any]]:
    return list(zip(*rows, strict=True)) or [() for _column in range(width)]


def added(one: Sequence[Any], other: Sequence[Any]) -> list[Any]:
    """Both, sum by sum: nothing is added to what is missing, and what is lost stays lost."""
    return [
        b if a is None or isinstance(b, Unconverted)
        else a if b is None or isinstance(a, Unconverted)
        else a + b
        for a, b in zip(one, other, strict=True)
    ]  # fmt: skip
