"""Paths in columns: the touches of all paths in one array, and where each path begins.

A path is a journey, or many equal ones: it carries how often it converted, what that was worth,
and how often it ended without a conversion.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from regie.domain.attribution.arrays import Codes, Flags, Floats, Longs, Masks, ranges, summed


@dataclass(frozen=True)
class Paths:
    """``rows`` paths over ``units`` channels; no path is empty.

    ``codes`` holds the unit of each touch, ``offsets[i]:offsets[i + 1]`` those of path ``i``
    (``rows + 1`` numbers); ``conversions``, ``value`` and ``nulls`` have one number a path.
    ``ages`` says how many days before the conversion each touch happened, where that is known, and
    ``ended`` when the conversion was, in microseconds since 1970 (0 where there was none).
    """

    units: int
    codes: Codes
    offsets: Longs
    conversions: Floats
    value: Floats
    nulls: Floats
    ages: Floats | None = None
    ended: Longs | None = None

    def __len__(self) -> int:
        return len(self.conversions)

    @cached_property
    def lengths(self) -> Longs:
        return np.diff(self.offsets)

    @cached_property
    def owners(self) -> Longs:
        """The path of each touch."""
        return np.repeat(np.arange(len(self), dtype=np.int64), self.lengths)

    @cached_property
    def first(self) -> Longs:
        """Where the first touch of each path is."""
        return self.offsets[:-1]

    @cached_property
    def last(self) -> Longs:
        """Where the last touch of each path is."""
        return self.offsets[1:] - 1

    @cached_property
    def days_before(self) -> Floats:
        """Days between each touch and the conversion.

        A path without times says the order alone: each step back then counts as one day.
        """
        if self.ages is not None:
            return self.ages
        here = np.arange(len(self.codes), dtype=np.int64)
        return (self.last[self.owners] - here).astype(np.float64)

    @cached_property
    def masks(self) -> Masks:
        """One bit a channel, for each path; up to 63 channels."""
        bits = np.left_shift(np.uint64(1), np.arange(max(self.units, 1), dtype=np.uint64))
        return np.bitwise_or.reduceat(bits[self.codes], self.first)

    @cached_property
    def collapsed(self) -> Paths:
        """The same paths with each run of one channel as one touch (its first)."""
        if len(self) == 0:
            return self
        new = np.ones(len(self.codes), np.bool_)
        new[1:] = self.codes[1:] != self.codes[:-1]
        new[self.first] = True
        return self.keep_touches(new)

    @cached_property
    def moves(self) -> Floats:
        """How often each channel came straight after each other one: a cell for each pair."""
        codes, size = self.codes, self.units * self.units
        if len(self) == 0:
            return np.zeros(size)
        moved = codes[1:] != codes[:-1]
        moved[self.last[:-1]] = False
        cells = codes[:-1].astype(np.int64)
        cells *= self.units
        cells += codes[1:]
        seen = self.conversions + self.nulls
        if (seen == 1).all():
            return np.bincount(cells[moved], minlength=size).astype(np.float64)
        return summed(cells[moved], seen[self.owners[1:][moved]], size)

    def select(self, rows: Flags) -> Paths:
        """The paths that ``rows`` marks, in their order."""
        if rows.all():
            return self
        lengths = self.lengths[rows]
        touches = ranges(self.first[rows], lengths)
        return Paths(
            self.units,
            self.codes[touches],
            np.concatenate(([0], np.cumsum(lengths))),
            self.conversions[rows],
            self.value[rows],
            self.nulls[rows],
            None if self.ages is None else self.ages[touches],
            None if self.ended is None else self.ended[rows],
        )

    def keep_touches(self, kept: Flags) -> Paths:
        """The same paths without the touches that ``kept`` leaves out; no path may lose all."""
        lengths = np.add.reduceat(kept.astype(np.int64), self.first) if len(self) else self.lengths
        return Paths(
            self.units,
            self.codes[kept],
            np.concatenate(([0], np.cumsum(lengths))),
            self.conversions,
            self.value,
            self.nulls,
            None if self.ages is None else self.ages[kept],
            self.ended,
        )

    def weighing(self, *, conversions: Floats, value: Floats, nulls: Floats) -> Paths:
        """The same paths, seen other numbers of times."""
        return replace(self, conversions=conversions, value=value, nulls=nulls)

    def converting(self) -> Paths:
        """The paths that earned something."""
        return self._converting

    @cached_property
    def _converting(self) -> Paths:
        return self.select((self.conversions != 0) | (self.value != 0))
