"""The conversions behind a credit, each with the visits that led to it and what each earned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from regie.apps.attribution.answering import Journeys, journeys
from regie.apps.beneficiaries.selectors import opened
from regie.domain.attribution.arrays import Floats
from regie.domain.attribution.model import Rule, Settings
from regie.domain.attribution.models import models
from regie.domain.attribution.questions import Question
from regie.kernel.scope import Scope

SHOWN = 40


@dataclass(frozen=True)
class TracedTouch:
    """``share`` of the conversion is what the model gives it; None where it speaks of units."""

    unit: str
    at: datetime
    device: str
    share: float | None


@dataclass(frozen=True)
class TracedSale:
    """``at`` is UTC; ``value`` in the asked currency, None where it says none."""

    ref: str
    at: datetime
    value: float | None
    is_consented: bool
    touches: Sequence[TracedTouch]


@dataclass(frozen=True)
class Trace:
    """The latest of ``count`` conversions; ``is_rule`` where each visit has a share of its own."""

    sales: Sequence[TracedSale]
    count: int
    is_rule: bool


def trace(question: Question, scope: Scope, *, unit: str, model: str) -> Trace:
    """Of the conversions that ``unit`` was part of; of all where it is empty."""
    session = opened(scope)
    found = journeys(session, scope, question)
    paths, rule = found.assembled.paths, models()[model]
    won = paths.conversions > 0
    if unit:
        here = np.array([name == unit for name in found.read.names], np.bool_)
        met = np.zeros(len(paths), np.bool_)
        met[paths.owners[here[paths.codes]]] = True
        won &= met
    chosen = np.flatnonzero(won)
    times = found.read.rows.at[found.assembled.sales[chosen]]
    latest = chosen[np.argsort(-times, kind="stable")][:SHOWN]
    weights = None
    if isinstance(rule, Rule) and len(paths):
        weights = rule.weights(paths, Settings(found.direct, question.order))
    return Trace(
        [_sale(found, int(path), weights) for path in latest], len(chosen), isinstance(rule, Rule)
    )


def _sale(found: Journeys, path: int, weights: Floats | None) -> TracedSale:
    made, table = found.assembled, found.read.table
    paths, row = made.paths, int(made.sales[path])
    touches = []
    for place in range(int(paths.offsets[path]), int(paths.offsets[path + 1])):
        at = int(made.touches[place])
        touches.append(
            TracedTouch(
                found.read.names[int(paths.codes[place])],
                table["happened_at"][at].as_py(),
                table["device"][at].as_py() or "",
                None if weights is None else float(weights[place]),
            )
        )
    return TracedSale(
        table["ref"][row].as_py() or "", table["happened_at"][row].as_py(),
        float(found.read.rows.worth[row]) if found.read.valued[row] else None,
        bool(found.read.consented[row]), touches,
    )  # fmt: skip
