"""Ordered Shapley values: what a channel earns at each place of the journey.

Each journey shares its conversion equally among its different channels; a channel that was met
several times shares its part equally among those touches. Summed over places this is the Shapley
value. Source: Zhao, Mahboobi, Bagheri, “Shapley value methods for attribution modeling in online
advertising” (2018), the ordered method.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa

from regie.domain.attribution.arrays import Floats, summed
from regie.domain.attribution.paths import Paths

PLACES = 20


def ordered_shapley(
    parts: Iterable[Paths], units: Sequence[str], *, places: int = PLACES
) -> pa.Table:
    """channel, place (from 1; the last holds all later ones too), conversions, conversion_value."""
    sums = np.zeros((2, len(units) * places))
    for paths in parts:
        earning = paths.converting()
        if len(earning) == 0:
            continue
        weights = _shares(earning)
        here = np.arange(len(earning.codes), dtype=np.int64)
        place = np.minimum(here - earning.first[earning.owners], places - 1)
        cells = earning.codes.astype(np.int64) * places + place
        for row, earned in enumerate((earning.conversions, earning.value)):
            sums[row] += summed(cells, weights * earned[earning.owners], sums.shape[1])
    shown = np.flatnonzero((sums != 0).any(axis=0))
    return pa.table({
        "channel": pa.array([units[cell // places] for cell in shown.tolist()], pa.string()),
        "place": pa.array(shown % places + 1, pa.int64()),
        "conversions": pa.array(sums[0, shown], pa.float64()),
        "conversion_value": pa.array(sums[1, shown], pa.float64()),
    })  # fmt: skip


def _shares(paths: Paths) -> Floats:
    """The share of each touch: one over the channels of its path, and over its own repeats."""
    pairs = paths.owners * paths.units + paths.codes
    distinct, where, repeats = np.unique(pairs, return_inverse=True, return_counts=True)
    channels = np.bincount(distinct // paths.units, minlength=len(paths))
    shares: Floats = 1.0 / (channels[paths.owners] * repeats[where])
    return shares
