"""What has to be said beside figures: windows, ratios of one side, days that may still change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import compress
from typing import Any

from regie.domain.facts import EARNED
from regie.domain.metrics.catalog import metric
from regie.domain.metrics.planning import BY_MONTH, FactPlan, Plan, refuse_two_windows_of
from regie.domain.metrics.ratios import parts_of
from regie.kernel.i18n import Sentence, _, say
from regie.kernel.periods import Period, month_end, months, whole_months
from regie.warehouse import monthly
from regie.warehouse.compiling import conditions, in_steps, period_figures
from regie.warehouse.covering import LEVELLED
from regie.warehouse.twice import left_aside
from regie.warehouse.views import Session

Row = tuple[Any, ...]
SHOWN_PERIODS = 3


def one_sided(session: Session, plan: Plan) -> dict[str, Sequence[str]]:
    """Platforms that report one part of a ratio only: it divides what does not belong together."""
    ratios = {name: parts_of(metric(name)) for name in plan.query.metrics}
    found: dict[str, Sequence[str]] = {}
    for part in plan.facts:
        known = {one.name for one in part.sums}
        here = {n: p for n, p in ratios.items() if len(p) == 2 and set(p) <= known}
        if not here or part.fact != "performance" or not session.has(part.fact):
            continue
        reported = _reported(session, plan, part)
        for name, (one, other) in here.items():
            lonely = {p for p, sums in reported.items() if (one in sums) != (other in sums)}
            if lonely:
                found[name] = sorted(lonely)
    return found


def _reported(session: Session, plan: Plan, part: FactPlan) -> dict[str, set[str]]:
    """Which sums each platform reports in the asked days."""
    names = sorted(one.name for one in part.sums)
    known = ", ".join(f"count({name}) > 0" for name in names)
    found: dict[str, set[str]] = {}
    for table, read, asked in _spans(session, plan, part):
        for day, name, *has in _looked_up(session, plan, part, table, f"platform, {known}", read):
            if asked.start <= day <= asked.end:
                found.setdefault(name, set()).update(compress(names, has))
    return found


def _spans(
    session: Session, plan: Plan, part: FactPlan
) -> Iterator[tuple[str, Period | None, Period]]:
    """Tables that know the asked days: which of their days to read at once, and which count."""
    if part.extent is None:
        return
    known, by_month = part.extent.days, part.table + BY_MONTH
    whole, edges = whole_months(plan.query.period or known, known)
    if whole is not None:
        is_there = session.has(by_month)
        yield (by_month, None, whole) if is_there else (part.table, None, whole)
    for edge in edges:
        for month in months(edge):
            yield part.table, Period(month, month_end(month)), edge


def _looked_up(
    session: Session, plan: Plan, part: FactPlan, table: str, what: str, days: Period | None,
    *, only: str = "",
) -> list[Row]:  # fmt: skip
    """Rows (date, ``what``), found once: the same question about other days needs no other look."""
    then = replace(plan, query=replace(plan.query, period=days))
    parameters: list[Any] = []
    where = only + conditions(then, part, parameters)
    sql = f"SELECT date, {what} FROM {session.table(table, days)} WHERE {where} GROUP BY ALL"
    return session.remember((sql, *parameters), partial(session.rows, sql, parameters))


def windows_of(session: Session, plan: Plan) -> list[str]:
    """The attribution windows of the asked conversions, where they are not split by it.

    A conversion seen in seven days and in one is the same conversion: one account and day counted
    in two windows is refused. Platforms have windows of their own, and an account may change its
    window from one day to the next; what a file leaves unsaid is no second window.
    """
    part = next((one for one in plan.facts if one.fact == "conversions"), None)
    if part is None or "attribution" in plan.query.by or not session.has(part.fact):
        return []
    together = _counted_together(session, plan, part)
    if any(len(windows) > 1 for windows in together):
        raise refuse_two_windows_of(max(together, key=len))
    return sorted({window for windows in together for window in windows})


def _counted_together(session: Session, plan: Plan, part: FactPlan) -> list[Sequence[str]]:
    """The windows that an account counts in on one day, each such group once."""
    select = partial(_windows_by_day, session, plan, part)
    if monthly.is_short(plan.query.period):
        period: Any = plan.query.period
        key = ("windows", part.table, part.where, part.needs, part.split, part.chooses_level)
        rows = monthly.rows_of_days(session, period, key, select)
        return list(dict.fromkeys(tuple(windows) for _day, windows in rows))
    sql, parameters = select(plan.query.period)
    found = session.recall(f"SELECT DISTINCT w FROM ({sql})", parameters)
    return [windows for (windows,) in found]


def _windows_by_day(
    session: Session, plan: Plan, part: FactPlan, days: Period | None
) -> tuple[str, Sequence[Any]]:
    parameters: list[Any] = []
    where = conditions(replace(plan, query=plan.query.during(days)), part, parameters)
    return (
        "SELECT DISTINCT date, w FROM (SELECT date, list_sort(list(DISTINCT attribution)) AS w "
        f"FROM {session.table(part.table, days)} WHERE {where} AND is_primary "
        "AND attribution NOT LIKE '% default' GROUP BY asset_key, date) ORDER BY date",
        parameters,
    )


_TOLD_TWICE = {
    "orders": _("Orders told by a file and by your own measurement: {count}. Each counts once, as "
                "the file has it."),
    "leads": _("Leads told by a file and by your own measurement: {count}. Each counts once, as "
               "the file has it."),
    "calls": _("Calls told by a file and by your own measurement: {count}. Each counts once, as "
               "the file has it."),
    "visits": _("Days whose visits were both imported and measured by yourself: {count}. Only one "
                "of the two counts: your own measurement, from its second day on, unless you said "
                "otherwise."),
}  # fmt: skip


_LEFT_ASIDE = {
    "orders": _("Orders left aside, since another source was chosen: {count}."),
    "leads": _("Leads left aside, since another source was chosen: {count}."),
    "calls": _("Calls left aside, since another source was chosen: {count}."),
}


def told_twice(session: Session, plan: Plan, part: FactPlan) -> list[Sentence]:
    """What came in by two ways in the asked days and counts once."""
    if part.fact not in _TOLD_TWICE or part.table == "period_figures":
        return []
    twice, period = session.told_twice(part.fact), plan.query.period
    if not twice:
        return []
    days = "true" if period is None else "date BETWEEN ? AND ?"
    bound = [period.start, period.end] if period else []
    found = session.rows(f"SELECT count(*) FROM {twice} WHERE {days}", bound)[0][0]
    notes = [say(_TOLD_TWICE[part.fact], count=found)] if found else []
    aside = left_aside(session.snapshot.counting, part.fact)
    if aside:
        sql = f"SELECT count(*) FROM {session.as_it_came(part.fact)} WHERE {aside} AND {days}"
        if left := session.rows(sql, bound)[0][0]:
            notes.append(say(_LEFT_ASIDE[part.fact], count=left))
    return notes


def in_no_step(session: Session, plan: Plan, part: FactPlan) -> list[Sentence]:
    """What is in the total and in no row: figures of periods longer than what is asked by."""
    parameters: list[Any] = []
    every = period_figures(plan, replace(part, in_steps=False), session)
    where = conditions(plan, part, parameters)
    sql = (
        f"SELECT DISTINCT date, period_end FROM {every} WHERE {where} "
        f"AND NOT ({in_steps(plan, part)}) ORDER BY date, period_end LIMIT {SHOWN_PERIODS}"
    )
    return [
        say(_("Figures from {first} to {last} are known for that period as a whole: they are in "
              "the total and in no row."), first=str(first), last=str(last))
        for first, last in session.recall(sql, parameters)
    ]  # fmt: skip


def provisional_from(session: Session, plan: Plan) -> date | None:
    """The first of the asked days that a platform may still change."""
    period = plan.query.period
    days = [
        day
        for part in plan.facts
        if part.fact in LEVELLED and session.has(part.fact)
        for day in _provisional_days(session, plan, part)
    ]
    return min(
        (day for day in days if period is None or period.start <= day <= period.end),
        default=None,
    )


def _provisional_days(session: Session, plan: Plan, part: FactPlan) -> list[date]:
    by_month, what, only = part.table + BY_MONTH, "true", "provisional AND "
    if part.fact == EARNED.name:  # of the kinds that are asked for
        only += f"({' OR '.join(one.only for one in part.sums)}) AND "
    among: list[Period | None] = [None]
    if session.has(by_month):
        found = _looked_up(session, plan, part, by_month, what, None, only=only)
        among = [Period(month, month_end(month)) for month, _true in found]
    return [
        day
        for days in among
        for day, _true in _looked_up(session, plan, part, part.table, what, days, only=only)
    ]
