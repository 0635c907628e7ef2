"""First touch: the touchpoint that opened the journey gets everything."""

from __future__ import annotations

import numpy as np

from regie.domain.attribution.arrays import Floats
from regie.domain.attribution.model import Rule, Settings
from regie.domain.attribution.paths import Paths
from regie.kernel.i18n import _


def weights(paths: Paths, settings: Settings) -> Floats:
    found = np.zeros(len(paths.codes))
    found[paths.first] = 1.0
    return found


first_touch = Rule(
    name="first_touch",
    label=_("First touch"),
    description=_("All the credit goes to the touchpoint that opened the journey."),
    rank=10,
    weights=weights,
)
