"""Last touch: the touchpoint just before the conversion gets everything; the usual baseline."""

from __future__ import annotations

import numpy as np

from regie.domain.attribution.arrays import Floats
from regie.domain.attribution.model import Rule, Settings
from regie.domain.attribution.paths import Paths
from regie.kernel.i18n import _


def weights(paths: Paths, settings: Settings) -> Floats:
    found = np.zeros(len(paths.codes))
    found[paths.last] = 1.0
    return found


last_touch = Rule(
    name="last_touch",
    label=_("Last touch"),
    description=_("All the credit goes to the touchpoint just before the conversion."),
    rank=20,
    weights=weights,
)
