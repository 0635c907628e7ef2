"""Time decay: a touchpoint counts half as much for every seven days before the conversion."""

from __future__ import annotations

import numpy as np

from regie.domain.attribution.arrays import Floats
from regie.domain.attribution.model import Rule, Settings
from regie.domain.attribution.paths import Paths
from regie.kernel.i18n import _


def weights(paths: Paths, settings: Settings) -> Floats:
    if len(paths) == 0:
        return np.zeros(0)
    days = paths.days_before
    # Counted from the youngest touch of the path: a very old one must not vanish to 0 / 0.
    youngest = np.minimum.reduceat(days, paths.first)
    found = np.exp2((youngest[paths.owners] - days) / settings.half_life)
    return found / np.add.reduceat(found, paths.first)[paths.owners]


time_decay = Rule(
    name="time_decay",
    label=_("Time decay (7 days)"),
    description=_(
        "The closer to the conversion, the more credit: half as much for every seven days before "
        "it. In paths without times, each step back counts as one day."
    ),
    rank=60,
    weights=weights,
)
