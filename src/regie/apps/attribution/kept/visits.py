"""Visits of a scope as plain numbers, read day by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from regie.domain.attribution.arrays import Codes, Flags, Longs
from regie.domain.attribution.in_turn import Merged
from regie.domain.attribution.whose import WhoIsWho
from regie.domain.traffic.consent import CONSENTED

Hashes = npt.NDArray[np.uint64]
EPOCH = date(1970, 1, 1).toordinal()


def numbered(column: str) -> str:
    """SQL: the key of events ``column`` as a whole number, NULL for one of another form."""
    number = f"nullif(greatest(TRY_CAST(substr({column}, 2) AS BIGINT), 0), 0)"
    return (
        f"CASE WHEN {column} IS NULL THEN 0 WHEN starts_with({column}, 'v') THEN 2 * {number} "
        f"WHEN starts_with({column}, 'p') THEN 2 * {number} + 1 END"
    )


@dataclass
class Names:
    """Numbers for texts, by which they are known as long as this lasts."""

    known: dict[str, int] = field(default_factory=dict)

    def codes(self, column: pa.ChunkedArray) -> Longs:
        """The number of each text, -1 for none."""
        encoded = column.combine_chunks().dictionary_encode()
        table = np.array(
            [*(self.known.setdefault(one, len(self.known))
               for one in encoded.dictionary.to_pylist()), -1],
            np.int64,
        )  # fmt: skip
        found: Longs = table[np.asarray(encoded.indices.fill_null(len(table) - 1))]
        return found

    def texts(self) -> list[str]:
        return list(self.known)

    def ranks(self) -> Longs:
        """The place of each text among all, in the order of the texts."""
        texts = self.texts()
        found = np.empty(len(texts), np.int64)
        found[np.asarray(pc.sort_indices(pa.array(texts, pa.string())))] = np.arange(len(texts))
        return found


@dataclass(frozen=True)
class Visits:
    """Columns of equal length; ``day`` counts from 1970, ``device`` is -1 where none is known.

    ``met`` is the place among all `Met` of who it was, as it was told, and ``serial`` the place of
    the id among all ids.
    """

    day: Codes
    at: Longs
    met: Codes
    unit: Codes
    device: Codes
    serial: Longs

    def __len__(self) -> int:
        return len(self.at)

    def take(self, rows: Longs | Flags) -> Visits:
        return Visits(*(getattr(self, one.name)[rows] for one in fields(self)))

    @classmethod
    def all_of(cls, *parts: Visits) -> Visits:
        return cls(
            *(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(cls))
        )

    def merged(self, others: Visits, merged: Merged) -> Visits:
        return Visits(*(
            merged(getattr(self, one.name), getattr(others, one.name)) for one in fields(self)
        ))  # fmt: skip

    @classmethod
    def none(cls) -> Visits:
        wide, narrow = np.zeros(0, np.int64), np.zeros(0, np.int32)
        return cls(narrow, wide, narrow, narrow, narrow, wide)


@dataclass
class Met:
    """What events say of whom they are, each way once; keys are as `whose` counts them.

    ``rows`` are the ways: visitor, person, owner and whether they consented. Each is found by a
    number of 64 bits, ``sorted`` with the ``places`` of its ways; no two ways have the same.
    """

    rows: Longs = field(default_factory=lambda: np.zeros((4, 0), np.int64))
    sorted: Hashes = field(default_factory=lambda: np.zeros(0, np.uint64))
    places: Longs = field(default_factory=lambda: np.zeros(0, np.int64))
    factor: int = 0x9E3779B97F4A7C15

    def codes(self, visitor: Longs, person: Longs, owner: Longs, consented: Flags) -> Codes:
        """The place of each event's way."""
        seen = np.stack((visitor, person, owner, consented.astype(np.int64)))
        found = self._found(seen)
        while found is None:  # two ways have the same number: once in many thousand years
            self._number_anew()
            found = self._found(seen)
        return found

    def _found(self, seen: Longs) -> Codes | None:
        numbers, first, place = np.unique(
            self._numbered(seen), return_index=True, return_inverse=True
        )
        at = np.searchsorted(self.sorted, numbers)
        known = np.zeros(len(numbers), np.bool_)
        inside = at < len(self.sorted)
        known[inside] = self.sorted[at[inside]] == numbers[inside]
        where = np.empty(len(numbers), np.int64)
        where[known] = self.places[at[known]]
        new, before = seen[:, first[~known]], self.rows.shape[1]
        where[~known] = before + np.arange(new.shape[1])
        rows = np.concatenate((self.rows, new), axis=1)
        found: Codes = where[place].astype(np.int32)
        if (rows[:, found] != seen).any():
            return None
        self.rows = rows
        self.sorted = np.insert(self.sorted, at[~known], numbers[~known])
        self.places = np.insert(self.places, at[~known], where[~known])
        return found

    def _numbered(self, ways: Longs) -> Hashes:
        numbers, factor = np.zeros(ways.shape[1], np.uint64), np.uint64(self.factor)
        for row in ways.astype(np.uint64):
            numbers = (numbers + row) * factor
            numbers ^= numbers >> np.uint64(29)
        return numbers

    def _number_anew(self) -> None:
        """Other numbers for all ways, until they all differ."""
        count = self.rows.shape[1]
        while True:
            self.factor = (self.factor + 2) % 2**64
            numbers = self._numbered(self.rows)
            self.places = np.argsort(numbers, kind="stable")
            self.sorted = numbers[self.places]
            if len(np.unique(numbers)) == count:
                return

    def whose(self, people: WhoIsWho, before: WhoIsWho | None, known: Longs) -> Longs:
        """Whose each way is; of the first ones ``known`` says whose they were ``before``."""
        others = None if before is None else people.devices_other_than(before)
        if others is None:
            return self._of(people, self.rows)
        who = np.concatenate((known, self._of(people, self.rows[:, len(known) :])))
        again = np.flatnonzero(np.isin(self.rows[0, : len(known)], others))
        who[again] = self._of(people, self.rows[:, again])
        return who

    def _of(self, people: WhoIsWho, ways: Longs) -> Longs:
        visitor, person, owner, consented = ways
        return people.of(visitor, person, owner, consented.astype(np.bool_))


@dataclass
class Dropped:
    """What is known of visits that are not kept: by day, how many of each unit, and the hashes of
    those who were there, in order."""

    units: dict[int, Counter[int]] = field(default_factory=dict)
    visitors: dict[int, Hashes] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(map(len, self.visitors.values()))

    def forget(self, days: Collection[int]) -> None:
        for day in days:
            self.units.pop(day, None)
            self.visitors.pop(day, None)

    def add(self, day: Codes, unit: Codes, visitor: Hashes) -> None:
        pairs, counts = np.unique(
            day.astype(np.int64) << 32 | unit.astype(np.int64), return_counts=True
        )
        for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
            self.units.setdefault(pair >> 32, Counter())[pair & 0xFFFFFFFF] += count
        for one in np.unique(day).tolist():
            self.visitors[one] = np.unique(visitor[day == one])

    def had(self, day: int, visitors: Hashes) -> bool:
        """Whether any of ``visitors`` was there on ``day``."""
        there = self.visitors.get(day)
        return there is not None and bool(np.isin(visitors, there).any())

    def between(self, first: int, last: int) -> Counter[int]:
        found: Counter[int] = Counter()
        for day, counts in self.units.items():
            if first <= day <= last:
                found.update(counts)
        return found


def among(days: Sequence[date]) -> str:
    """SQL: rows of ``days``, which are in order. In so many words files are read by their days."""
    named_days = ", ".join(f"DATE '{day}'" for day in days)
    return f"date BETWEEN DATE '{days[0]}' AND DATE '{days[-1]}' AND date IN ({named_days})"


def statement(table: str, unit: str, days: Sequence[date]) -> str:
    """Visits of ``days``; those of a day's visitor are wanted only with what he did then, which
    the table ``acting`` says by the hashes of such visitors."""
    consented = f"mode IS NOT DISTINCT FROM '{CONSENTED}'"
    return f"""
        WITH told AS (
            SELECT *, {consented} AS consented, hash(visitor) AS hashed,
                {numbered("visitor")} AS visitor_key, {numbered("person")} AS person_key,
                CASE WHEN {consented} THEN visitor IS NOT NULL OR person IS NOT NULL
                    ELSE visitor IS NOT NULL AND hash(visitor) IN (SELECT hashed FROM acting)
                    END AS acts
            FROM {table} WHERE kind = 'visit' AND {among(days)}
        )
        SELECT date, epoch_us(happened_at) AS at, organisation_id AS owner, acts, consented,
            visitor_key AS visitor, person_key AS person,
            CASE WHEN acts AND visitor_key IS NULL THEN visitor END AS called,
            CASE WHEN acts AND person_key IS NULL THEN person END AS named,
            hashed, visitor IS NOT NULL OR consented AND person IS NOT NULL AS somebody, visits,
            {unit} AS unit, device, CASE WHEN acts THEN touch_id END AS touch_id
        FROM told"""


def other_acts(table: str, unit: str, days: Sequence[date]) -> str:
    """What else persons did on ``days``, as it is written."""
    return (
        "SELECT organisation_id, asset_key, date, touch_id, kind, mode, visitor, person, channel, "
        f"code_id, value, currency, device, ref, epoch_us(happened_at) AS at, {unit} AS earner, "
        f"{numbered('visitor')} AS visitor_key, {numbered('person')} AS person_key, "
        "hash(visitor) AS hashed "
        f"FROM {table} WHERE kind NOT IN ('visit', 'identity', 'refund') AND {among(days)}"
    )


# What is said of persons beside journeys: who was seen with which login, and what was given back.
ASIDES = f"""
    SELECT kind, asset_key, organisation_id AS owner,
        CASE kind WHEN 'identity' THEN {numbered("visitor")} END AS visitor,
        CASE kind WHEN 'identity' THEN {numbered("person")} END AS person,
        CASE kind WHEN 'refund' THEN ref END AS ref, sum(abs(value)) AS amount
    FROM {{rows}} WHERE kind = 'identity' OR kind = 'refund' AND ref IS NOT NULL GROUP BY ALL"""


@dataclass(frozen=True)
class Fresh:
    """``visits`` to keep with their ``ids``; ``visited`` is for each day how many visits there
    were, and how many could be joined. What is not kept is in ``dropped``."""

    visits: Visits
    ids: pa.Array
    dropped: Dropped
    visited: dict[int, tuple[int, int]]


def as_visits(
    found: pa.Table, units: Names, devices: Names, keys: Names, met: Met, begin: int
) -> Fresh:
    """``begin`` is the serial number of the first that is kept."""
    day = days_of(found["date"])
    acts, somebody, consented = (flags_of(found[one]) for one in ("acts", "somebody", "consented"))
    unit = np.zeros(len(day), np.int32)
    unit[somebody] = units.codes(found["unit"].filter(pa.array(somebody)))
    kept = found.filter(pa.array(acts))
    visits = Visits(
        day[acts], kept["at"].to_numpy(),
        met.codes(
            keys_of(kept["visitor"], kept["called"], keys),
            keys_of(kept["person"], kept["named"], keys),
            kept["owner"].to_numpy(), consented[acts],
        ),
        unit[acts], devices.codes(kept["device"]).astype(np.int32),
        np.arange(begin, begin + len(kept), dtype=np.int64),
    )  # fmt: skip
    dropped, rest = Dropped(), somebody & ~acts
    dropped.add(day[rest], unit[rest], found["hashed"].to_numpy()[rest])
    counts = found["visits"].fill_null(0).to_numpy()
    return Fresh(
        visits, kept["touch_id"].combine_chunks(), dropped, _visited(day, counts, consented)
    )


def _visited(day: Codes, visits: Longs, consented: Flags) -> dict[int, tuple[int, int]]:
    days, place = np.unique(day, return_inverse=True)
    sums = (np.bincount(place, one, len(days)) for one in (visits, visits * consented))
    every, joined = (one.astype(np.int64).tolist() for one in sums)
    return dict(zip(days.tolist(), zip(every, joined, strict=True), strict=True))


def consents(table: pa.Table) -> Flags:
    """Which rows were measured with consent."""
    said: Flags = pc.fill_null(pc.equal(table["mode"], CONSENTED), False).to_numpy()
    return said


def flags_of(column: pa.ChunkedArray) -> Flags:
    flags: Flags = column.to_numpy(zero_copy_only=False).astype(np.bool_)
    return flags


def keys_of(numbers: pa.ChunkedArray, texts: pa.ChunkedArray, keys: Names) -> Longs:
    """Numbers of keys; those of another form get one of their own, below 0."""
    other = numbers.is_null()
    found: Longs = np.array(numbers.fill_null(0).to_numpy(), np.int64)
    if pc.any(other).as_py():
        where = np.asarray(other.combine_chunks().to_numpy(zero_copy_only=False), np.bool_)
        found[where] = -1 - keys.codes(texts.filter(pa.array(where)))
    return found


def days_of(column: pa.ChunkedArray) -> Codes:
    days: Codes = np.asarray(column.combine_chunks().cast(pa.int32()))
    return days


def counted(day: date) -> int:
    """A day as its number since 1970."""
    return day.toordinal() - EPOCH


def named(day: int) -> date:
    return date.fromordinal(day + EPOCH)
