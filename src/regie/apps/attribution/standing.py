"""What each model gives for a whole month, organisation by organisation, by any unit.

People are joined within one organisation only, so that an organisation's month stands by itself:
it is the same for all who may see the whole of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from regie.apps.attribution.answering import Journeys, journeys
from regie.apps.attribution.reading import EVERY_UNIT, by_unit
from regie.domain.attribution.arrays import Flags, Longs
from regie.domain.attribution.comparing import credits_of
from regie.domain.attribution.model import Settings
from regie.domain.attribution.models import models
from regie.domain.attribution.paths import Paths
from regie.domain.attribution.questions import DIRECT, Question
from regie.kernel.scope import Scope
from regie.warehouse.views import Session

# What is told apart: a figure that would be shown otherwise.
LEAST = 0.005


@dataclass(frozen=True)
class Moved:
    """What a model gave to a unit when its month was closed, and what it gives now."""

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


# Model, then unit, then conversions and value.
Given = dict[str, dict[str, tuple[float, float]]]


@dataclass(frozen=True)
class Stood:
    """All conversions of the month, those without a journey too; ``given`` by kind of unit."""

    conversions: float
    value: float
    given: Mapping[str, Given]


def stood(
    session: Session, scope: Scope, question: Question, currencies: Mapping[int, str],
    units: Sequence[str],
) -> dict[int, Stood]:  # fmt: skip
    """By organisation; ``currencies`` says in which one the value of each is."""
    found: dict[int, Stood] = {}
    for currency in sorted(set(currencies.values())):
        wanted = {key for key, own in currencies.items() if own == currency}
        asked = replace(question, currency=currency)
        made = journeys(session, scope, asked, carried=EVERY_UNIT)
        owners = np.asarray(made.read.table["organisation_id"].combine_chunks())
        for key, given in _given(session, made, owners, wanted, units).items():
            found[key] = Stood(*_received(made, owners == key), given)
    return found


def _received(made: Journeys, own: Flags) -> tuple[float, float]:
    sales = made.assembled.sales
    rows = np.concatenate((sales[sales >= 0], made.assembled.unattributed))
    rows = rows[own[rows]]
    return float(len(rows)), float(made.read.rows.worth[rows].sum())


def _given(
    session: Session, made: Journeys, owners: Longs, wanted: set[int], units: Sequence[str]
) -> dict[int, dict[str, Given]]:
    met = wanted & set(np.unique(owners).tolist())
    found: dict[int, dict[str, Given]] = {key: {} for key in met}
    for unit in units:
        names, codes = by_unit(session, made.read, unit)
        paths = replace(made.assembled.paths, units=len(names), codes=codes[made.assembled.touches])
        for key, own, here in _apart(paths, owners[made.assembled.touches]):
            if key in found:
                found[key][unit] = _by_model(own, [names[code] for code in here.tolist()])
    return found


def _apart(paths: Paths, owners: Longs) -> Iterator[tuple[int, Paths, Longs]]:
    """The paths of each organisation, and the units that they met."""
    if len(paths) == 0:
        return
    of_paths = owners[paths.first]
    for organisation in np.unique(of_paths).tolist():
        own = paths.select(of_paths == organisation)
        met, codes = np.unique(own.codes, return_inverse=True)
        yield (
            organisation,
            Paths(len(met), codes, own.offsets, own.conversions, own.value, own.nulls, own.ages,
                  own.ended),
            met,
        )  # fmt: skip


def _by_model(paths: Paths, names: Sequence[str]) -> Given:
    every = tuple(models().values())
    direct = np.array([name == DIRECT for name in names], np.bool_)
    credits_ = credits_of(every, [paths], len(names), Settings(direct))
    return {
        model: {
            name: (float(conversions), float(value))
            for name, conversions, value in zip(names, one.conversions, one.value, strict=True)
            if conversions or value
        }
        for model, one in credits_.items()
    }


def moved(then: Given, now: Given, currency: str) -> list[Moved]:
    """Every model and unit of which either says something."""
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


def added(moves: Iterable[Moved]) -> list[Moved]:
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
