"""Last non-direct: the last touchpoint whose source is known gets everything.

Somebody who types the address already knows the brand from elsewhere; only a journey that is
direct from end to end leaves the credit with direct.
"""

from __future__ import annotations

import numpy as np

from regie.domain.attribution.arrays import Floats
from regie.domain.attribution.model import Rule, Settings
from regie.domain.attribution.paths import Paths
from regie.kernel.i18n import _


def weights(paths: Paths, settings: Settings) -> Floats:
    found = np.zeros(len(paths.codes))
    if len(paths) == 0:
        return found
    here = np.arange(len(paths.codes), dtype=np.int64)
    known = np.where(settings.direct[paths.codes], -1, here)
    last = np.maximum.reduceat(known, paths.first)
    found[np.where(last < 0, paths.last, last)] = 1.0
    return found


last_non_direct = Rule(
    name="last_non_direct",
    label=_("Last non-direct touch"),
    description=_(
        "All the credit goes to the last touchpoint that is not a direct visit; to the direct "
        "visit when there is nothing else."
    ),
    rank=30,
    weights=weights,
)
