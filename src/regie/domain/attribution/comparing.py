"""Several models over the same paths in one go: each part of the paths is looked at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from regie.domain.attribution.arrays import summed
from regie.domain.attribution.model import Credit, DataDriven, Model, Rule, Settings
from regie.domain.attribution.paths import Paths


class Comparison:
    """Adds paths up for all ``models`` at once.

    Everything that is added can be taken out again by adding it with the opposite counts.
    """

    def __init__(self, models: Sequence[Model], units: int, settings: Settings) -> None:
        self.models, self.settings = models, settings
        self.rules = {one: np.zeros((2, units)) for one in models if isinstance(one, Rule)}
        self.learners = {
            one.name: one.learner(units, settings) for one in models if isinstance(one, DataDriven)
        }

    def add(self, paths: Paths) -> None:
        if self.rules:
            self._apply(paths.converting())
        for learner in self.learners.values():
            learner.add(paths)

    def _apply(self, earning: Paths) -> None:
        """Add what each rule gives for the paths that earned something."""
        if len(earning) == 0:
            return
        conversions, value = earning.conversions[earning.owners], earning.value[earning.owners]
        for rule, sums in self.rules.items():
            weights = rule.weights(earning, self.settings)
            sums[0] += summed(earning.codes, weights * conversions, earning.units)
            sums[1] += summed(earning.codes, weights * value, earning.units)

    def credits(self) -> dict[str, Credit]:
        """The credit that each model gives to each unit for all that was added."""
        found = {
            rule.name: Credit(sums[0].copy(), sums[1].copy()) for rule, sums in self.rules.items()
        }
        found |= {name: learner.credit() for name, learner in self.learners.items()}
        return {one.name: found[one.name] for one in self.models}


def credits_of(
    models: Sequence[Model], parts: Iterable[Paths], units: int, settings: Settings
) -> dict[str, Credit]:
    """The credit that each of ``models`` gives to each of ``units`` for all ``parts``."""
    comparison = Comparison(models, units, settings)
    for paths in parts:
        comparison.add(paths)
    return comparison.credits()
