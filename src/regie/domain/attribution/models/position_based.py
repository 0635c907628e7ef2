"""Position-based ("U-shaped"): 40 % for the first touchpoint, 40 % for the last, 20 % between.

Meant for long cycles: what opened the door and what closed the sale are worth more than the
reminders in between. With nothing in between, the two ends share alike.
"""

from __future__ import annotations

import numpy as np

from regie.domain.attribution.arrays import Floats
from regie.domain.attribution.model import Rule, Settings
from regie.domain.attribution.paths import Paths
from regie.kernel.i18n import _

END = 0.4


def weights(paths: Paths, settings: Settings) -> Floats:
    length = paths.lengths
    middle = (1 - 2 * END) / np.maximum(length - 2, 1)
    end = np.where(length > 2, END, np.where(length == 2, 0.5, 1.0))
    found = middle[paths.owners]
    found[paths.first] = end
    found[paths.last] = end
    return found


position_based = Rule(
    name="position_based",
    label=_("Position-based (40/20/40)"),
    description=_(
        "The first and the last touchpoint get 40% each, those in between share 20%; two "
        "touchpoints get half each."
    ),
    rank=50,
    weights=weights,
)
