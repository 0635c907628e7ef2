"""Questions about entities, as differences of sums that run from day to day.

What a campaign spent in some days is what it had spent after the last of them less what it had
spent before the first. Such sums are kept of each month, and of all whole months together, so that
the same question about other days reads nothing, nor does it once other tables were published. Long
curves by day are kept whole. The figures are the same to the last decimal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import compress
from math import inf
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from regie.domain.metrics.definitions import Unit
from regie.domain.metrics.dimensions import DIMENSIONS
from regie.domain.metrics.planning import MONEY_FACTS, OWNER, FactPlan, Plan
from regie.kernel.periods import Period, month_end, months, whole_months
from regie.warehouse import monthly
from regie.warehouse.columns import ONE, Found, amounts, where
from regie.warehouse.compiling import columns_of, conditions, partial_of
from regie.warehouse.memory import Memory
from regie.warehouse.parts import part_of
from regie.warehouse.rates import Rates
from regie.warehouse.rollups import ROLLUPS
from regie.warehouse.views import Session

KEPT_ROWS = 2_000_000  # in this process, some 40 bytes each
MOST_ROWS = 500_000  # for one question: beyond, it is read where its days lie
_MOST = 2**62  # what a sum of 64 bits can hold, and twice that
_DAY_BITS = 23
_DAYS_BEFORE_1970 = date(1970, 1, 1).toordinal()
_MOST_GROUPS = 2**60

Wholes = npt.NDArray[np.int64]
Known = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Running:
    """Sums of some groups from day to day.

    ``keys`` are columns that tell groups apart, the last one their currency. ``places`` are group
    and day of each row, in order; ``starts`` says where each group starts, and where the last ends;
    ``days`` are the first and the last of them. ``sums`` has a row more and a column for each sum:
    what there was before each row, in the smallest unit; ``known`` counts in the same way the rows
    in which a sum is known, None where all are. No sum exceeds ``most``.
    """

    keys: list[list[Any]]
    places: Wholes
    starts: Wholes
    days: tuple[int, int]
    sums: Wholes
    known: Wholes | None
    scales: tuple[int, ...]
    most: float

    def __len__(self) -> int:
        return len(self.places)

    def between(self, days: Period) -> Groups:
        """The groups that have a row in ``days``."""
        first, after = self._before(days.start.toordinal()), self._before(days.end.toordinal() + 1)
        keys, has = self.keys, after > first
        if not has.all():
            keys = [[*compress(column, has.tolist())] for column in keys]
            first, after = first[has], after[has]
        sums = self.sums[after] - self.sums[first]
        known = self.known[after] > self.known[first] if self.known is not None else ALL
        return Groups(keys, sums, np.broadcast_to(known, sums.shape))

    def by_day(self, days: Period, place: int) -> Groups:
        """The rows of ``days``, with their day as the key at ``place``."""
        first, after = self._before(days.start.toordinal()), self._before(days.end.toordinal() + 1)
        counts = after - first
        rows = np.arange(counts.sum()) + np.repeat(first - (np.cumsum(counts) - counts), counts)
        codes = np.repeat(np.arange(len(first)), counts).tolist()
        keys = [[column[code] for code in codes] for column in self.keys]
        ordinals = self.places[rows] & ((1 << _DAY_BITS) - 1)
        keys.insert(place, list(map(date.fromordinal, ordinals.tolist())))
        known = ALL if self.known is None else self.known[rows + 1] > self.known[rows]
        sums = self.sums[rows + 1] - self.sums[rows]
        return Groups(keys, sums, np.broadcast_to(known, sums.shape))

    def _before(self, day: int) -> Wholes:
        """Of each group the place of its first row that is not before ``day``."""
        if day <= self.days[0]:
            return self.starts[:-1]
        if day > self.days[1]:
            return self.starts[1:]
        groups = np.arange(len(self.starts) - 1) << _DAY_BITS
        return np.searchsorted(self.places, groups + day)


@dataclass(frozen=True)
class Groups:
    """``keys`` are columns; of each group there is a row of sums, and which of them are known."""

    keys: list[list[Any]]
    sums: Wholes
    known: Known

    def __len__(self) -> int:
        return len(self.sums)

    def beside(self, others: Groups) -> Groups:
        keys = [one + other for one, other in zip(self.keys, others.keys, strict=True)]
        known = np.concatenate([self.known, others.known])
        return Groups(keys, np.concatenate([self.sums, others.sums]), known)


MEMORY: Memory[Running] = Memory(KEPT_ROWS)  # the process's own

ALL: Known = np.array(True)

Span = tuple[str, Period | None, Period]  # a table, which of its days to know, which are asked


def added_up(
    session: Session, plan: Plan, fact_plan: FactPlan, rates: Rates | None
) -> Found | None:
    """The columns that ``compiling.statement`` would give; None where it has to be asked."""
    spans = _spans(plan, fact_plan) if _is_for(fact_plan, rates) else []
    if not spans or not _fits(session, spans):
        return None
    read = [_running(session, plan, fact_plan, span) for span in spans]
    if sum(running.most for running in read) >= _MOST:
        return None
    place = fact_plan.by.index("date") if "date" in fact_plan.by else None
    parts = [
        running.between(days) if place is None else running.by_day(days, place)
        for running, (_table, _days, days) in zip(read, spans, strict=True)
    ]
    worth = rates.worth(rates.to, date.min) if rates is not None else None
    return _found(fact_plan, _together(parts), read[0].scales, worth or ONE)


def _is_for(fact_plan: FactPlan, rates: Rates | None) -> bool:
    """Whether no day needs a rate of its own, and every row counts whole."""
    return (
        fact_plan.table in ROLLUPS
        and fact_plan.extent is not None
        and (rates is None or fact_plan.extent.currencies <= {rates.to})
        and not any(name != OWNER and DIMENSIONS[name].time for name in keys_of(fact_plan))
        and partial_of(fact_plan) == "false"
    )


def _spans(plan: Plan, fact_plan: FactPlan) -> list[Span]:
    extent: Any = fact_plan.extent
    period = plan.query.period or extent.days
    if "date" in fact_plan.by:
        is_for = period.overlaps(extent.days) and not monthly.is_short(period)
        return [(fact_plan.table, None, period)] if is_for and not fact_plan.needs else []
    whole, edges = whole_months(period, extent.days)
    found: list[Span] = []
    if monthly.is_short(period):
        edges = [period] if period.overlaps(extent.days) else []
    elif whole is not None:
        if not fact_plan.by_month:
            return []
        found.append((fact_plan.by_month, None, whole))
    for edge in edges:
        for month in months(edge):
            found.append((fact_plan.table, Period(month, month_end(month)), edge))
    return found


def keys_of(fact_plan: FactPlan) -> tuple[str, ...]:
    """What is asked by, beside days."""
    return tuple(name for name in fact_plan.by if name != "date")


def _fits(session: Session, spans: Sequence[Span]) -> bool:
    files = [f for table, days, _ in spans for f in part_of(table, session.snapshot, days).files]
    return sum(file.rows for file in files) <= MOST_ROWS


def _running(session: Session, plan: Plan, fact_plan: FactPlan, span: Span) -> Running:
    table, days, _asked = span
    files = tuple(file.id for file in part_of(table, session.snapshot, days).files)
    key = (
        session.name, files, table, days, fact_plan.by, tuple(one.name for one in fact_plan.sums),
        fact_plan.where, fact_plan.needs, fact_plan.split, fact_plan.chooses_level,
        plan.splits_currency,
    )  # fmt: skip
    return MEMORY.recall(key, lambda: _read(session, plan, fact_plan, table, days))


def _read(
    session: Session, plan: Plan, fact_plan: FactPlan, table: str, days: Period | None
) -> Running:
    then = replace(plan, query=replace(plan.query, period=days))
    parameters: list[Any] = []
    rows = conditions(then, fact_plan, parameters)
    by_currency = plan.splits_currency and fact_plan.fact in MONEY_FACTS
    keys = [*columns_of(keys_of(fact_plan), plan.query.calendar),
            "coalesce(currency, '')" if by_currency else "''"]  # fmt: skip
    sums = [
        f"CASE WHEN {one.only} THEN {one.column} END" if one.only else one.column
        for one in fact_plan.sums
    ]
    by_day = "date" in fact_plan.by
    sums = [f"sum({one})" for one in sums] if by_day else sums
    names = ", ".join(f"{cell} AS c{i}" for i, cell in enumerate(["date", *keys, *sums]))
    grouped = " GROUP BY ALL" if by_day else ""
    found = session.arrow(
        f"SELECT {names} FROM {session.table(table, days)} WHERE {rows}{grouped}", parameters
    )
    day, *cells = (column.combine_chunks() for column in found.columns)
    return _kept(day, cells[: len(keys)], cells[len(keys) :])


def _kept(days: pa.Array, keys: Sequence[pa.Array], cells: Sequence[pa.Array]) -> Running:
    codes, first = _groups(keys)
    days = days.cast(pa.int32()).to_numpy() + np.int64(_DAYS_BEFORE_1970)
    places = (codes << _DAY_BITS) + days
    order = np.argsort(places, kind="stable")
    has = np.stack([cell.is_valid().to_numpy(zero_copy_only=False) for cell in cells], axis=1)
    read = [_wholes(pc.fill_null(cell, 0)) for cell in cells]
    values = np.stack([value for value, _most in read], axis=1)
    return Running(
        keys=[key.take(first).to_pylist() for key in keys],
        places=places[order],
        starts=np.append(np.searchsorted(codes[order], np.arange(len(first))), len(order)),
        days=(int(days.min()), int(days.max())) if len(days) else (0, 0),
        sums=_before(values[order]),
        known=None if has.all() else _before(has[order]),
        scales=tuple(_scale(cell) for cell in cells),
        most=max(most for _value, most in read),
    )


def _groups(keys: Sequence[pa.Array]) -> tuple[Wholes, Wholes]:
    """The number of the group of each row, in the order of their keys, and its first row."""
    codes, size = np.zeros(len(keys[0]), np.int64), 1
    for key in keys:
        said = key.dictionary_encode(null_encoding="encode")
        ranks = pc.sort_indices(pc.sort_indices(said.dictionary)).to_numpy()
        if size * len(ranks) > _MOST_GROUPS:
            codes, size = np.unique(codes, return_inverse=True)[1], len(codes)
        codes = codes * len(ranks) + ranks[said.indices.to_numpy()].astype(np.int64)
        size *= len(ranks)
    _codes, first, again = np.unique(codes, return_index=True, return_inverse=True)
    return again, first


def _wholes(cell: pa.Array) -> tuple[Wholes, float]:
    """Amounts in their smallest unit, and more than their sum can be."""
    if not pa.types.is_decimal128(cell.type):
        values = cell.cast(pa.int64()).to_numpy()
    else:
        halves = np.frombuffer(cell.buffers()[1], np.int64)[2 * cell.offset :][: 2 * len(cell)]
        values, high = halves[::2], halves[1::2]
        if (high != values >> 63).any():
            return values, inf
    return values, float(np.abs(values.astype(float)).sum())


def _scale(cell: pa.Array) -> int:
    return int(cell.type.scale) if pa.types.is_decimal128(cell.type) else 0


def _before(values: npt.NDArray[Any]) -> Wholes:
    """What there was before each row, and after the last."""
    found = np.zeros((len(values) + 1, values.shape[1]), np.int64)
    np.cumsum(values, axis=0, out=found[1:])
    return found


def _found(fact_plan: FactPlan, groups: Groups, scales: Sequence[int], worth: Decimal) -> Found:
    """``worth`` is what an amount is multiplied by."""
    rows = groups.beside(_totals(groups)) if fact_plan.by else groups
    count = len(groups) if fact_plan.by else 0
    columns: list[list[Any]] = [[0] * count + [1] * (len(rows) - count), *rows.keys]
    known: list[bool] = [bool(column.all()) for column in rows.known.T]
    complete = [*[True] * len(columns), *known, True, True]
    for i, one in enumerate(fact_plan.sums):
        times = worth if one.unit is Unit.MONEY else ONE
        cells = amounts(rows.sums[:, i].tolist(), scales[i], times=times)
        columns.append(cells if known[i] else where(rows.known[:, i].tolist(), cells))
    never = [False] * len(rows)
    return Found([*columns, never, never], complete, len(rows))


def _totals(groups: Groups) -> Groups:
    """Of each currency; the other keys are None."""
    *keys, said = groups.keys
    currencies = list(dict.fromkeys(said))
    own = [np.array([one == currency for one in said])[:, None] for currency in currencies]
    width = groups.sums.shape[1]
    sums = [groups.sums.sum(axis=0, where=one) for one in own]
    known = [groups.known.any(axis=0, where=one) for one in own]
    return Groups(
        [*([None] * len(own) for _key in keys), currencies],
        np.array(sums, np.int64).reshape(-1, width),
        np.array(known, bool).reshape(-1, width),
    )


def _together(parts: Sequence[Groups]) -> Groups:
    """All groups, those that several of ``parts`` have added up."""
    first, *others = parts
    if all(part.keys == first.keys for part in others):
        sums = np.sum([part.sums for part in parts], axis=0)
        return Groups(first.keys, sums, np.any([part.known for part in parts], axis=0))
    places: dict[tuple[Any, ...], int] = {}
    owns = [
        [places.setdefault(key, len(places)) for key in zip(*part.keys, strict=True)]
        for part in parts
    ]
    sums = np.zeros((len(places), first.sums.shape[1]), np.int64)
    known = np.zeros(sums.shape, bool)
    for part, own in zip(parts, owns, strict=True):
        sums[own] += part.sums
        known[own] |= part.known
    return Groups([list(column) for column in zip(*places, strict=True)], sums, known)
