"""Several models over the same paths in one go: each part of the paths is looked at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from regie.domain.attribution.arrays import Floats
from regie.domain.attribution.model import Credit, DataDriven, Learner, Model, Rule, Settings
from regie.domain.attribution.paths import Paths


def credits_of(
    models: Sequence[Model], parts: Iterable[Paths], units: int, settings: Settings
) -> dict[str, Credit]:
    """The credit that each of ``models`` gives to each of ``units`` for all ``parts``."""
    rules = {one.name: np.zeros((2, units)) for one in models if isinstance(one, Rule)}
    learners = {
        one.name: one.learner(units, settings) for one in models if isinstance(one, DataDriven)
    }
    for paths in parts:
        _apply(models, rules, paths.converting(), settings)
        for learner in learners.values():
            learner.add(paths)
    return {one.name: _credit(one, rules, learners) for one in models}


def _apply(
    models: Sequence[Model], sums: dict[str, Floats], earning: Paths, settings: Settings
) -> None:
    """Add what each rule gives for the paths that earned something."""
    conversions, value = earning.conversions[earning.owners], earning.value[earning.owners]
    for model in models:
        if isinstance(model, Rule):
            weights = model.weights(earning, settings)
            sums[model.name][0] += np.bincount(earning.codes, weights * conversions, earning.units)
            sums[model.name][1] += np.bincount(earning.codes, weights * value, earning.units)


def _credit(model: Model, rules: dict[str, Floats], learners: dict[str, Learner]) -> Credit:
    if isinstance(model, Rule):
        conversions, value = rules[model.name]
        return Credit(conversions, value)
    return learners[model.name].credit()
