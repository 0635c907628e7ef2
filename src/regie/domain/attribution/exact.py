"""Credits of single touches as exact decimals: those of one conversion add up to it, to the last.

They are counted in billionths, as amounts are kept, and what rounding leaves over goes to the
touch with the largest share.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from regie.domain.attribution.arrays import Floats, Longs

BILLION = 1_000_000_000
DIGITS, PLACES = 38, 9


def shared_exactly(weights: Floats, owners: Longs, amounts: Longs) -> Longs:
    """``amounts[i]`` billionths shared among the touches that ``owners`` gives to ``i``.

    The touches of one owner stand together, and every owner has some; their weights add up to 1.
    """
    if len(weights) == 0:
        return np.zeros(0, np.int64)
    found: Longs = np.rint(weights * amounts[owners]).astype(np.int64)
    first = np.flatnonzero(np.concatenate(([True], owners[1:] != owners[:-1])))
    over = amounts[owners[first]] - np.add.reduceat(found, first)
    # The last of the largest, found without a loop: sorted by owner, then by weight.
    order = np.lexsort((weights, owners))
    last = np.append(first[1:], len(owners)) - 1
    found[order[last]] += over
    return found


def billionths(amounts: Floats) -> Longs:
    return np.rint(amounts * BILLION).astype(np.int64)


def as_decimals(amounts: Longs) -> pa.Array:
    """Billionths as decimals with nine places."""
    wide = np.stack((amounts, amounts >> 63), axis=1)
    buffer = pa.py_buffer(np.ascontiguousarray(wide).tobytes())
    return pa.Array.from_buffers(pa.decimal128(DIGITS, PLACES), len(amounts), [None, buffer])
