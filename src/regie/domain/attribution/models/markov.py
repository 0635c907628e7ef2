"""Markov: a channel is worth what would be lost if every path through it were lost.

The removal effects come from the exact solution of the chain (`regie.domain.attribution.removal`),
never from simulated walks. Method: Anderl, Becker, von Wangenheim, Schumann, “Mapping the customer
journey”, International Journal of Research in Marketing 33 (2016).
"""

from __future__ import annotations

from regie.domain.attribution.arrays import shared_out
from regie.domain.attribution.model import Credit, DataDriven, Settings
from regie.domain.attribution.paths import Paths
from regie.domain.attribution.removal import removal_effects
from regie.domain.attribution.transitions import counter
from regie.kernel.i18n import _


class Markov:
    def __init__(self, units: int, settings: Settings) -> None:
        self.units = units
        self.counter = counter(units, settings.order)

    def add(self, paths: Paths) -> None:
        self.counter.add(paths)

    def credit(self) -> Credit:
        chain = self.counter.chain()
        conversions, value = removal_effects(chain, self.units)
        return Credit(
            shared_out(conversions, float(chain.conversions.sum())),
            shared_out(value, float(chain.value.sum())),
            removal_effect=conversions,
        )


markov = DataDriven(
    name="markov",
    label=_("Markov chain"),
    description=_(
        "A channel is worth the share of conversions that would be lost if every path through it "
        "were lost; learnt from all paths, those without a conversion included."
    ),
    rank=70,
    learner=Markov,
)
