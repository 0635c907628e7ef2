"""Lays the rows of a question out from its ground: visits, conversions, codes, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from regie.apps.attribution.kept.ground import Ground, ground
from regie.apps.attribution.kept.sales import Acts, acts_of
from regie.apps.attribution.kept.visits import (
    Names,
    Visits,
    consents,
    counted,
    days_of,
    flags_of,
)
from regie.apps.attribution.reading import UNIT_SQL, Read, names_of, read
from regie.domain.attribution.arrays import Codes, Flags, Longs, ranges
from regie.domain.attribution.assembling import Rows
from regie.domain.attribution.in_turn import Merged, among_equals, in_turn, places_among
from regie.domain.attribution.log import CONVERSION
from regie.domain.attribution.paths import Paths
from regie.domain.attribution.questions import Question
from regie.kernel.scope import Scope
from regie.warehouse.views import Session


def is_kept(scope: Scope, question: Question) -> bool:
    """Whether a ground is kept for such questions.

    Parts of accounts are seen through rules that may change any day of the past; one's own events
    are rare questions; bounds are drawn path by path, in the order of a full run.
    """
    return not (scope.parts or question.is_own_event or question.intervals)


def read_kept(session: Session, scope: Scope, question: Question) -> Read:
    """What `reading.read` gives, in the order of who and when."""
    length = (question.read.end - question.read.start).days.bit_length()
    key = (session.seen_as, question.unit, question.probable, length)
    with ground(key) as kept:
        kept.bring_up_to_date(
            session, scope, question.read, UNIT_SQL[question.unit], probable=question.probable
        )
        if kept.acts is None:  # nothing of these days was ever read
            return read(session, scope, question)
        return _read(session, scope, question, kept)


@dataclass(frozen=True)
class _Visited:
    """Visits of whoever did more than visit: ``rows`` of the ground in the order of who and when,
    and more of each."""

    rows: Longs
    who: Longs
    at: Longs


@dataclass(frozen=True)
class _Done:
    """What else was done, one row each in the order of who and when: acts, and what conversions say
    of themselves (``own``), which is a touch of its own. ``place`` is where each is among acts.
    """

    acts: Acts
    place: Longs
    own: Flags
    who: Longs
    at: Longs
    sold: Flags

    @property
    def table(self) -> pa.Table:
        return self.acts.table

    def of_acts(self, column: Any) -> Any:
        """What belongs to acts themselves; nothing of it is their touches'."""
        return np.where(self.own, np.zeros(1, column.dtype), column[self.place])


@dataclass(frozen=True, kw_only=True)
class _Laid(Read):
    """What is read, without a table: of each row ``shown`` finds what is asked of it, where it lies
    among visits, or what else was done."""

    visits: Visits
    met: _Visited
    done: _Done
    devices: Sequence[str]
    merged: Merged

    def sold_at(self, unit: str) -> Any:
        named = flags_of(pc.fill_null(pc.equal(self.done.table["earner"], unit), False))
        return self.merged.alone(self.done.of_acts(named)) & (self.rows.codes == CONVERSION)

    def shown(self, name: str, rows: Longs) -> pa.Array:
        there, visit = self.merged.back(rows)
        of_visits = self.met.rows[visit[there < 0]]
        of_done = self.done.table.take(pa.array(self.done.place[there[there >= 0]]))
        found = np.empty(len(rows), np.int32)
        if name == "date":
            found[there < 0], found[there >= 0] = self.visits.day[of_visits], days_of(of_done[name])
            return pa.array(found, pa.int32()).cast(pa.date32())
        devices = Names({one: code for code, one in enumerate(self.devices)})
        found[there < 0], found[there >= 0] = (
            self.visits.device[of_visits], devices.codes(of_done[name])
        )  # fmt: skip
        texts = pa.array(devices.texts(), pa.string())
        return texts.take(pa.array(found, mask=found < 0))


def _read(session: Session, scope: Scope, question: Question, kept: Ground) -> Read:
    acts = acts_of(session, scope, question, kept)
    # Visitors of one day have numbers as they came: in the order of their keys they are the same
    # whichever way a ground came about.
    ranks = kept.keys.ranks()
    every = np.flatnonzero(_within(kept.visits.day, question.read.start, question.read.end))
    acting = _of_acting(kept.whose[every], acts)
    visited = _visited(kept, every[acting], ranks)
    done = _done(question, replace(acts, who=_canonical(acts.who, ranks)), visited)
    merged = _merged(kept, visited, done)
    names, table, of_acts = _codes(kept, every, done, question)
    of_visits = table[kept.visits.unit[visited.rows]]
    counts = _counts(question, kept, visited, done)
    rows = Rows(
        merged(visited.who, done.who), merged(visited.at, done.at),
        merged(of_visits, np.where(done.sold, CONVERSION, of_acts)),
        merged.alone(done.of_acts(acts.worth)), merged(*counts), is_in_order=True,
    )  # fmt: skip
    first, last = counted(question.period.start), counted(question.period.end)
    seen = [both for one, both in kept.visited.items() if first <= one <= last]
    return _Laid(
        rows, names, pa.table({}), merged.alone(done.of_acts(consents(done.table))),
        int((done.of_acts(acts.lost) & counts[1]).sum()), merged.alone(done.of_acts(acts.valued)),
        (sum(every for every, _joined in seen), sum(joined for _every, joined in seen)),
        _idle(question, kept, np.delete(every, acting), table, len(names)),
        visits=kept.visits, met=visited, done=done, devices=kept.devices.texts(), merged=merged,
    )  # fmt: skip


def _counts(
    question: Question, kept: Ground, visited: _Visited, done: _Done
) -> tuple[Flags, Flags]:
    """Which visits may end a path that did not convert, and which of what else was done counts."""
    period, conversions = question.period, question.conversions
    day = days_of(done.table["date"])[done.place]
    return _may_end(question, kept, visited.rows), np.where(
        done.sold,
        _within(day, conversions.start, conversions.end),
        _within(day, period.start, period.end) & consents(done.table)[done.place],
    )


def _may_end(question: Question, kept: Ground, rows: Longs) -> Flags:
    """Which visits may be the last of a path that did not convert: a visitor known for a day alone
    is no such path, he may be any of the others."""
    visits, period = kept.visits, question.period
    may: Flags = _within(visits.day[rows], period.start, period.end)
    may &= kept.met.rows[3].astype(np.bool_)[visits.met[rows]]
    return may


def _of_acting(who: Longs, acts: Acts) -> Longs:
    """Which visits are those of somebody who did more than visit; ``who`` is in order."""
    somebody = np.unique(acts.who)
    first, last = (np.searchsorted(who, somebody, side) for side in ("left", "right"))
    return ranges(first, last - first)


def _idle(question: Question, kept: Ground, rows: Longs, table: Longs, units: int) -> Paths:
    """The paths of whoever did nothing but visit: as they earn nothing, their order is enough."""
    who = kept.whose[rows]
    ends = np.flatnonzero(np.append(who[1:] != who[:-1], True)[: len(who)])
    counts = _may_end(question, kept, rows[ends])
    lengths = np.diff(ends, prepend=-1)
    codes = table[kept.visits.unit[rows[np.repeat(counts, lengths)]]]
    lengths = lengths[counts]
    nothing = np.zeros(len(lengths))
    return Paths(
        units, codes, np.concatenate(([0], np.cumsum(lengths))), nothing, nothing, nothing + 1
    )


def _visited(kept: Ground, rows: Longs, ranks: Longs) -> _Visited:
    who = kept.whose[rows]
    # Keys of other forms come first.
    others = int(np.searchsorted(who, 0))
    if others:
        known = _canonical(who[:others], ranks)
        order = np.argsort(known, kind="stable")
        who[:others], rows[:others] = known[order], rows[:others][order]
    return _Visited(rows, who, kept.visits.at[rows])


def _canonical(who: Longs, ranks: Longs) -> Longs:
    """Keys of other forms in the order of their texts; nobody's stay as they are."""
    other = (who < 0) & (who > -(1 << 59))
    if not other.any():
        return who
    found = who.copy()
    found[other] = -1 - ranks[-1 - who[other]]
    return found


def _done(question: Question, acts: Acts, visited: _Visited) -> _Done:
    said = _own(question, acts, visited)
    place = np.concatenate((np.arange(len(acts.who), dtype=np.int64), said))
    own = np.arange(len(place)) >= len(acts.who)
    sold = acts.sold[place] & ~own
    done = _Done(acts, place, own, acts.who[place], acts.at[place], sold)
    turn = in_turn(done.who, done.at, sold, lambda some: _ids(done, some))
    return _Done(acts, place[turn], own[turn], done.who[turn], done.at[turn], sold[turn])


def _own(question: Question, acts: Acts, visited: _Visited) -> Longs:
    """Conversions that are touches too: they say their source, and no visit led to them."""
    candidates = np.flatnonzero(acts.own & acts.sold)
    who, at = acts.who[candidates], acts.at[candidates]
    before, same = places_among(visited.who, visited.at, who, at)
    # The visit before each: the nearest is the one that counts longest.
    last = before + same - 1
    near = np.flatnonzero(last >= 0)
    last, lookback = last[near], round(question.lookback.total_seconds()) * 1_000_000
    led = np.zeros(len(candidates), np.bool_)
    led[near] = (visited.who[last] == who[near]) & (at[near] - visited.at[last] <= lookback)
    return candidates[acts.sure[candidates] | ~led]


def _merged(kept: Ground, visited: _Visited, done: _Done) -> Merged:
    """Visits with what else was done: at one moment touches come before sales."""
    before, same = places_among(visited.who, visited.at, done.who, done.at)
    among = among_equals(
        before, np.where(done.sold, 0, same),
        lambda some: kept.ids_of(kept.visits.serial[visited.rows[some]]),
        lambda some: _ids(done, some),
    )  # fmt: skip
    return Merged.of(before + np.where(done.sold, same, among), len(visited.rows))


def _ids(done: _Done, rows: Longs) -> pa.Array:
    """Ids as a full run has them: what a conversion says of itself begins with an “o”."""
    ids = done.table["touch_id"].take(pa.array(done.place[rows])).to_pylist()
    marks = np.where(done.own[rows], "o", np.where(done.sold[rows], "", "c")).tolist()
    return pa.array([f"{mark}{one}" for mark, one in zip(marks, ids, strict=True)], pa.string())


def _codes(
    kept: Ground, every: Longs, done: _Done, question: Question
) -> tuple[list[str], Codes, Codes]:
    """The names of the units as a full run has them, the code of each unit, and of each act."""
    first, last = counted(question.read.start), counted(question.read.end)
    units = Names(dict(kept.units.known))
    of_acts = units.codes(done.table["earner"])[done.place]
    texts = units.texts()
    seen = np.bincount(kept.visits.unit[every], minlength=len(texts))
    seen += np.bincount(of_acts[~done.sold], minlength=len(texts))
    for code, count in kept.dropped.between(first, last).items():
        seen[code] += count
    names, table = names_of(texts, seen)
    table = np.append(table, 0).astype(np.int32)
    return names, table, table[np.where(done.sold, -1, of_acts)]


def _within(day: Any, start: Any, end: Any) -> Any:
    return (day >= counted(start)) & (day <= counted(end))
