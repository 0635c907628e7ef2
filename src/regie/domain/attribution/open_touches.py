"""Touches that a later conversion may still need: those after each customer's last conversion.

Kept in layers: a day writes only the customers it saw, and what a newer layer says of a customer
replaces what older ones said. Layers of like size are merged, so that few remain.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from regie.domain.attribution.arrays import Codes, Flags, Longs, ranges

NEVER = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Layer:
    """``customers`` ascending, each once; touches ``offsets[i]:offsets[i + 1]`` of each, by time.

    ``closed`` is when the last conversion of each was, ``NEVER`` where there was none.
    """

    customers: Longs
    offsets: Longs
    at: Longs
    codes: Codes
    closed: Longs

    @classmethod
    def of(cls, customers: Longs, lengths: Longs, at: Longs, codes: Codes, closed: Longs) -> Layer:
        """A layer of customers in any order, each with ``lengths`` touches one after another."""
        offsets = _offsets(lengths)
        if (customers[1:] > customers[:-1]).all():
            return cls(customers, offsets, at, codes, closed)
        order = np.argsort(customers)
        touches = ranges(offsets[:-1][order], lengths[order])
        return cls(
            customers[order], _offsets(lengths[order]), at[touches], codes[touches], closed[order]
        )

    def find(self, wanted: Longs) -> tuple[Flags, Longs]:
        """Which of ``wanted`` are here, and their places."""
        if len(self.customers) == 0:
            return np.zeros(len(wanted), np.bool_), np.zeros(0, np.int64)
        there = np.minimum(np.searchsorted(self.customers, wanted), len(self.customers) - 1)
        found: Flags = self.customers[there] == wanted
        return found, there[found]

    def picked(self, rows: Longs) -> Layer:
        begins = self.offsets[rows]
        lengths = self.offsets[rows + 1] - begins
        touches = ranges(begins, lengths)
        return Layer(
            self.customers[rows], _offsets(lengths), self.at[touches], self.codes[touches],
            self.closed[rows],
        )  # fmt: skip


def _offsets(lengths: Longs) -> Longs:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))


def together(layers: list[Layer]) -> Layer:
    """Layers of different customers as one."""
    return Layer.of(
        np.concatenate([one.customers for one in layers] or [np.zeros(0, np.int64)]),
        np.concatenate([np.diff(one.offsets) for one in layers] or [np.zeros(0, np.int64)]),
        np.concatenate([one.at for one in layers] or [np.zeros(0, np.int64)]),
        np.concatenate([one.codes for one in layers] or [np.zeros(0, np.int32)]),
        np.concatenate([one.closed for one in layers] or [np.zeros(0, np.int64)]),
    )


@dataclass
class OpenTouches:
    """All layers, the oldest first."""

    layers: list[Layer] = field(default_factory=list)

    def of(self, wanted: Longs) -> Layer:
        """What is known of the customers ``wanted`` (each once); only those that are known."""
        found = []
        for layer in reversed(self.layers):
            known, rows = layer.find(wanted)
            found.append(layer.picked(rows))
            wanted = wanted[~known]
        return together(found)

    def put(self, layer: Layer) -> None:
        """From now on this holds for the customers of ``layer``."""
        self.layers.append(layer)
        while len(self.layers) > 1:
            older, newer = self.layers[-2:]
            if len(older.at) + len(older.customers) > 2 * (len(newer.at) + len(newer.customers)):
                return
            replaced, _rows = newer.find(older.customers)
            self.layers[-2:] = [together([older.picked(np.flatnonzero(~replaced)), newer])]
