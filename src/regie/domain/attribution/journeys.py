"""From ordered events to journeys, by the rules of the field.

A journey holds the touches of a customer after his previous conversion and within the look-back
window before this one; older ones are dropped. Touches after the last conversion are one path that
did not convert. A conversion without a touch is attributed to nobody, and counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np

from regie.domain.attribution.arrays import Flags, Floats, Longs, ranges
from regie.domain.attribution.log import EventLog
from regie.domain.attribution.ordering import Chunk, in_order
from regie.domain.attribution.paths import Paths

DAY, MICROSECONDS = 86_400, 1_000_000


@dataclass
class Journeys:
    """The journeys of ``log``, part after part; what was left out is counted on the way.

    ``lookback`` is how old a touch may be at the conversion; ``lag`` how old it must be at least.
    """

    log: EventLog
    lookback: timedelta
    lag: timedelta = timedelta(0)
    unattributed: int = 0
    unattributed_value: float = 0.0
    dropped: int = 0
    converted: int = field(default=0)
    not_converted: int = field(default=0)

    def __iter__(self) -> Iterator[Paths]:
        for chunk in in_order(self.log):
            yield self.of(chunk)

    def _ticks(self, span: timedelta) -> int:
        return round(span / timedelta(seconds=1) * self.log.ticks_per_second)

    def of(self, chunk: Chunk) -> Paths:
        """The journeys of some customers."""
        codes = self.log.codes[chunk.rows]
        sale = codes < 0
        closes = sale.copy()
        closes[:-1] |= chunk.opens[1:]
        closes[-1] = True
        ends = np.flatnonzero(closes)
        starts = np.concatenate(([0], ends[:-1] + 1))
        sold = sale[ends]
        lengths = ends - starts + ~sold
        touches = ~sale
        ages = self._look_back(chunk.rows, starts, ends, lengths, sold, touches)
        worth = self._worth(chunk.rows[ends[sold]], lengths[sold] > 0)
        kept = lengths > 0
        conversions = sold[kept].astype(np.float64)
        value = np.zeros(len(conversions))
        value[sold[kept]] = worth
        self.converted += len(worth)
        self.not_converted += len(conversions) - len(worth)
        return Paths(
            len(self.log.units),
            codes[touches],
            np.concatenate(([0], np.cumsum(lengths[kept]))),
            conversions,
            value,
            1.0 - conversions,
            ages,
            self._ended(chunk.rows[ends[kept]], sold[kept]),
        )

    def _ended(self, rows: Longs, sold: Flags) -> Longs:
        ended: Longs = np.zeros(len(rows), np.int64)
        ended[sold] = self.log.at[rows[sold]] // (self.log.ticks_per_second // MICROSECONDS)
        return ended

    def _look_back(
        self, rows: Longs, starts: Longs, ends: Longs, lengths: Longs, sold: Flags, touches: Flags
    ) -> Floats:
        """Leave out what is too old or too young: shortens ``lengths``, unmarks ``touches``.

        Returns the age of each touch that is left; 0 on paths that did not convert.
        """
        journeys = np.flatnonzero(sold & (lengths > 0))
        counts = lengths[journeys]
        there = ranges(starts[journeys], counts)
        owners = np.repeat(journeys, counts)
        age = self.log.at[rows[ends[owners]]] - self.log.at[rows[there]]
        out = age > self._ticks(self.lookback)
        if self.lag:
            out |= age < self._ticks(self.lag)
        if out.any():
            touches[there[out]] = False
            lengths -= np.bincount(owners[out], minlength=len(lengths))
            self.dropped += int(out.sum())
        ages = np.zeros(len(rows))
        ages[there] = age / (self.log.ticks_per_second * DAY)
        return ages[touches]

    def _worth(self, rows: Longs, attributed: Flags) -> Floats:
        """What the conversions with a touch were worth; those without are counted aside."""
        worth = self.log.worth[np.searchsorted(self.log.sold, rows)]
        self.unattributed += int(np.count_nonzero(~attributed))
        self.unattributed_value += float(worth[~attributed].sum())
        return worth[attributed]
