"""Each path once, in an order of its own: in how many rows it was counted, and in which order they
came, changes nothing about it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regie.domain.attribution.arrays import Floats, Longs, ranges, summed
from regie.domain.attribution.paths import Paths


def each_once(parts: Sequence[Paths], units: int) -> Paths:
    """All paths of ``parts`` over ``units`` channels, by the codes of their touches.

    Equal ones are one path that was seen as often as all of them; times are left out.
    """
    paths = _joined(parts, units)
    if len(paths) == 0:
        return paths
    first, where = _places(paths)
    sums = (paths.conversions, paths.value, paths.nulls)
    # Added up in the order of what they are, not in that of the rows.
    rows = np.lexsort((*sums, where))
    conversions, value, nulls = (summed(where[rows], one[rows], len(first)) for one in sums)
    lengths = paths.lengths[first]
    return Paths(
        units,
        paths.codes[ranges(paths.first[first], lengths)],
        np.concatenate(([0], np.cumsum(lengths))),
        conversions,
        value,
        nulls,
    )


def _joined(parts: Sequence[Paths], units: int) -> Paths:
    nothing: Longs = np.zeros(0, np.int64)
    lengths = np.concatenate([nothing, *(part.lengths for part in parts)])

    def column(name: str) -> Floats:
        return np.concatenate([np.zeros(0), *(getattr(part, name) for part in parts)])

    return Paths(
        units,
        np.concatenate([part.codes for part in parts]) if parts else nothing,
        np.concatenate(([0], np.cumsum(lengths))),
        column("conversions"),
        column("value"),
        column("nulls"),
    )


def _places(paths: Paths) -> tuple[Longs, Longs]:
    """A row of each distinct path, in order; and which of them each row is."""
    # Written with the highest byte first, codes sort as bytes as they do as numbers.
    spelled = paths.codes.astype(">u4")
    keys = pa.Array.from_buffers(
        pa.large_binary(),
        len(paths),
        [None, pa.py_buffer(paths.offsets * spelled.itemsize), pa.py_buffer(spelled)],
    ).dictionary_encode()
    order = np.asarray(pc.sort_indices(keys.dictionary)).astype(np.int64)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    where: Longs = place[np.asarray(keys.indices)]
    first = np.empty(len(order), np.int64)
    first[where] = np.arange(len(where))
    return first, where
