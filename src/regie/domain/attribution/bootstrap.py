"""How sure the data-driven models are: the same models over journeys drawn again (bootstrap).

Each path is seen a random number of times around how often it was seen (Poisson), which is
drawing journeys with replacement; the interval holds 95 % of what the models then say. It speaks
of how the conversions are shared, not of how many there are. The seed is fixed: the same data, the
same bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from regie.domain.attribution.arrays import Floats
from regie.domain.attribution.distinct import each_once
from regie.domain.attribution.model import Credit, DataDriven, Settings
from regie.domain.attribution.paths import Paths

DRAWS = 200
SEED = 19_790_101
BOUNDS = (2.5, 97.5)


def with_intervals(
    found: dict[str, Credit],
    models: Sequence[DataDriven],
    parts: Sequence[Paths],
    units: int,
    settings: Settings,
    draws: int = DRAWS,
) -> dict[str, Credit]:
    """``found`` with the bounds of the conversions of each of ``models``.

    Equal paths are drawn as one, so that the bounds are the same in whatever order rows come.
    """
    if not models:
        return found
    paths = each_once(parts, units)
    drawn = {model.name: np.zeros((draws, units)) for model in models}
    random = np.random.default_rng(SEED)
    for draw in range(draws):
        learners = {model.name: model.learner(units, settings) for model in models}
        again = _drawn_again(paths, random)
        for learner in learners.values():
            learner.add(again)
        for name, learner in learners.items():
            drawn[name][draw] = _shares(learner.credit().conversions)
    return found | {name: _bounded(found[name], shares) for name, shares in drawn.items()}


def _drawn_again(paths: Paths, random: np.random.Generator) -> Paths:
    conversions = random.poisson(paths.conversions).astype(np.float64)
    nulls = random.poisson(paths.nulls).astype(np.float64)
    each = np.divide(
        paths.value, paths.conversions, out=np.zeros(len(paths)), where=paths.conversions > 0
    )
    return paths.weighing(conversions=conversions, value=each * conversions, nulls=nulls)


def _shares(earned: Floats) -> Floats:
    total = earned.sum()
    return earned / total if total else np.full(len(earned), np.nan)


def _bounded(credit: Credit, shares: Floats) -> Credit:
    known = shares[~np.isnan(shares).any(axis=1)]
    if len(known) == 0:
        # Nothing converted in any draw: nothing to be sure of.
        return credit
    low, high = np.percentile(known, BOUNDS, axis=0) * credit.conversions.sum()
    return replace(credit, low=low, high=high)
