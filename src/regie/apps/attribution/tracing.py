"""The conversions behind a figure, each with the visits that led to it and what each earned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from regie.apps.attribution.answering import Journeys, journeys
from regie.apps.attribution.both_ways import asked_of, reach_of, ways_of
from regie.apps.attribution.reading import SHOP, Read, read
from regie.apps.attribution.told import who_said
from regie.apps.beneficiaries.selectors import opened
from regie.domain.attribution.arrays import Floats, Longs
from regie.domain.attribution.log import CONVERSION
from regie.domain.attribution.model import Model, Rule, Settings
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
    weights = _weights(found, question, rule)
    return Trace(
        [_sale(found, int(path), weights) for path in latest], len(chosen), isinstance(rule, Rule)
    )


def trace_answer(question: Question, scope: Scope, *, answer: str, model: str) -> Trace:
    """The conversions of the period that said that this led them, a word of `declared.ANSWERS`,
    each with its journey: what was measured beside what is said."""
    session = opened(scope)
    ids = who_said(answer, question, session)
    found = journeys(session, scope, question)
    made, rule = found.assembled, models()[model]
    won = np.flatnonzero(made.sales >= 0)
    rows = np.concatenate((made.sales[won], made.unattributed))
    paths = np.concatenate((won, np.full(len(made.unattributed), -1, np.int64)))
    said = np.array(
        [one in ids for one in found.read.shown("touch_id", rows).to_pylist()], np.bool_
    )
    rows, paths = rows[said], paths[said]
    latest = np.argsort(-found.read.rows.at[rows], kind="stable")[:SHOWN]
    weights = _weights(found, question, rule)
    sales = [
        _sale(found, int(paths[n]), weights) if paths[n] >= 0 else _sold(found.read, int(rows[n]))
        for n in latest
    ]
    return Trace(sales, len(rows), isinstance(rule, Rule))


def trace_way(question: Question, scope: Scope, way: str) -> Trace:
    """The sales behind a figure of `both_ways.BothWays`, called by its name, each with where its
    buyer had been before: a unit `reading.SHOP`, `reading.AD` or `reading.SITE`."""
    asked = asked_of(question)
    found = read(opened(scope), scope, asked)
    marks = ways_of(found, asked)[way]
    sales = np.flatnonzero(marks.sales)
    latest = sales[np.argsort(-found.rows.at[sales], kind="stable")][:SHOWN]
    been = np.flatnonzero(marks.been)
    return Trace(
        [_sold(found, int(row), _before(found, int(row), been, reach_of(asked))) for row in latest],
        len(sales), False,
    )  # fmt: skip


def _before(found: Read, row: int, been: Longs, reach: int) -> list[TracedTouch]:
    """Where the buyer of a sale had been, of the rows ``been``, the first first."""
    who, at = found.rows.who, found.rows.at
    his = been[(who[been] == who[row]) & (at[been] <= at[row]) & (at[row] - at[been] <= reach)]
    his = his[his != row]
    return [
        _touch(found, int(one), SHOP if found.rows.codes[one] == CONVERSION
               else found.names[int(found.rows.codes[one])])
        for one in his[np.argsort(at[his], kind="stable")]
    ]  # fmt: skip


def _weights(found: Journeys, question: Question, rule: Model) -> Floats | None:
    """The share of each touch; None where the model speaks of units."""
    paths = found.assembled.paths
    if not isinstance(rule, Rule) or not len(paths):
        return None
    return rule.weights(paths, Settings(found.direct, question.order))


def _sale(found: Journeys, path: int, weights: Floats | None) -> TracedSale:
    made = found.assembled
    paths = made.paths
    touches = [
        _touch(
            found.read, int(made.touches[place]), found.read.names[int(paths.codes[place])],
            None if weights is None else float(weights[place]),
        )
        for place in range(int(paths.offsets[path]), int(paths.offsets[path + 1]))
    ]  # fmt: skip
    return _sold(found.read, int(made.sales[path]), touches)


def _touch(found: Read, row: int, unit: str, share: float | None = None) -> TracedTouch:
    table = found.table
    at, device = table["happened_at"][row].as_py(), table["device"][row].as_py()
    return TracedTouch(unit, at, device or "", share)


def _sold(found: Read, row: int, touches: Sequence[TracedTouch] = ()) -> TracedSale:
    table = found.table
    return TracedSale(
        table["ref"][row].as_py() or "", table["happened_at"][row].as_py(),
        float(found.rows.worth[row]) if found.valued[row] else None,
        bool(found.consented[row]), touches,
    )  # fmt: skip
