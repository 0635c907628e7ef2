"""Answers a question about journeys: every model's credits, and what the journeys look like.

An answer belongs to what is published, to a scope and to a question, and is found once for the
three of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa

from regie.apps.attribution.kept.laying import is_kept, read_kept
from regie.apps.attribution.reading import Read, read
from regie.apps.beneficiaries.selectors import opened
from regie.apps.connections import selectors as connections
from regie.apps.identity import selectors as identity
from regie.domain.attribution.arrays import Flags, Longs, summed
from regie.domain.attribution.assembling import Assembled, assembled
from regie.domain.attribution.bootstrap import with_intervals
from regie.domain.attribution.comparing import credits_of
from regie.domain.attribution.direct import redistributed
from regie.domain.attribution.matrices import transition_matrix
from regie.domain.attribution.model import Credit, DataDriven, Model, Rule, Settings
from regie.domain.attribution.models import models
from regie.domain.attribution.paths import Paths
from regie.domain.attribution.questions import DIRECT, QUALIFIED, Question
from regie.domain.attribution.summaries import (
    assisted,
    most_usual_paths,
    steps,
    time_to_conversion,
    touches_to_conversion,
)
from regie.domain.facts import EVENTS, LEADS, ORDERS, TOUCHES
from regie.kernel.scope import Scope
from regie.warehouse.views import Session

MOST_PATHS = 200
RESTS_ON = (TOUCHES.name, ORDERS.name)  # what all journeys are read from


@dataclass(frozen=True)
class Rests:
    """What the figures rest on: conversions of the period by how their journey is known.

    ``visits`` are those of the period, ``consented`` those of them that could be joined;
    ``valued`` are the conversions whose worth is known.
    """

    conversions: int
    joined: int
    within_a_day: int
    unattributed: int
    value: float
    unattributed_value: float
    visits: int
    consented: int
    not_converted: int
    without_rate: int
    across_devices: int
    devices_known: int
    valued: int


@dataclass(frozen=True)
class Attribution:
    """``credits`` of each model, one number a unit of ``units``; tables as `summaries` makes them.

    ``paths`` holds the most frequent journeys only, of ``all_paths``; ``transitions`` is the chain
    that Markov solves.
    """

    question: Question
    units: Sequence[str]
    credits: Mapping[str, Credit]
    rests: Rests
    assisted: pa.Table
    days_to: pa.Table
    touches_to: pa.Table
    steps: pa.Table
    transitions: pa.Table
    paths: pa.Table
    all_paths: int
    median_days: float | None

    @property
    def has_value(self) -> bool:
        """Whether any conversion says what it is worth."""
        return self.rests.valued > 0


@dataclass(frozen=True)
class Journeys:
    """What an answer is computed from; ``touches`` are rows of ``read``, as ``assembled`` says.

    ``idle`` are further paths, which did not convert: none where all of them are assembled.
    """

    read: Read
    assembled: Assembled
    direct: Flags
    idle: Paths | None = None

    @property
    def parts(self) -> list[Paths]:
        """All paths."""
        paths = self.assembled.paths
        return [paths] if self.idle is None else [paths, self.idle]


def attribution(question: Question, scope: Scope) -> Attribution:
    """The answer to ``question`` from what ``scope`` may read, as it is published now."""
    session = opened(scope)
    # People are worked out again, and rates told, without anything being published.
    stamps = identity.stamp(sorted(scope.organisations)), connections.rates_stamp()
    return session.remember_while(
        rests_on(question),
        ("attribution", question, stamps),
        lambda: _answered(session, scope, question),
    )


def rests_on(question: Question) -> tuple[str, ...]:
    """The tables that an answer is worked out from."""
    if question.is_own_event:
        return (*RESTS_ON, EVENTS.name)
    return (*RESTS_ON, LEADS.name) if question.kind in QUALIFIED else RESTS_ON


def journeys(session: Session, scope: Scope, question: Question, *, carried: str = "") -> Journeys:
    """Not kept: it is as large as the touches themselves. ``carried`` is as in ``read``."""
    return _assembled(read(session, scope, question, carried=carried), question)


def _assembled(found: Read, question: Question) -> Journeys:
    made = assembled(found.rows, len(found.names), lookback=question.lookback, lag=question.lag)
    direct = np.array([name == DIRECT for name in found.names], np.bool_)
    idle = found.idle
    if question.exclude_direct:
        kept = _but_direct(made.paths, direct)
        made = replace(made, paths=made.paths.keep_touches(kept), touches=made.touches[kept])
        idle = idle and idle.keep_touches(_but_direct(idle, direct))
    return Journeys(found, made, direct, idle)


def _read(session: Session, scope: Scope, question: Question) -> Read:
    """From what was kept of earlier questions, as far as that is done."""
    if is_kept(scope, question) and session.has(TOUCHES.name):
        return read_kept(session, scope, question)
    return read(session, scope, question)


def _but_direct(paths: Paths, direct: Flags) -> Flags:
    """Which touches stay when direct visits are taken out of journeys that have others."""
    if len(paths) == 0:
        return np.zeros(0, np.bool_)
    known = ~direct[paths.codes]
    some = np.logical_or.reduceat(known, paths.first)
    return known | ~some[paths.owners]


def _answered(session: Session, scope: Scope, question: Question) -> Attribution:
    found = _assembled(_read(session, scope, question), question)
    paths, units = found.assembled.paths, found.read.names
    usual, all_paths = most_usual_paths([part.collapsed for part in found.parts], units, MOST_PATHS)
    return Attribution(
        question=question,
        units=units,
        credits=credits_of_journeys(found, question, tuple(models().values())),
        rests=_rests(session, found, question),
        assisted=assisted([paths], units),
        days_to=time_to_conversion([paths]),
        touches_to=touches_to_conversion([paths]),
        steps=steps(found.parts, units),
        transitions=transition_matrix(found.parts, units, order=question.order),
        paths=usual,
        all_paths=all_paths,
        median_days=_median_days(paths),
    )


def credits_of_journeys(
    found: Journeys, question: Question, every: Sequence[Model]
) -> dict[str, Credit]:
    """What each of the models ``every`` gives to each unit."""
    settings = Settings(found.direct, question.order)
    size = len(found.read.names)
    if size == 0:
        return {one.name: Credit(np.zeros(0), np.zeros(0)) for one in every}
    credits_ = credits_of(every, found.parts, size, settings)
    if question.intervals:
        learning = [one for one in every if isinstance(one, DataDriven)]
        credits_ = with_intervals(credits_, learning, found.parts, size, settings)
    if question.basis == "click":
        credits_ = _of_clicks(found, question, credits_, settings)
    if question.exclude_direct:
        credits_ = {name: redistributed(one, found.direct) for name, one in credits_.items()}
    return credits_


def _of_clicks(
    found: Journeys, question: Question, credits_: Mapping[str, Credit], settings: Settings
) -> dict[str, Credit]:
    """Of those credits what visits of the period earned, by the days of their organisations."""
    every = tuple(models().values())
    days = _touch_days(found)
    inside = (days >= question.period.start.toordinal()) & (days <= question.period.end.toordinal())
    paths = found.assembled.paths
    earning = paths.conversions[paths.owners] > 0
    weights = {one.name: one.weights(paths, settings) for one in every if isinstance(one, Rule)}
    shares = {}
    for name, credit in credits_.items():
        # A data-driven model speaks of units: its credit lies on days as linear credit does.
        weight = weights.get(name, weights["linear"])
        figures = []
        for whole, each in ((credit.conversions, paths.conversions), (credit.value, paths.value)):
            worth = weight * each[paths.owners] * earning
            there = summed(paths.codes, worth * inside, paths.units)
            everywhere = summed(paths.codes, worth, paths.units)
            share = np.divide(there, everywhere, out=np.zeros(paths.units), where=everywhere != 0)
            figures.append(there if name in weights else whole * share)
        shares[name] = replace(
            credit, conversions=figures[0], value=figures[1], low=None, high=None
        )
    return shares


def _touch_days(found: Journeys) -> Longs:
    """The day of each touch, as Python counts days."""
    days = found.read.shown("date", found.assembled.touches).cast(pa.int32())
    there: Longs = days.to_numpy().astype(np.int64)
    return there + date(1970, 1, 1).toordinal()


def _rests(session: Session, found: Journeys, question: Question) -> Rests:
    made, consented = found.assembled, found.read.consented
    won = made.sales[made.sales >= 0]
    worth = found.read.rows.worth
    visits, joined = found.read.visited or _visits(session, question)
    crossed, known = _across_devices(found)
    return Rests(
        conversions=len(won) + len(made.unattributed),
        joined=int(consented[won].sum()),
        within_a_day=int((~consented[won]).sum()),
        unattributed=len(made.unattributed),
        value=float(worth[won].sum() + worth[made.unattributed].sum()),
        unattributed_value=float(worth[made.unattributed].sum()),
        visits=visits,
        consented=joined,
        not_converted=int((made.sales < 0).sum()) + len(found.idle or ()),
        without_rate=found.read.lost,
        across_devices=crossed,
        devices_known=known,
        valued=int(found.read.valued[won].sum() + found.read.valued[made.unattributed].sum()),
    )


def _visits(session: Session, question: Question) -> tuple[int, int]:
    if not session.has("touches"):
        return 0, 0
    ((visits, joined),) = session.rows(
        "SELECT CAST(coalesce(sum(visits), 0) AS BIGINT), CAST(coalesce(sum(visits) "
        "FILTER (WHERE mode = 'consented'), 0) AS BIGINT) "
        f"FROM {session.table('touches', question.period)} "
        "WHERE kind = 'visit' AND date BETWEEN ? AND ?",
        [question.period.start, question.period.end],
    )
    return visits, joined


def _across_devices(found: Journeys) -> tuple[int, int]:
    """Journeys that began on one device and ended on another, of those where both are known."""
    paths, touches = found.assembled.paths, found.assembled.touches
    won = paths.conversions > 0
    ends = np.concatenate((touches[paths.first[won]], touches[paths.last[won]]))
    encoded = found.read.shown("device", ends).cast(pa.string()).dictionary_encode()
    first, last = np.asarray(encoded.indices.fill_null(-1)).reshape(2, -1)
    known = (first >= 0) & (last >= 0)
    return int((known & (first != last)).sum()), int(known.sum())


def _median_days(paths: Paths) -> float | None:
    earning = paths.converting()
    if len(earning) == 0 or earning.ages is None:
        return None
    return float(np.median(earning.ages[earning.first]))
