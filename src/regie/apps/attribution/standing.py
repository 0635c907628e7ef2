"""What each model gives for a whole month, organisation by organisation, by channel.

People are joined within one organisation only, so that an organisation's month stands by itself:
it is the same for all who may see the whole of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from regie.apps.attribution.answering import Journeys, journeys
from regie.domain.attribution.arrays import Longs
from regie.domain.attribution.comparing import credits_of
from regie.domain.attribution.model import Settings
from regie.domain.attribution.models import models
from regie.domain.attribution.paths import Paths
from regie.domain.attribution.questions import Question
from regie.kernel.periods import Period
from regie.kernel.scope import Scope
from regie.warehouse.views import Session

# What is told apart: a figure that would be shown otherwise.
LEAST = 0.005


@dataclass(frozen=True)
class Moved:
    """What a model gave to a channel when its month was closed, and what it gives now."""

    model: str
    unit: str
    currency: str
    conversions_then: float
    conversions: float
    value_then: float
    value: float

    @property
    def is_moved(self) -> bool:
        return (
            abs(self.conversions - self.conversions_then) >= LEAST
            or abs(self.value - self.value_then) >= LEAST
        )


# Model, then channel, then conversions and value.
Given = dict[str, dict[str, tuple[float, float]]]


def given(
    session: Session, scope: Scope, month: Period, currencies: Mapping[int, str]
) -> dict[int, Given]:
    """By organisation; ``currencies`` says in which one the value of each is."""
    found: dict[int, Given] = {}
    for currency in sorted(set(currencies.values())):
        wanted = {key for key, own in currencies.items() if own == currency}
        made = journeys(
            session, scope, Question(month, currency=currency), carried="organisation_id"
        )
        for organisation, paths, codes in _apart(made):
            if organisation in wanted:
                found[organisation] = _given(made, paths, codes)
    return found


def _apart(made: Journeys) -> Iterator[tuple[int, Paths, Longs]]:
    """The paths of each organisation, and the units that they met."""
    paths = made.assembled.paths
    if len(paths) == 0:
        return
    owners = np.asarray(made.read.table["organisation_id"].combine_chunks())
    of_paths = owners[made.assembled.touches[paths.first]]
    for organisation in np.unique(of_paths).tolist():
        own = paths.select(of_paths == organisation)
        met, codes = np.unique(own.codes, return_inverse=True)
        yield (
            organisation,
            Paths(len(met), codes, own.offsets, own.conversions, own.value, own.nulls, own.ages,
                  own.ended),
            met,
        )  # fmt: skip


def _given(made: Journeys, paths: Paths, met: Longs) -> Given:
    every = tuple(models().values())
    credits_ = credits_of(every, [paths], len(met), Settings(made.direct[met]))
    names = [made.read.names[code] for code in met.tolist()]
    return {
        model: {
            name: (float(conversions), float(value))
            for name, conversions, value in zip(names, one.conversions, one.value, strict=True)
        }
        for model, one in credits_.items()
    }


def moved(then: Given, now: Given, currency: str) -> list[Moved]:
    """Every model and channel of which either says something."""
    nothing = (0.0, 0.0)
    return [
        Moved(
            model, unit, currency,
            *(figure for pair in zip(
                then.get(model, {}).get(unit, nothing), now.get(model, {}).get(unit, nothing),
                strict=True,
            ) for figure in pair),
        )
        for model in models()
        for unit in sorted({*then.get(model, {}), *now.get(model, {})})
    ]  # fmt: skip


def added(moves: list[Moved]) -> list[Moved]:
    """Those of several organisations as one, and only what has moved."""
    sums: dict[tuple[str, str, str], list[float]] = {}
    for one in moves:
        into = sums.setdefault((one.model, one.unit, one.currency), [0.0] * 4)
        for place, figure in enumerate(
            (one.conversions_then, one.conversions, one.value_then, one.value)
        ):
            into[place] += figure
    found = [Moved(*key, *figures) for key, figures in sums.items()]
    return [one for one in found if one.is_moved]
