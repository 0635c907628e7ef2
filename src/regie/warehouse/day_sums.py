"""Sums of groups that run from day to day, and the differences of them that answer for some days.

All sums are whole numbers of the smallest unit, so that nothing is ever rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, reduce
from itertools import compress
from math import inf
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from regie.kernel.periods import Period
from regie.warehouse.memory import Memory
from regie.warehouse.shared_columns import Shared

Wholes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_DAY_BITS = 23
_DAYS_BEFORE_1970 = date(1970, 1, 1).toordinal()
_MOST_GROUPS = 2**60
_MOST_EDGES = 1.5  # for each row


@dataclass(frozen=True, eq=False)
class Keys:
    """Columns that tell groups apart, the last one their currency.

    There is one of each content, as far as ``keys_of`` makes them: the same groups are the same
    object.
    """

    columns: Sequence[Sequence[Any]]

    def __len__(self) -> int:
        return len(self.columns[-1])

    @cached_property
    def currencies(self) -> list[str]:
        return list(dict.fromkeys(self.columns[-1]))

    @cached_property
    def currency_codes(self) -> Wholes:
        """The place of the currency of each group among ``currencies``."""
        places = {one: place for place, one in enumerate(self.currencies)}
        return np.array([places[one] for one in self.columns[-1]], np.int64)

    def only(self, chosen: Flags) -> Keys:
        return Keys([[*compress(column, chosen.tolist())] for column in self.columns])


_MET: WeakValueDictionary[tuple[Any, ...], Keys] = WeakValueDictionary()


def keys_of(columns: Sequence[Sequence[Any]]) -> Keys:
    content = tuple(map(tuple, columns))
    return _MET.setdefault(content, Keys([Shared(column) for column in content]))


@dataclass(frozen=True)
class Groups:
    """Of each group there is a row of sums, which of them are known, and whether it is there.

    Sums of a group that is not there are 0. ``has`` None says that all are.
    """

    keys: Keys
    sums: Wholes
    known: Flags
    has: Flags | None

    def __len__(self) -> int:
        return len(self.sums)

    def present(self) -> Groups:
        """Without the groups that are not there."""
        return self if self.has is None else self.only(self.has)

    def only(self, chosen: Flags) -> Groups:
        return Groups(self.keys.only(chosen), self.sums[chosen], self.known[chosen], None)

    def totals(self) -> Groups:
        """Of each currency; the other keys are None."""
        codes, currencies = self.keys.currency_codes, self.keys.currencies
        # Of one currency all: to choose each takes longer than to add it.
        own = [codes == i for i in range(len(currencies))] if len(currencies) > 1 else [...]
        width, height = len(self.keys.columns) - 1, len(currencies)
        sums = [self.sums[one].sum(axis=0) for one in own if currencies]
        known = [self.known[one].any(axis=0) for one in own if currencies]
        return Groups(
            Keys([*([None] * height for _key in range(width)), currencies]),
            np.array(sums, np.int64).reshape(height, self.sums.shape[1]),
            np.array(known, bool).reshape(height, self.sums.shape[1]),
            None,
        )

    def largest(self, place: int, count: int, *, smallest: bool) -> Groups:
        """Those that may be among the first ``count`` by the sum at ``place``, and their equals."""
        known = self.known[:, place]
        values = self.sums[known, place]
        if len(values) < count or len(self.keys.currencies) > 1:
            return self
        values = values if smallest else -values
        bound = np.partition(values, count - 1)[count - 1]
        sums = self.sums[:, place] if smallest else -self.sums[:, place]
        return self.only(known & (sums <= bound))


@dataclass(frozen=True)
class Running:
    """Sums of some groups from day to day.

    ``places`` are group and day of each row, in order; ``starts`` says where each group starts, and
    where the last ends; ``days`` are the first and the last of them. ``sums`` has a row more and a
    column for each sum: what there was before each row; ``known`` counts in the same way the rows
    in which a sum is known, None where all are. No sum exceeds ``most``.
    """

    keys: Keys
    places: Wholes
    starts: Wholes
    days: tuple[int, int]
    sums: Wholes
    known: Wholes | None
    scales: tuple[int, ...]
    most: float
    edges: Edges | None

    def __len__(self) -> int:
        return len(self.places) + (0 if self.edges is None else self.edges.before.size)

    def between(self, days: Period) -> Groups:
        """All groups, with what they have in ``days``."""
        first, sums_first, known_first = self._at(days.start.toordinal())
        after, sums_after, known_after = self._at(days.end.toordinal() + 1)
        has, sums = after > first, sums_after - sums_first
        if known_first is None or known_after is None:
            known = has[:, None]
        else:
            known = known_after > known_first
        is_there = None if has.all() else has
        return Groups(self.keys, sums, np.broadcast_to(known, sums.shape), is_there)

    def by_day(self, days: Period, place: int) -> Groups:
        """The rows of ``days``, with their day as the key at ``place``."""
        first, after = self._before(days.start.toordinal()), self._before(days.end.toordinal() + 1)
        counts = after - first
        rows = np.arange(counts.sum()) + np.repeat(first - (np.cumsum(counts) - counts), counts)
        codes = np.repeat(np.arange(len(first)), counts).tolist()
        keys = [[column[code] for code in codes] for column in self.keys.columns]
        ordinals = self.places[rows] & ((1 << _DAY_BITS) - 1)
        keys.insert(place, list(map(date.fromordinal, ordinals.tolist())))
        known = np.array(True) if self.known is None else self.known[rows + 1] > self.known[rows]
        sums = self.sums[rows + 1] - self.sums[rows]
        return Groups(Keys(keys), sums, np.broadcast_to(known, sums.shape), None)

    def _before(self, day: int) -> Wholes:
        """Of each group the place of its first row that is not before ``day``."""
        if day <= self.days[0]:
            return self.starts[:-1]
        if day > self.days[1]:
            return self.starts[1:]
        return np.searchsorted(self.places, (np.arange(len(self.keys)) << _DAY_BITS) + day)

    def _at(self, day: int) -> tuple[Wholes, Wholes, Wholes | None]:
        """Of each group how many rows, and what sums, there were before ``day``."""
        if self.edges is not None:
            return self.edges.at(min(max(day, self.days[0]), self.days[1] + 1) - self.days[0])
        before = self._before(day)
        return before, self.sums[before], None if self.known is None else self.known[before]


@dataclass(frozen=True)
class Edges:
    """What there was of each group before each day, day by day: lying together it is read at once.

    For groups that have most of their days, so that it takes about the room of the rows.
    """

    before: Wholes
    sums: Wholes
    known: Wholes | None

    def at(self, nth: int) -> tuple[Wholes, Wholes, Wholes | None]:
        return self.before[nth], self.sums[nth], None if self.known is None else self.known[nth]


def _edges(
    places: Wholes, groups: int, days: tuple[int, int], sums: Wholes, known: Wholes | None
) -> Edges | None:
    if groups * (days[1] - days[0] + 2) > _MOST_EDGES * len(places):
        return None
    each_day = np.arange(days[0], days[1] + 2)[:, None]
    before = np.searchsorted(places, (np.arange(groups) << _DAY_BITS)[None, :] + each_day)
    return Edges(before, sums[before], None if known is None else known[before])


def running(days: pa.Array, keys: Sequence[pa.Array], cells: Sequence[pa.Array]) -> Running:
    """From rows in any order: ``keys`` are columns, the last one the currency; ``cells`` sums."""
    codes, first = _groups(keys)
    days = days.cast(pa.int32()).to_numpy() + np.int64(_DAYS_BEFORE_1970)
    places = (codes << _DAY_BITS) + days
    order = np.argsort(places, kind="stable")
    has = np.stack([cell.is_valid().to_numpy(zero_copy_only=False) for cell in cells], axis=1)
    read = [_wholes(pc.fill_null(cell, 0)) for cell in cells]
    values = np.stack([value for value, _most in read], axis=1)
    ends = (int(days.min()), int(days.max())) if len(days) else (0, 0)
    sums, known = _before(values[order]), None if has.all() else _before(has[order])
    return Running(
        keys=keys_of([key.take(first).to_pylist() for key in keys]),
        places=places[order],
        starts=np.append(np.searchsorted(codes[order], np.arange(len(first))), len(order)),
        days=ends,
        sums=sums,
        known=known,
        scales=tuple(_scale(cell) for cell in cells),
        most=max(most for _value, most in read),
        edges=_edges(places[order], len(first), ends, sums, known),
    )


def together(parts: Sequence[Groups]) -> Groups:
    """All groups, those that several of ``parts`` have added up."""
    keys, owns = _united(tuple(part.keys for part in parts))
    if owns is None:
        sums = reduce(np.add, (part.sums for part in parts))
        known = reduce(np.logical_or, (part.known for part in parts))
        some = [part.has for part in parts if part.has is not None]
        has = np.any(some, axis=0) if len(some) == len(parts) else None
        return Groups(keys, sums, known, has)
    sums = np.zeros((len(keys), parts[0].sums.shape[1]), np.int64)
    known, has = np.zeros(sums.shape, bool), np.zeros(len(keys), bool)
    for part, own in zip(parts, owns, strict=True):
        sums[own] += part.sums
        known[own] |= part.known
        has[own] |= True if part.has is None else part.has
    return Groups(keys, sums, known, None if has.all() else has)


@dataclass(frozen=True)
class _United:
    """``owns`` says of each part where its groups are among ``keys``; None: all have the same."""

    keys: Keys
    owns: Sequence[Wholes] | None

    def __len__(self) -> int:
        return len(self.keys)


_UNITED: Memory[_United] = Memory(500_000)


def _united(parts: tuple[Keys, ...]) -> tuple[Keys, Sequence[Wholes] | None]:
    if all(one is parts[0] for one in parts):
        return parts[0], None
    found = _UNITED.recall(parts, lambda: _unite(parts))
    return found.keys, found.owns


def _unite(parts: Sequence[Keys]) -> _United:
    places: dict[tuple[Any, ...], int] = {}
    owns = [
        np.array([places.setdefault(key, len(places)) for key in zip(*part.columns, strict=True)],
                 np.int64)
        for part in parts
    ]  # fmt: skip
    columns: list[Sequence[Any]] = [*zip(*places, strict=True)]
    return _United(keys_of(columns or [()] * len(parts[0].columns)), owns)


def _groups(keys: Sequence[pa.Array]) -> tuple[Wholes, Wholes]:
    """The number of the group of each row, in the order of their keys, and its first row."""
    codes, size = np.zeros(len(keys[0]), np.int64), 1
    for key in keys:
        said = key.dictionary_encode(null_encoding="encode")
        ranks = pc.sort_indices(pc.sort_indices(said.dictionary)).to_numpy()
        if size * len(ranks) > _MOST_GROUPS:
            codes, size = np.unique(codes, return_inverse=True)[1], len(codes)
        codes = codes * len(ranks) + ranks[said.indices.to_numpy()].astype(np.int64)
        size *= len(ranks)
    _codes, first, again = np.unique(codes, return_index=True, return_inverse=True)
    return again, first


def _wholes(cell: pa.Array) -> tuple[Wholes, float]:
    """Amounts in their smallest unit, and more than their sum can be."""
    if not pa.types.is_decimal128(cell.type):
        values = cell.cast(pa.int64()).to_numpy()
    else:
        halves = np.frombuffer(cell.buffers()[1], np.int64)[2 * cell.offset :][: 2 * len(cell)]
        values, high = halves[::2], halves[1::2]
        if (high != values >> 63).any():
            return values, inf
    return values, float(np.abs(values.astype(float)).sum())


def _scale(cell: pa.Array) -> int:
    return int(cell.type.scale) if pa.types.is_decimal128(cell.type) else 0


def _before(values: npt.NDArray[Any]) -> Wholes:
    """What there was before each row, and after the last."""
    found = np.zeros((len(values) + 1, values.shape[1]), np.int64)
    np.cumsum(values, axis=0, out=found[1:])
    return found
