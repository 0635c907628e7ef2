"""Questions about entities, as differences of sums that run from day to day.

What a campaign spent in some days is what it had spent after the last of them less what it had
spent before the first. Such sums are kept of each month, and of all whole months together, so that
the same question about other days reads nothing, nor does it once other tables were published. Long
curves by day are kept whole. The figures are the same to the last decimal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from regie.domain.metrics.definitions import Unit
from regie.domain.metrics.dimensions import DIMENSIONS
from regie.domain.metrics.planning import MONEY_FACTS, OWNER, FactPlan, Plan
from regie.kernel.periods import Period, month_end, months, whole_months
from regie.warehouse import monthly
from regie.warehouse.columns import NOTHING, ONE, Found, Sides, amounts, where
from regie.warehouse.compiling import columns_of, conditions, partial_of
from regie.warehouse.day_sums import Groups, Running, running, together
from regie.warehouse.memory import Memory
from regie.warehouse.parts import part_of
from regie.warehouse.rates import Rates
from regie.warehouse.rollups import ROLLUPS
from regie.warehouse.views import Session

KEPT_ROWS = 2_000_000  # in this process, some 40 bytes each
MOST_ROWS = 500_000  # for one question: beyond, it is read where its days lie
_MOST = 2**62  # what a sum of 64 bits can hold, and twice that

MEMORY: Memory[Running] = Memory(KEPT_ROWS)  # the process's own

Span = tuple[str, Period | None, Period]  # a table, which of its days to know, which are asked


def added_up(
    session: Session, plan: Plan, fact_plan: FactPlan, rates: Rates | None
) -> Sides | None:
    """What ``compiling.statement`` would find; None where it has to be asked."""
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
    return _sides(plan, fact_plan, together(parts).present(), read[0].scales, worth or ONE)


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
        f"CASE WHEN {one.only} THEN {one.added} END" if one.only else one.added
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
    return running(day, cells[: len(keys)], cells[len(keys) :])


def _sides(
    plan: Plan, fact_plan: FactPlan, groups: Groups, scales: Sequence[int], worth: Decimal
) -> Sides:
    """``worth`` is what an amount is multiplied by."""
    find = partial(_found, fact_plan, scales=scales, worth=worth)
    if not fact_plan.by:
        return Sides(NOTHING, find(groups))
    totals = groups.totals()
    return Sides(find(_cut(plan, fact_plan, groups)), find(totals))


def _cut(plan: Plan, fact_plan: FactPlan, groups: Groups) -> Groups:
    """Where few rows are asked for, those that may be among them."""
    if not fact_plan.is_cut:
        return groups
    names, order = [one.name for one in fact_plan.sums], plan.query.order_by
    place, smallest = names.index(order.lstrip("-")), not order.startswith("-")
    return groups.largest(place, plan.query.limit, smallest=smallest)


def _found(fact_plan: FactPlan, groups: Groups, *, scales: Sequence[int], worth: Decimal) -> Found:
    columns: list[Sequence[Any]] = [*groups.keys.columns]
    known: list[bool] = [bool(column.all()) for column in groups.known.T]
    complete = [*[True] * len(columns), *known, True, True]
    for i, one in enumerate(fact_plan.sums):
        times = worth if one.unit is Unit.MONEY else ONE
        cells = amounts(groups.sums[:, i].tolist(), scales[i], times=times)
        columns.append(cells if known[i] else where(groups.known[:, i].tolist(), cells))
    never = [False] * len(groups)
    return Found([*columns, never, never], complete, len(groups))
