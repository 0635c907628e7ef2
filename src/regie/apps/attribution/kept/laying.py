"""Lays the rows of a question out from its ground: visits, conversions, codes, in their order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from regie.apps.attribution.kept.ground import Ground, ground
from regie.apps.attribution.kept.sales import Acts, acts_of
from regie.apps.attribution.kept.visits import Names, consents, counted, days_of
from regie.apps.attribution.reading import UNIT_SQL, Read, names_of, read
from regie.domain.attribution.arrays import Codes, Flags, Longs
from regie.domain.attribution.assembling import Rows
from regie.domain.attribution.in_turn import Merged, among_equals, in_turn, places_among
from regie.domain.attribution.log import CONVERSION
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
    """The visits of a question: ``rows`` of the ground in the order of who and when, and more of
    each."""

    rows: Longs
    who: Longs
    at: Longs
    day: Codes


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


def _read(session: Session, scope: Scope, question: Question, kept: Ground) -> Read:
    acts = acts_of(session, scope, question, kept)
    # Visitors of one day have numbers as they came: in the order of their keys they are the same
    # whichever way a ground came about.
    ranks = kept.keys.ranks()
    visited = _visited(question, kept, ranks)
    done = _done(question, replace(acts, who=_canonical(acts.who, ranks)), visited)
    merged = _merged(kept, visited, done)
    names, of_visits, of_acts = _codes(kept, visited, done, question)
    sold = merged.alone(done.sold)
    day = merged(visited.day, days_of(done.table["date"])[done.place])
    said = kept.met.rows[3].astype(np.bool_)[kept.visits.met[visited.rows]]
    consented = merged(said, consents(done.table)[done.place])
    counts = consented & _within(day, question.period.start, question.period.end)
    conversions = question.conversions
    counts[sold] = _within(day[sold], conversions.start, conversions.end)
    lost = merged.alone(done.of_acts(acts.lost)) & counts
    rows = Rows(
        merged(visited.who, done.who), merged(visited.at, done.at),
        merged(of_visits, np.where(done.sold, CONVERSION, of_acts)),
        merged.alone(done.of_acts(acts.worth)), counts, is_in_order=True,
    )  # fmt: skip
    first, last = counted(question.period.start), counted(question.period.end)
    seen = [both for one, both in kept.visited.items() if first <= one <= last]
    return Read(
        rows, names, _table(kept, visited, done, day, merged), consented, int(lost.sum()),
        merged.alone(done.of_acts(acts.valued)),
        (sum(every for every, _joined in seen), sum(joined for _every, joined in seen)),
    )  # fmt: skip


def _visited(question: Question, kept: Ground, ranks: Longs) -> _Visited:
    rows = np.flatnonzero(_within(kept.visits.day, question.read.start, question.read.end))
    who = kept.whose[rows]
    # Keys of other forms come first.
    others = int(np.searchsorted(who, 0))
    if others:
        known = _canonical(who[:others], ranks)
        order = np.argsort(known, kind="stable")
        who[:others], rows[:others] = known[order], rows[:others][order]
    return _Visited(rows, who, kept.visits.at[rows], kept.visits.day[rows])


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


def _table(kept: Ground, visited: _Visited, done: _Done, day: Codes, merged: Merged) -> pa.Table:
    """What is shown of rows: their day and device."""
    devices = Names(dict(kept.devices.known))
    own = devices.codes(done.table["device"]).astype(np.int32)
    device = merged(kept.visits.device[visited.rows], own[done.place])
    texts = pa.array(devices.texts(), pa.string())
    return pa.table({
        "date": pa.array(day.astype(np.int32), pa.int32()).cast(pa.date32()),
        "device": pa.DictionaryArray.from_arrays(
            pa.array(device, pa.int32(), mask=device < 0), texts
        ),
    })  # fmt: skip


def _codes(
    kept: Ground, visited: _Visited, done: _Done, question: Question
) -> tuple[list[str], Longs, Longs]:
    """The names of the units as a full run has them, and the code of each visit and act."""
    first, last = counted(question.read.start), counted(question.read.end)
    units = Names(dict(kept.units.known))
    of_acts = units.codes(done.table["earner"])[done.place]
    of_visits = kept.visits.unit[visited.rows]
    texts = units.texts()
    seen = np.bincount(of_visits, minlength=len(texts))
    seen += np.bincount(of_acts[~done.sold], minlength=len(texts))
    for code, count in kept.dropped.between(first, last).items():
        seen[code] += count
    names, table = names_of(texts, seen)
    table = np.append(table, 0)
    return names, table[of_visits], table[np.where(done.sold, -1, of_acts)]


def _within(day: Any, start: Any, end: Any) -> Any:
    return (day >= counted(start)) & (day <= counted(end))
