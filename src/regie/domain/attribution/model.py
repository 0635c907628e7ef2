"""What an attribution model is.

A rule shares one journey among its touches, whatever the others did. A data-driven model learns
from all paths, those that did not convert included, and has an uncertainty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from regie.domain.attribution.arrays import Flags, Floats
from regie.domain.attribution.paths import Paths


@dataclass(frozen=True)
class Settings:
    """What a model may need besides the paths.

    ``direct`` marks the units (one flag each) that are visits without a known source; ``order`` is
    how many channels a state of the Markov chain remembers; ``half_life`` is in days.
    """

    direct: Flags
    order: int = 1
    half_life: float = 7.0


@dataclass(frozen=True)
class Credit:
    """What each unit earned: one number a unit, in the order of their codes.

    ``low`` and ``high`` bound the conversions; ``removal_effect`` is the share of them that would
    be lost without the unit. None where the model has no such thing.
    """

    conversions: Floats
    value: Floats
    removal_effect: Floats | None = None
    low: Floats | None = None
    high: Floats | None = None


class Learner(Protocol):
    """Adds paths up, part after part, and gives the credits of all of them."""

    def add(self, paths: Paths) -> None: ...

    def credit(self) -> Credit: ...


@dataclass(frozen=True)
class Model:
    """``name`` is what one asks for; ``rank`` is its place in tables."""

    name: str
    label: str
    description: str
    rank: int


@dataclass(frozen=True)
class Rule(Model):
    """``weights`` gives the share of each touch; those of one path add up to 1."""

    weights: Callable[[Paths, Settings], Floats]


@dataclass(frozen=True)
class DataDriven(Model):
    """``learner`` starts one for so many units."""

    learner: Callable[[int, Settings], Learner]
