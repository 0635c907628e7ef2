"""The kinds of arrays that this package passes around, named once."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Codes = npt.NDArray[np.signedinteger[Any]]
Flags = npt.NDArray[np.bool_]
Masks = npt.NDArray[np.uint64]


def ranges(starts: Longs, lengths: Longs) -> Longs:
    """The positions ``starts[i] … starts[i] + lengths[i] - 1`` of all ``i``, one after another."""
    total = int(lengths.sum())
    shift = np.repeat(starts - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
    return np.arange(total, dtype=np.int64) + shift


def summed(cells: npt.NDArray[np.integer[Any]], weights: Floats, size: int) -> Floats:
    """The sum of the weights of each of ``size`` cells."""
    return np.bincount(cells, weights, size).astype(np.float64, copy=False)


def shared_out(weights: Floats, total: float) -> Floats:
    """``total`` split in proportion to ``weights``; zeros where they add up to nothing."""
    whole = weights.sum()
    return weights * (total / whole) if whole else np.zeros_like(weights)
