"""Shapley on rates: a coalition is worth the conversion rate of journeys that used no other.

Exact over all coalitions up to 20 channels. Beyond, the mean over random orders of joining (each
with its reverse), with its sampling error as an interval; the seed is fixed. A channel that lowers
the rate of those it joins earns less than nothing: that is what the model says, and it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np

from regie.domain.attribution.arrays import Floats, Longs, shared_out
from regie.domain.attribution.coalitions import Coalitions, TableGatherer, gatherer
from regie.domain.attribution.model import Credit, DataDriven, Settings
from regie.domain.attribution.paths import Paths
from regie.kernel.i18n import _

SEED = 20_180_416
# Orders are drawn in pairs until this much work is done, never fewer or more than these pairs.
WORK, FEWEST, MOST = 400_000_000, 50, 2_000
# 95 % of what a normal error can be.
SPREAD = 1.959963984540054
# So many units are turned to the top of the table: rows of 32 are long enough to be added fast.
LOW = 5


class ShapleyRate:
    def __init__(self, units: int, settings: Settings) -> None:
        self.units = units
        self.gatherer = gatherer(units)

    def add(self, paths: Paths) -> None:
        self.gatherer.add(paths)

    def credit(self) -> Credit:
        if isinstance(self.gatherer, TableGatherer):
            table = self.gatherer
            conversions, value = exact(table.conversions, table.value, table.seen, self.units)
            return Credit(
                shared_out(conversions, float(table.conversions.sum())),
                shared_out(value, float(table.value.sum())),
            )
        return _sampled(self.gatherer.coalitions())


def exact(conversions: Floats, value: Floats, seen: Floats, units: int) -> tuple[Floats, Floats]:
    """Shapley values of both rates over tables of 2ⁿ cells, the mask being the place."""
    low = min(LOW, units)
    within = [_sum_of_subsets(table, units, low) for table in (seen, conversions, value)]
    sizes = np.bitwise_count(np.arange(1 << units, dtype=np.uint32)).astype(np.intp)
    # The chance that exactly so many have joined before a given one.
    chance = [factorial(s) * factorial(units - s - 1) / factorial(units) for s in range(units)]
    # A coalition counts for each member as what it comes to, against all others as where they
    # start from: with the sum of both, all but what nobody's joining changes is said.
    weights = (np.array([*chance, 0.0]) + np.array([0.0, *chance]))[sizes]
    found = []
    for sums in within[1:]:
        rate = np.divide(sums, within[0], out=sums, where=within[0] > 0)
        together = rate[-1]
        rate *= weights
        gains = np.empty(units)
        for bit in reversed(range(units)):
            without, having = rate[: 1 << bit], rate[1 << bit :]
            gains[(bit + low) % units] = having.sum()
            # Whether this one was there no longer matters for the others: half the table is left.
            rate = without + having
        # All of them together gain what all of them come to.
        found.append(gains - (gains.sum() - together) / max(units, 1))
    return found[0], found[1]


def _sum_of_subsets(table: Floats, units: int, low: int) -> Floats:
    """For each mask the sum over all masks within it (the zeta transform).

    The ``low`` lowest units end as the highest bits of the place, the others move down for them:
    neighbours in memory are added up as they lie, which takes half the time.
    """
    sums = table.copy()
    _add_up(sums, range(low, units))
    turned: Floats = sums.reshape(-1, 1 << low).T.ravel()
    _add_up(turned, range(units - low, units))
    return turned


def _add_up(sums: Floats, bits: range) -> None:
    for bit in bits:
        split = sums.reshape(-1, 2, 1 << bit)
        split[:, 1] += split[:, 0]


def _sampled(sets: Coalitions) -> Credit:
    playing = np.unique(sets.members)
    place = np.zeros(sets.units, np.int64)
    place[playing] = np.arange(len(playing))
    players, drawn = len(playing), _Drawn.of(sets, place)
    pairs = int(np.clip(WORK // max(1, 2 * len(sets.members)), FEWEST, MOST))
    random = np.random.default_rng(SEED)
    gains = np.zeros((pairs, 2, players))
    for pair in range(pairs if players else 0):
        order = random.permutation(players)
        for one in (order, order[::-1]):
            gains[pair] += drawn.joining(one) / 2
    conversions, value = (np.zeros(sets.units) for _row in range(2))
    low, high = conversions.copy(), conversions.copy()
    if players:
        mean = gains.mean(axis=0)
        total = float(sets.conversions.sum())
        conversions[playing] = shared_out(mean[0], total)
        value[playing] = shared_out(mean[1], float(sets.value.sum()))
        error = gains[:, 0].std(axis=0, ddof=1) / np.sqrt(pairs)
        error *= SPREAD * total / mean[0].sum() if total else 0.0
        low[playing], high[playing] = conversions[playing] - error, conversions[playing] + error
    return Credit(conversions, value, low=low, high=high)


@dataclass(frozen=True)
class _Drawn:
    """Sets in columns, the largest first: ``members[k]`` is the k-th of each set that has so many.

    ``sums`` has three rows: what was seen, conversions and value.
    """

    members: Sequence[Longs]
    sums: Floats

    @classmethod
    def of(cls, sets: Coalitions, place: Longs) -> _Drawn:
        """``place`` is the number of each unit among those that play."""
        order = np.argsort(-sets.sizes, kind="stable")
        sizes, first = sets.sizes[order], sets.offsets[:-1][order]
        most = int(sizes[0]) if len(sizes) else 0
        # How many sets have more than k members: they stand in front.
        reach = np.searchsorted(-sizes, -np.arange(most), side="left")
        members = [place[sets.members[first[:count] + k]] for k, count in enumerate(reach.tolist())]
        return cls(members, np.stack((sets.seen, sets.conversions, sets.value))[:, order])

    def joining(self, order: Longs) -> Floats:
        """What each player adds to both rates as all join in ``order``; two rows."""
        turn = np.empty(len(order), np.int32)
        turn[order] = np.arange(len(order), dtype=np.int32)
        # A set plays from the turn on at which its last member joins.
        complete = turn[self.members[0]]
        for column in self.members[1:]:
            there = complete[: len(column)]
            np.maximum(there, turn[column], out=there)
        seen, *earned = (np.cumsum(np.bincount(complete, row, len(order))) for row in self.sums)
        gains = np.empty((2, len(order)))
        for row, sums in enumerate(earned):
            rate = np.divide(sums, seen, out=np.zeros_like(sums), where=seen > 0)
            gains[row, order] = np.diff(rate, prepend=0.0)
        return gains


shapley_rate = DataDriven(
    name="shapley_rate",
    label=_("Shapley value of the conversion rate"),
    description=_(
        "As the Shapley value, but a set of channels is worth the conversion rate of the journeys "
        "that used no other; a channel that lowers the rate earns less than nothing."
    ),
    rank=90,
    learner=ShapleyRate,
)
