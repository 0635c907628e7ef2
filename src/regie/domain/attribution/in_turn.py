"""Rows in the order of who and when, and where others come in among them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regie.domain.attribution.arrays import Flags, Longs, ranges

Texts = Callable[[Longs], pa.Array]


def in_turn(who: Longs, at: Longs, sold: Flags | None, texts: Texts) -> Longs:
    """The order of rows by who, when, touches before sales, and at one moment by their texts.

    ``texts`` gives those of some rows: only rows of one person and moment need them.
    """
    keys = [] if sold is None else [sold]
    order: Longs = np.lexsort((*keys, at, who))
    ties = _ties(who[order], at[order], None if sold is None else sold[order])
    if not ties.any():
        return order
    here = np.flatnonzero(ties)
    tied = order[here]
    rank = np.zeros(len(order), np.int64)
    rank[tied[np.asarray(pc.sort_indices(texts(tied)))]] = np.arange(len(tied))
    keys = [] if sold is None else [sold[tied]]
    order[here] = tied[np.lexsort((rank[tied], *keys, at[tied], who[tied]))]
    return order


def places_among(who: Longs, at: Longs, other_who: Longs, other_at: Longs) -> tuple[Longs, Longs]:
    """How many rows come before each of some others, and how many are of its person and moment.

    ``who`` and ``at`` are those of the rows, in order; the others may come in any order.
    """
    first, last = (np.searchsorted(who, other_who, side) for side in ("left", "right"))
    before = _bisected(first, last, lambda place, some: at[place] < other_at[some])
    until = _bisected(before, last, lambda place, some: at[place] <= other_at[some])
    return before, until - before


def _bisected(low: Longs, high: Longs, is_before: Callable[[Longs, Longs], Flags]) -> Longs:
    """For each range of rows how far ``is_before`` holds."""
    low, high = low.astype(np.int64), high.astype(np.int64)
    some = np.flatnonzero(low < high)
    while len(some):
        middle = (low[some] + high[some]) // 2
        before = is_before(middle, some)
        low[some[before]] = middle[before] + 1
        high[some[~before]] = middle[~before]
        some = some[low[some] < high[some]]
    return low


@dataclass(frozen=True)
class Merged:
    """Two runs as one of ``size``; the rows of the second are at ``places``, in order."""

    size: int
    places: Longs

    @classmethod
    def of(cls, before: Longs, count: int) -> Merged:
        """``before[i]`` of the ``count`` rows of the first run come before row ``i`` of the second.

        It may not fall.
        """
        return cls(count + len(before), before + np.arange(len(before), dtype=np.int64))

    @cached_property
    def _first(self) -> Flags:
        found = np.ones(self.size, np.bool_)
        found[self.places] = False
        return found

    def __call__(self, first: Any, second: Any) -> Any:
        """The rows of both, which are arrays of one type."""
        found = np.empty(self.size, first.dtype)
        found[self.places] = second
        found[self._first] = first
        return found

    def back(self, some: Longs) -> tuple[Longs, Longs]:
        """For some of its rows which of the second they are, else -1, and which of the first."""
        place = np.searchsorted(self.places, some)
        there = np.minimum(place, len(self.places) - 1)
        second = np.where(self.places[there] == some, there, -1) if len(self.places) else there
        return second, some - place

    def alone(self, second: Any) -> Any:
        """Those of the second, and nothing (0, or False) where the first are."""
        found = np.zeros(self.size, second.dtype)
        found[self.places] = second
        return found


def among_equals(equal: Longs, count: Longs, texts: Texts, others: Texts) -> Longs:
    """How many of the equal rows come before each of some others, by their texts.

    Of row ``i`` of the others these are the ``count[i]`` rows from ``equal[i]`` on.
    """
    found = np.zeros(len(count), np.int64)
    tied = np.flatnonzero(count)
    if len(tied) == 0:
        return found
    rows, owners = ranges(equal[tied], count[tied]), np.repeat(np.arange(len(tied)), count[tied])
    every = pa.concat_arrays([texts(rows), others(tied)])
    rank = np.zeros(len(every), np.int64)
    rank[np.asarray(pc.sort_indices(every))] = np.arange(len(every))
    before = rank[: len(rows)] < rank[len(rows) :][owners]
    found[tied] = np.bincount(owners[before], minlength=len(tied))
    return found


def _ties(who: Longs, at: Longs, sold: Flags | None) -> Flags:
    same = (who[1:] == who[:-1]) & (at[1:] == at[:-1])
    if sold is not None:
        same &= sold[1:] == sold[:-1]
    found = np.zeros(len(who), np.bool_)
    found[1:] |= same
    found[:-1] |= same
    return found
