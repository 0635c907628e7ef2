"""The same question about another period, and the two answers side by side.

Days stand beside the days of the same place in their period: the third of this month beside the
third of the one before; with the year before, each day beside the same day of the calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from regie.domain.metrics.catalog import metric
from regie.domain.metrics.definitions import Sum
from regie.domain.metrics.dimensions import DIMENSIONS
from regie.domain.metrics.query import BEFORE, CHANGE, DIFFERENCE, Answer
from regie.kernel.errors import WrongUse
from regie.kernel.fiscal import PLAIN, Calendar
from regie.kernel.i18n import _, say
from regie.kernel.periods import Period, parse_period

NEW, GONE = "new", "gone"


def other_period(period: Period | None, mode: str, calendar: Calendar = PLAIN) -> Period:
    """``mode``: ``previous``, ``year``, ``weekdays`` (52 weeks before), ``fiscal_year`` or a
    period of one's own (``A..B``)."""
    if period is None or period.start.year == 1 or period.end.year == date.max.year:
        raise WrongUse(
            _("All days cannot be compared with others."), hint=_("Give a first and a last day.")
        )
    if mode == "previous":
        return calendar.previous(period)
    if mode == "year":
        return period.previous_year()
    if mode == "weekdays":
        return period.weekdays_before()
    if mode == "fiscal_year":
        return calendar.previous_year(period)
    if not mode[:1].isdigit():
        raise WrongUse(
            say(_("“{text}” is no comparison."), text=mode),
            hint=_(
                "Write previous, year, weekdays, fiscal_year or a period such as "
                "2026-08-01..2026-08-31."
            ),
        )
    return parse_period(mode)


def moved(
    day: date, grain: str, there: Period, here: Period, calendar: Calendar = PLAIN
) -> date | None:
    """The day of ``here`` that stands where ``day`` stands in ``there``; None beyond its end."""
    if grain == "date":
        is_year = there == here.previous_year()
        found = _year_after(day) if is_year else here.start + (day - there.start)
        return found if found is not None and found <= here.end else None
    ours, theirs = _steps(calendar, here, grain), _steps(calendar, there, grain)
    place = theirs.index(calendar.start_of(day, grain))
    return ours[place] if place < len(ours) else None


@lru_cache(maxsize=32)
def _steps(calendar: Calendar, period: Period, grain: str) -> tuple[date, ...]:
    return tuple(calendar.steps(period, grain))


def _year_after(day: date) -> date | None:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return None


def beside(
    now: Answer,
    before: Answer,
    *,
    here: Period,
    there: Period,
    owner: str,
    calendar: Calendar = PLAIN,
) -> Answer:
    """``now`` with ``<metric>_before`` in each row and in the totals.

    Rows that only the other period has come last. ``owner`` tells rows of one id apart.
    """
    grain = next((name for name in now.by if DIMENSIONS[name].time), "")
    pairs = [(name, f"{name}{BEFORE}") for name in now.metrics]
    nothing, nothing_before = dict.fromkeys(now.metrics), dict.fromkeys(b for _n, b in pairs)
    waiting: dict[Any, list[dict[str, Any]]] = {}
    for row in before.rows:
        place = moved(row[grain], grain, there, here, calendar) if grain else None
        if not grain or place is not None:
            key = _key(row | {grain: place} if grain else row, now.by, owner)
            waiting.setdefault(key, []).append(row)
    rows: list[dict[str, Any]] = []
    for row in now.rows:
        others = waiting.get(_key(row, now.by, owner))
        other = others.pop(0) if others else None
        was = nothing_before if other is None else {b: other.get(name) for name, b in pairs}
        rows.append({**row, **was})
    for row in (one for others in waiting.values() for one in others):
        here_too = {grain: moved(row[grain], grain, there, here, calendar)} if grain else {}
        was = {b: row.get(name) for name, b in pairs}
        rows.append({**row, **nothing, **here_too, **was})
    totals = {b: before.totals.get(name) for name, b in pairs}
    return replace(
        now,
        rows=rows,
        totals=now.totals | totals,
        notes=[*now.notes, *(note for note in before.notes if note not in now.notes)],
        compared_with=there,
    )


def with_changes(both: Answer) -> Answer:
    """``both`` with ``<metric>_difference`` and ``<metric>_change`` in each row and in the totals.

    The difference is in the metric's own unit: of a rate 0.01 is one point. The change is the
    part of what it was. Both are None where either figure is missing, the second where it was 0.
    """
    return replace(
        both,
        rows=[row | _changes(row, both.metrics) for row in both.rows],
        totals=both.totals | _changes(both.totals, both.metrics),
        has_changes=True,
    )


def _changes(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in names:
        now, before = row.get(name), row.get(f"{name}{BEFORE}")
        found[f"{name}{DIFFERENCE}"] = _of_each(_minus, now, before)
        found[f"{name}{CHANGE}"] = _of_each(relative, now, before)
    return found


def _of_each(moved: Callable[[Any, Any], Any], now: Any, before: Any) -> Any:
    """Totals of money that is not converted are apart for each currency."""
    if not isinstance(now, dict) and not isinstance(before, dict):
        return moved(now, before)
    here, there = now or {}, before or {}
    return {code: moved(here.get(code), there.get(code)) for code in dict.fromkeys([*here, *there])}


def _minus(now: Any, before: Any) -> Any:
    return None if now is None or before is None else now - before


def standing(row: Mapping[str, Any], names: Sequence[str]) -> str:
    """``new`` where the other period knows nothing of the row, ``gone`` where only it does."""
    has_now = any(row.get(name) is not None for name in names)
    had = any(row.get(f"{name}{BEFORE}") is not None for name in names)
    return "" if has_now and had else NEW if has_now else GONE if had else ""


def difference(row: Mapping[str, Any], name: str, among: str = "") -> Decimal | None:
    """How much more there is of ``name`` than in the other period; None where either is unknown.

    In a row that is new or gone (``among``) what can be added up began at nothing, or ended there.
    """
    now, before = row.get(name), row.get(f"{name}{BEFORE}")
    if isinstance(metric(name), Sum):
        before = 0 if among == NEW else before
        now = 0 if among == GONE else now
    return None if now is None or before is None else Decimal(now) - Decimal(before)


def relative(now: Decimal | int | None, before: Decimal | int | None) -> Decimal | None:
    """By which part of ``before`` it moved: 0.1 is ten percent more. None where nothing divides."""
    if now is None or before is None:
        return None
    if before == 0:
        return Decimal(0) if now == 0 else None
    return (Decimal(now) - Decimal(before)) / abs(Decimal(before))


def _key(row: Mapping[str, Any], by: tuple[str, ...], owner: str) -> Any:
    return (*[row[name] for name in by], row.get(owner), row.get("currency"))
