"""Which channels were seen together: the coalitions that Shapley's models play with.

The order of a path and how often a channel comes back do not matter here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from regie.domain.attribution.arrays import Flags, Floats, Longs, Masks, ranges, summed
from regie.domain.attribution.paths import Paths

# A table with a cell for each of the 2ⁿ coalitions is held up to here.
MOST_IN_TABLE = 20
MOST_IN_MASK = 63
SEED = 4_041_975


@dataclass(frozen=True)
class Coalitions:
    """Each set of channels once: ``members[offsets[i]:offsets[i + 1]]``, no set is empty.

    ``conversions``, ``value`` and ``seen`` (paths, converting or not) of exactly that set.
    """

    units: int
    members: Longs
    offsets: Longs
    conversions: Floats
    value: Floats
    seen: Floats

    @property
    def sizes(self) -> Longs:
        return np.diff(self.offsets)


class Gatherer(Protocol):
    def add(self, paths: Paths) -> None: ...

    def coalitions(self, *, converting: bool = False) -> Coalitions: ...


def gatherer(units: int) -> Gatherer:
    """The way to count coalitions that suits so many channels."""
    return TableGatherer(units) if units <= MOST_IN_TABLE else ListGatherer(units)


class TableGatherer:
    """Few channels: one cell for each coalition that could be; the mask is its place."""

    def __init__(self, units: int) -> None:
        self.units = units
        self.conversions, self.value, self.seen = (np.zeros(1 << units) for _table in range(3))

    def add(self, paths: Paths) -> None:
        if len(paths) == 0:
            return
        cells = paths.masks.astype(np.int64)
        np.add.at(self.seen, cells, paths.conversions + paths.nulls)
        earning = (paths.conversions != 0) | (paths.value != 0)
        cells = cells[earning]
        np.add.at(self.conversions, cells, paths.conversions[earning])
        np.add.at(self.value, cells, paths.value[earning])

    def coalitions(self, *, converting: bool = False) -> Coalitions:
        kept = (self.conversions != 0) | (self.value != 0)
        cells = np.flatnonzero(kept if converting else kept | (self.seen != 0))
        member, offsets = _unpacked(cells.astype(np.uint64), self.units)
        sums = (table[cells] for table in (self.conversions, self.value, self.seen))
        return Coalitions(self.units, member, offsets, *sums)


class ListGatherer:
    """Many channels: the coalitions that occur, told apart by mask or by a 64-bit digest."""

    def __init__(self, units: int) -> None:
        self.units = units
        self.digits = np.random.default_rng(SEED).integers(0, 1 << 64, units, dtype=np.uint64)
        self.parts: list[tuple[Masks, Coalitions]] = []

    def add(self, paths: Paths) -> None:
        if len(paths) == 0:
            return
        keys, members, offsets = self._sets(paths)
        whole = Coalitions(
            self.units, members, offsets, paths.conversions, paths.value,
            paths.conversions + paths.nulls,
        )  # fmt: skip
        self.parts.append(_merged([(keys, whole)], self.units))

    def _sets(self, paths: Paths) -> tuple[Masks, Longs, Longs]:
        pairs = np.unique(paths.owners * self.units + paths.codes)
        owners, members = pairs // self.units, pairs % self.units
        offsets = np.searchsorted(owners, np.arange(len(paths) + 1))
        if self.units <= MOST_IN_MASK:
            return paths.masks, members, offsets
        return np.bitwise_xor.reduceat(self.digits[members], offsets[:-1]), members, offsets

    def coalitions(self, *, converting: bool = False) -> Coalitions:
        _keys, found = _merged(self.parts, self.units)
        if converting:
            found = _picked(found, (found.conversions != 0) | (found.value != 0))
        return found


def _unpacked(masks: Masks, units: int) -> tuple[Longs, Longs]:
    """Members and offsets of the sets that ``masks`` spell."""
    shifts = np.arange(units, dtype=np.uint64)
    owners, members = np.nonzero((masks[:, None] >> shifts) & np.uint64(1))
    return members, np.searchsorted(owners, np.arange(len(masks) + 1))


def _merged(parts: list[tuple[Masks, Coalitions]], units: int) -> tuple[Masks, Coalitions]:
    """Coalitions of several parts, each once."""
    nothing: Longs = np.zeros(0, np.int64)
    keys = np.concatenate([np.zeros(0, np.uint64), *(keys for keys, _part in parts)])
    known, first, where = np.unique(keys, return_index=True, return_inverse=True)
    sizes = np.concatenate([nothing, *(part.sizes for _keys, part in parts)])
    members = np.concatenate([nothing, *(part.members for _keys, part in parts)])
    begins = np.cumsum(sizes) - sizes
    sums = (
        summed(
            where,
            np.concatenate([np.zeros(0), *(getattr(part, name) for _keys, part in parts)]),
            len(known),
        )
        for name in ("conversions", "value", "seen")
    )
    offsets = np.concatenate(([0], np.cumsum(sizes[first])))
    return known, Coalitions(units, members[ranges(begins[first], sizes[first])], offsets, *sums)


def _picked(sets: Coalitions, rows: Flags) -> Coalitions:
    sizes = sets.sizes[rows]
    return Coalitions(
        sets.units,
        sets.members[ranges(sets.offsets[:-1][rows], sizes)],
        np.concatenate(([0], np.cumsum(sizes))),
        sets.conversions[rows],
        sets.value[rows],
        sets.seen[rows],
    )
