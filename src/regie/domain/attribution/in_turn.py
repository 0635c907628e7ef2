"""Rows in the order of who and when, and where the rows of some persons are among them."""

from __future__ import annotations

from collections.abc import Callable

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


def rows_of(who: Longs, some: Longs) -> Longs:
    """The rows of ``some`` persons (each once, in order), ``who`` being in order."""
    starts = np.searchsorted(who, some, "left")
    return ranges(starts, np.searchsorted(who, some, "right") - starts)


def _ties(who: Longs, at: Longs, sold: Flags | None) -> Flags:
    same = (who[1:] == who[:-1]) & (at[1:] == at[:-1])
    if sold is not None:
        same &= sold[1:] == sold[:-1]
    found = np.zeros(len(who), np.bool_)
    found[1:] |= same
    found[:-1] |= same
    return found
