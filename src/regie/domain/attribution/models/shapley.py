"""Shapley: a coalition of channels is worth the conversions that it could have made alone.

With the sum over subsets as the worth, the value has a closed form for any number of channels:
each journey shares its conversion equally among the different channels it went through. Source:
Zhao, Mahboobi, Bagheri, “Shapley value methods for attribution modeling in online advertising”
(2018).
"""

from __future__ import annotations

import numpy as np

from regie.domain.attribution.arrays import summed
from regie.domain.attribution.coalitions import gatherer
from regie.domain.attribution.model import Credit, DataDriven, Settings
from regie.domain.attribution.paths import Paths
from regie.kernel.i18n import _


class Shapley:
    def __init__(self, units: int, settings: Settings) -> None:
        self.units = units
        self.gatherer = gatherer(units)

    def add(self, paths: Paths) -> None:
        self.gatherer.add(paths)

    def credit(self) -> Credit:
        sets = self.gatherer.coalitions(converting=True)
        owners = np.repeat(np.arange(len(sets.sizes)), sets.sizes)
        conversions, value = (
            summed(sets.members, (sums / sets.sizes)[owners], self.units)
            for sums in (sets.conversions, sets.value)
        )
        return Credit(conversions, value)


shapley = DataDriven(
    name="shapley",
    label=_("Shapley value"),
    description=_(
        "A set of channels is worth the conversions of the journeys that used no other; each "
        "channel gets its mean contribution over all orders of joining."
    ),
    rank=80,
    learner=Shapley,
)
