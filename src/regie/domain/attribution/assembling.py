"""Journeys that remember which rows they are made of, so that each credit can be traced back.

The rules are those of `journeys`. Besides, a sale of another period only closes a journey, and
what was measured without consent earns credit on its own day and is no path that did not convert.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from regie.domain.attribution.arrays import Codes, Flags, Floats, Longs, ranges
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
    order = np.arange(len(sold), dtype=np.int64) if rows.is_in_order else _order(rows, sold)
    who, sale = rows.who[order], sold[order]
    closes = sale.copy()
    if len(order):
        closes[:-1] |= who[1:] != who[:-1]
        closes[-1] = True
    ends = np.flatnonzero(closes)
    starts = np.concatenate(([0], ends[:-1] + 1))[: len(ends)]
    converted = sale[ends]
    lengths = ends - starts + ~converted
    owners = np.repeat(np.arange(len(ends), dtype=np.int64), lengths)
    touches = ranges(starts, lengths)
    ages = np.where(
        converted[owners], rows.at[order[ends[owners]]] - rows.at[order[touches]], 0
    ).astype(np.int64)
    inside = ~converted[owners] | (
        (ages <= _ticks(lookback)) & ((ages >= _ticks(lag)) if lag else True)
    )
    owners, touches, ages = owners[inside], touches[inside], ages[inside]
    lengths = np.bincount(owners, minlength=len(ends))
    wanted = rows.counts[order[ends]]
    kept = wanted & (lengths > 0)
    chosen = kept[owners]
    last = order[ends]
    return Assembled(
        _paths(rows, units, order, last[kept], converted[kept], lengths[kept],
               touches[chosen], ages[chosen]),
        np.where(converted[kept], last[kept], -1),
        order[touches[chosen]],
        last[wanted & converted & (lengths == 0)],
    )  # fmt: skip


def _order(rows: Rows, sold: Flags) -> Longs:
    last = () if rows.tie is None else (rows.tie,)
    return np.lexsort((*last, sold, rows.at, rows.who))


def _ticks(span: timedelta) -> int:
    return round(span / timedelta(microseconds=1))


def _paths(
    rows: Rows, units: int, order: Longs, last: Longs, converted: Flags, lengths: Longs,
    touches: Longs, ages: Longs,
) -> Paths:  # fmt: skip
    conversions = converted.astype(np.float64)
    return Paths(
        units,
        rows.codes[order[touches]],
        np.concatenate(([0], np.cumsum(lengths))),
        conversions,
        np.where(converted, rows.worth[last], 0.0),
        1.0 - conversions,
        ages / DAY,
        np.where(converted, rows.at[last], 0),
    )
