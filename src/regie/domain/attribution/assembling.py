"""Journeys that remember which rows they are made of, so that each credit can be traced back.

The rules are those of `journeys`. Besides, a sale of another period only closes a journey, and
what was measured without consent earns credit on its own day and is no path that did not convert.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from regie.domain.attribution.arrays import Codes, Flags, Floats, Longs
from regie.domain.attribution.log import CONVERSION
from regie.domain.attribution.paths import Paths

DAY = 86_400_000_000  # microseconds, in which all times are


@dataclass(frozen=True)
class Rows:
    """Touches and sales: ``codes`` is ``CONVERSION`` on a sale, else the unit of the touch.

    ``counts`` marks sales of the period and touches that may end a path without conversion;
    ``tie`` orders what one person did at one moment. Rows that are in order say so.
    """

    who: Longs
    at: Longs
    codes: Codes
    worth: Floats
    counts: Flags
    tie: Longs | None = None
    is_in_order: bool = False


@dataclass(frozen=True)
class Assembled:
    """``paths`` in the order of who and when; ``sales`` is the row of each one's sale, or -1.

    ``touches`` is the row of each touch of ``paths``. ``unattributed`` are the rows of the sales
    of the period that no touch led to.
    """

    paths: Paths
    sales: Longs
    touches: Longs
    unattributed: Longs


def assembled(
    rows: Rows, units: int, *, lookback: timedelta, lag: timedelta = timedelta(0)
) -> Assembled:
    """The journeys of ``rows``, which may come in any order.

    Of one person and moment touches come before sales, then by ``rows.tie``, then as in ``rows``.
    """
    sold = rows.codes == CONVERSION
    order = None if rows.is_in_order else _order(rows, sold)
    who, at = (one if order is None else one[order] for one in (rows.who, rows.at))
    sale: Flags = sold if order is None else sold[order]
    closes = sale.copy()
    if len(closes):
        closes[:-1] |= who[1:] != who[:-1]
        closes[-1] = True
    ends = np.flatnonzero(closes)
    last = ends if order is None else order[ends]
    converted: Flags = sale[ends]
    wanted: Flags = rows.counts[last]
    # Of each row the journey that it is in, as far as that is asked for.
    owners = np.repeat(np.arange(len(ends), dtype=np.int64), np.diff(ends, prepend=-1))
    touches = np.flatnonzero(wanted[owners] & ~sale)
    owners = owners[touches]
    ages = np.zeros(len(touches), np.int64)
    won = np.flatnonzero(converted[owners])
    ages[won] = at[ends[owners[won]]] - at[touches[won]]
    outside = won[(ages[won] > _ticks(lookback)) | (ages[won] < _ticks(lag))]
    if len(outside):
        owners, touches, ages = (np.delete(one, outside) for one in (owners, touches, ages))
    lengths = np.bincount(owners, minlength=len(ends))
    kept = lengths > 0
    touches = touches if order is None else order[touches]
    return Assembled(
        _paths(rows, units, last[kept], converted[kept], lengths[kept], touches, ages),
        np.where(converted[kept], last[kept], -1),
        touches,
        last[wanted & converted & ~kept],
    )


def _order(rows: Rows, sold: Flags) -> Longs:
    last = () if rows.tie is None else (rows.tie,)
    return np.lexsort((*last, sold, rows.at, rows.who))


def _ticks(span: timedelta) -> int:
    return round(span / timedelta(microseconds=1))


def _paths(
    rows: Rows, units: int, last: Longs, converted: Flags, lengths: Longs, touches: Longs,
    ages: Longs,
) -> Paths:  # fmt: skip
    conversions = converted.astype(np.float64)
    return Paths(
        units,
        rows.codes[touches],
        np.concatenate(([0], np.cumsum(lengths))),
        conversions,
        np.where(converted, rows.worth[last], 0.0),
        1.0 - conversions,
        ages / DAY,
        np.where(converted, rows.at[last], 0),
    )
