"""From which state to which: the Markov chain that the paths walk through.

A state is the last ``order`` channels of the path; a path shorter than that is one state, and a
state that repeats itself counts once. Paths that did not convert weigh as much as those that did.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from regie.domain.attribution.arrays import Floats, Longs
from regie.domain.attribution.paths import Paths
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say

# Up to here a table of every pair of channels is smaller than a list of those that occur.
MOST_DENSE = 1000


@dataclass(frozen=True)
class Chain:
    """How often each move was seen.

    ``members`` has a row a state: its channels from the youngest to the oldest, -1 where it has
    fewer. ``moves[i]`` is the number of moves from state ``source[i]`` to ``target[i]``. For each
    state: ``starts`` there, ``conversions``, ``value`` and ``nulls`` straight after it.
    """

    members: Longs
    source: Longs
    target: Longs
    moves: Floats
    starts: Floats
    conversions: Floats
    value: Floats
    nulls: Floats

    @property
    def left(self) -> Floats:
        """How often each state was left."""
        seen = np.bincount(self.source, self.moves, len(self.starts))
        return seen + self.conversions + self.nulls


class Counter(Protocol):
    def add(self, paths: Paths) -> None: ...

    def chain(self) -> Chain: ...


def counter(units: int, order: int) -> Counter:
    """Counts the moves of order ``order`` between ``units`` channels.

    Raises ``WrongUse`` where the states of so high an order could not be told apart.
    """
    if order == 1 and units <= MOST_DENSE:
        return PairCounter(units)
    if order < 1 or order * np.log2(units + 1) >= 62:
        raise WrongUse(
            say(_("A Markov chain of order {order} is out of reach here."), order=order),
            hint=_("Choose an order from 1 to 4, or fewer units."),
        )
    return StateCounter(units, order)


class PairCounter:
    """Order 1: one cell for each pair of channels."""

    def __init__(self, units: int) -> None:
        self.units = units
        self.moves: Floats = np.zeros(units * units)
        self.ends: Floats = np.zeros((4, units))

    def add(self, paths: Paths) -> None:
        if len(paths) == 0:
            return
        codes, seen = paths.codes, paths.conversions + paths.nulls
        self.moves += paths.moves
        opening, closing = codes[paths.first], codes[paths.last]
        for row, where, weights in (
            (0, opening, seen),
            (1, closing, paths.conversions),
            (2, closing, paths.value),
            (3, closing, paths.nulls),
        ):
            self.ends[row] += np.bincount(where, weights, self.units)

    def chain(self) -> Chain:
        table = self.moves.reshape(self.units, self.units)
        source, target = np.nonzero(table)
        members = np.arange(self.units, dtype=np.int64)[:, None]
        return Chain(members, source, target, table[source, target], *self.ends)


class StateCounter:
    """Any order: the states that occur, by a number that spells their channels."""

    def __init__(self, units: int, order: int) -> None:
        self.base, self.order = units + 1, order
        self.moves: list[tuple[Longs, Longs, Floats]] = []
        self.ends: list[tuple[Longs, Floats]] = []

    def add(self, paths: Paths) -> None:
        if len(paths) == 0:
            return
        keys, owners = _states(paths, self.base, self.order)
        seen = paths.conversions + paths.nulls
        same = owners[1:] == owners[:-1]
        pairs = np.column_stack((keys[:-1][same], keys[1:][same]))
        self.moves.append(_summed(pairs, seen[owners[1:][same]]))
        opens = np.concatenate(([True], ~same))
        closes = np.concatenate((~same, [True]))
        none = np.zeros((len(paths), 4))
        first, last = none.copy(), none
        first[:, 0] = seen
        last[:, 1:] = np.column_stack((paths.conversions, paths.value, paths.nulls))
        both = np.concatenate((keys[opens], keys[closes]))
        known, where = np.unique(both, return_inverse=True)
        sums = np.zeros((4, len(known)))
        for row, weights in enumerate(np.concatenate((first, last)).T):
            sums[row] = np.bincount(where, weights, len(known))
        self.ends.append((known, sums))

    def chain(self) -> Chain:
        keys = np.unique(np.concatenate([known for known, _sums in self.ends] + [
            side for source, target, _moves in self.moves for side in (source, target)
        ] + [np.zeros(0, np.int64)]))  # fmt: skip
        ends = np.zeros((4, len(keys)))
        for known, sums in self.ends:
            ends[:, np.searchsorted(keys, known)] += sums
        source, target, moves = self._moves(keys)
        return Chain(self._spelled(keys), source, target, moves, *ends)

    def _moves(self, keys: Longs) -> tuple[Longs, Longs, Floats]:
        if not self.moves:
            return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
        source, target, moves = (np.concatenate(part) for part in zip(*self.moves, strict=True))
        source, target, moves = _summed(np.column_stack((source, target)), moves)
        return np.searchsorted(keys, source), np.searchsorted(keys, target), moves

    def _spelled(self, keys: Longs) -> Longs:
        digits = [keys // self.base**place % self.base - 1 for place in range(self.order)]
        return np.column_stack(digits)


def _states(paths: Paths, base: int, order: int) -> tuple[Longs, Longs]:
    """The states that each path goes through, repeats dropped, and the path of each."""
    codes = paths.codes.astype(np.int64) + 1
    place = np.arange(len(codes), dtype=np.int64) - paths.first[paths.owners]
    keys = codes.copy()
    for back in range(1, order):
        earlier = np.concatenate((np.zeros(min(back, len(codes)), np.int64), codes[:-back]))
        keys += np.where(place >= back, earlier, 0) * base**back
    whole = place >= order - 1
    whole[paths.last] = True
    keys, owners = keys[whole], paths.owners[whole]
    new = np.ones(len(keys), np.bool_)
    new[1:] = (keys[1:] != keys[:-1]) | (owners[1:] != owners[:-1])
    return keys[new], owners[new]


def _summed(pairs: Longs, weights: Floats) -> tuple[Longs, Longs, Floats]:
    """Each pair once, with the sum of its weights."""
    if len(pairs) == 0:
        return pairs[:, 0], pairs[:, 1], np.zeros(0)
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    pairs, weights = pairs[order], weights[order]
    new = np.concatenate(([True], (pairs[1:] != pairs[:-1]).any(axis=1)))
    begins = np.flatnonzero(new)
    return pairs[begins, 0], pairs[begins, 1], np.add.reduceat(weights, begins)
