"""What journeys are made of, kept from one question to the next and brought up to date by days.

A ground belongs to a scope: nobody reads in it what he was not given. Days whose rows are what
they were are not read again; of people only those are looked at again who may be others now. It
lives in the memory of the process: nothing of it is on the disk.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from regie.apps.attribution.kept.people import who_is_who
from regie.apps.attribution.kept.visits import (
    Dropped,
    Hashes,
    Met,
    Names,
    Visits,
    as_visits,
    consents,
    counted,
    days_of,
    flags_of,
    keys_of,
    named,
    other_acts,
    statement,
)
from regie.domain.attribution.arrays import Flags, Longs
from regie.domain.attribution.in_turn import Merged, among_equals, in_turn, places_among
from regie.domain.attribution.whose import WhoIsWho
from regie.domain.facts import TOUCHES
from regie.kernel.periods import Period, months
from regie.kernel.scope import Scope
from regie.warehouse.cells import Cells, cells, changed_days
from regie.warehouse.views import Session

KEPT_ROWS = 3_000_000  # of all grounds together: about 200 MB
KEPT_GROUNDS = 12
MOST_CHUNKS = 12
DAY = timedelta(days=1)


@dataclass
class Ground:
    """``visits`` in the order of who and when; ``acts`` is everything else that persons did.

    ``who`` is whose each way of ``met`` is, ``whose`` the same for each visit, and ``visited`` has
    for each day how many visits there were, and how many of them could be joined.
    """

    files: frozenset[int] = frozenset()
    cells: Cells = field(default_factory=Cells)
    first: int = 0  # the days that were read, from 1970 on
    last: int = -1
    units: Names = field(default_factory=Names)
    devices: Names = field(default_factory=Names)
    keys: Names = field(default_factory=Names)
    met: Met = field(default_factory=Met)
    who: Longs = field(default_factory=lambda: np.zeros(0, np.int64))
    visits: Visits = field(default_factory=Visits.none)
    whose: Longs = field(default_factory=lambda: np.zeros(0, np.int64))
    ids: pa.ChunkedArray = field(default_factory=lambda: pa.chunked_array([], pa.string()))
    dropped: Dropped = field(default_factory=Dropped)
    visited: dict[int, tuple[int, int]] = field(default_factory=dict)
    acts: pa.Table | None = None
    people: WhoIsWho | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __len__(self) -> int:
        return len(self.visits) + len(self.dropped)

    def bring_up_to_date(
        self, session: Session, scope: Scope, period: Period, unit: str, *, probable: bool
    ) -> None:
        """Afterwards it holds the days of ``period`` as they are published in ``session``."""
        days = self._days_to_read(session, period)
        people = who_is_who(session, scope, probable=probable)
        if not days and people is self.people:
            return
        new = self._read(session, days, unit) if days else Visits.none()
        kept = ~np.isin(self.visits.day, np.array([counted(day) for day in days], np.int32))
        before, self.who = self.who, self.met.whose(people, self.people, self.who)
        self.people = people
        self._put(before, kept, new)
        self._compact()

    def _put(self, before: Longs, kept: Flags, new: Visits) -> None:
        """Of the visits those that are ``kept``, and ``new`` ones, in the order of who and when.

        ``before`` is whose each way was until now, by which the visits are in order.
        """
        known, who = self.visits, self.who
        moved = who[: len(before)] != before
        if moved.any():
            others = moved[known.met] & kept
            new = Visits.all_of(known.take(others), new)
            kept &= ~others
        if not kept.all():
            known, self.whose = known.take(kept), self.whose[kept]
        whose = who[new.met]
        turn = in_turn(whose, new.at, None, lambda some: self.ids_of(new.serial[some]))
        new, whose = new.take(turn), whose[turn]
        rows, equal = places_among(self.whose, known.at, whose, new.at)
        rows += among_equals(rows, equal, lambda some: self.ids_of(known.serial[some]),
                             lambda some: self.ids_of(new.serial[some]))  # fmt: skip
        merged = Merged.of(rows, len(known))
        self.visits, self.whose = known.merged(new, merged), merged(self.whose, whose)

    def _days_to_read(self, session: Session, period: Period) -> list[date]:
        """Those that are new, or other than they were."""
        first, last = counted(period.start), counted(period.end)
        if self.last < self.first or first > self.last or last < self.first or self._sprawls(
            min(first, self.first), max(last, self.last), last - first
        ):  # fmt: skip
            self._forget()
        whole = first, last
        if self.last >= self.first:
            whole = min(first, self.first), max(last, self.last)
        span = Period(named(whole[0]), named(whole[1]))
        files = session.snapshot.files(TOUCHES.name, months(span))
        here = frozenset(file.id for file in files)
        if here == self.files and (self.first, self.last) == whole:
            return []
        now = cells(session, TOUCHES.name, files)
        changed = {day for day in changed_days(self.cells, now) if span.start <= day <= span.end}
        # A day that was beyond what was read, whatever was known of its cells.
        changed |= {
            day for _asset, day in now
            if span.start <= day <= span.end and not self.first <= counted(day) <= self.last
        }  # fmt: skip
        self.files, self.cells = here, now
        self.first, self.last = whole
        return sorted(changed)

    def _sprawls(self, first: int, last: int, asked: int) -> bool:
        return last - first > 2 * asked + 62

    def _forget(self) -> None:
        new = Ground()
        for one in fields(new):
            if one.name != "lock":
                setattr(self, one.name, getattr(new, one.name))

    def _read(self, session: Session, days: list[date], unit: str) -> Visits:
        """Reads ``days``, to which those are added that have to be read with them."""
        days = [*days, *self._neighbours(days, self._read_acts(session, days, unit))]
        table = session.table(TOUCHES.name, Period(min(days), max(days)))
        found = session.arrow(
            statement(table, unit, sorted(days)),
            acting=pa.table({"hashed": _without_consent(self.acts)}),
        )
        fresh = as_visits(found, self.units, self.devices, self.keys, self.met, len(self.ids))
        self.ids = pa.chunked_array([*self.ids.chunks, fresh.ids], pa.string())
        numbers = [counted(one) for one in days]
        self.dropped.forget(numbers)
        self.dropped.units |= fresh.dropped.units
        self.dropped.visitors |= fresh.dropped.visitors
        for day in numbers:
            self.visited.pop(day, None)
        self.visited |= fresh.visited
        return fresh.visits

    def _neighbours(self, days: list[date], acting: Hashes) -> list[date]:
        """Days whose visits were not kept of somebody who is ``acting`` on one of ``days``: what a
        visitor of one day did may be of the day after by its clock."""
        around = {day + DAY * by for day in days for by in (-1, 1)}
        return [day for day in sorted(around.difference(days))
                if self.dropped.had(counted(day), acting)]  # fmt: skip

    def _read_acts(self, session: Session, days: list[date], unit: str) -> Hashes:
        """What else was done on ``days``; the hashes of whoever did it without consent."""
        table = session.table(TOUCHES.name, Period(days[0], days[-1]))
        acts = session.arrow(other_acts(table, unit, days))
        visitor, person = (keys_of(acts[f"{one}_key"], acts[one], self.keys)
                           for one in ("visitor", "person"))  # fmt: skip
        met = self.met.codes(visitor, person, acts["organisation_id"].to_numpy(), consents(acts))
        acts = acts.drop(["visitor_key", "person_key", "person"])
        acts = acts.append_column("met", pa.array(met))
        acting = _without_consent(acts)
        if self.acts is not None:
            gone = np.isin(days_of(self.acts["date"]), [counted(day) for day in days])
            before = self.acts.filter(pa.array(~gone)) if gone.any() else self.acts
            acts = pa.concat_tables([before, acts])
        self.acts = acts.combine_chunks() if acts["met"].num_chunks > MOST_CHUNKS else acts
        return acting

    def ids_of(self, serial: Longs) -> pa.Array:
        found = self.ids.take(pa.array(serial))
        return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found

    def _compact(self) -> None:
        """Let ids go whose visits are gone, once they are many."""
        if len(self.ids) <= 2 * len(self.visits) + 10_000:
            return
        self.ids = pa.chunked_array([self.ids_of(self.visits.serial)], pa.string())
        columns = vars(self.visits) | {"serial": np.arange(len(self.visits), dtype=np.int64)}
        self.visits = Visits(**columns)


def _without_consent(acts: pa.Table) -> Hashes:
    """The hashes of visitors who did something, and are known for a day alone."""
    alone = ~consents(acts) & ~flags_of(acts["visitor"].is_null())
    found: Hashes = acts["hashed"].to_numpy()[alone]
    return found


_grounds: OrderedDict[Hashable, Ground] = OrderedDict()
_lock = threading.Lock()


@contextmanager
def ground(key: Hashable) -> Iterator[Ground]:
    """The one of ``key``, for one question at a time; those used longest ago make room."""
    with _lock:
        found = _grounds.setdefault(key, Ground())
        _grounds.move_to_end(key)
        others = list(_grounds)[:-1]
        while others and (
            len(_grounds) > KEPT_GROUNDS or sum(map(len, _grounds.values())) > KEPT_ROWS
        ):
            del _grounds[others.pop(0)]
    with found.lock:
        try:
            yield found
        except BaseException:
            found._forget()
            raise


def forget_all() -> None:
    with _lock:
        _grounds.clear()
