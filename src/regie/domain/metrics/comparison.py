"""The same question about another period, and the two answers side by side.

Days stand beside the days of the same place in their period: the third of this month beside the
third of the one before; with the year before, each day beside the same day of the calendar.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from regie.domain.metrics.dimensions import DIMENSIONS
from regie.domain.metrics.query import Answer
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say
from regie.kernel.periods import Period, month_start, months, parse_period

BEFORE = "_before"
MODES = {"previous": Period.previous, "year": Period.previous_year}


def other_period(period: Period | None, mode: str) -> Period:
    """``mode``: ``previous``, ``year``, or a period of one's own (``2026-01-01..2026-01-31``)."""
    if period is None or period.start.year == 1 or period.end.year == date.max.year:
        raise WrongUse(
            _("All days cannot be compared with others."), hint=_("Give a first and a last day.")
        )
    if mode in MODES:
        return MODES[mode](period)
    if not mode[:1].isdigit():
        raise WrongUse(
            say(_("“{text}” is no comparison."), text=mode),
            hint=_("Write previous, year, or a period such as 2026-08-01..2026-08-31."),
        )
    return parse_period(mode)


def moved(day: date, grain: str, there: Period, here: Period) -> date | None:
    """The day of ``here`` that stands where ``day`` stands in ``there``; None beyond its end."""
    if grain == "month":
        ours, place = months(here), months(there).index(month_start(day))
        return ours[place] if place < len(ours) else None
    if there == here.previous_year() and grain == "date":
        found = _year_after(day)
    else:
        found = _first(here, grain) + (day - _first(there, grain))
    return found if found is not None and found <= here.end else None


def _first(period: Period, grain: str) -> date:
    monday = timedelta(days=period.start.weekday())
    return period.start - monday if grain == "week" else period.start


def _year_after(day: date) -> date | None:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return None


def beside(now: Answer, before: Answer, *, here: Period, there: Period, owner: str) -> Answer:
    """``now`` with ``<metric>_before`` in each row and in the totals.

    Rows that only the other period has come last. ``owner`` tells rows of one id apart.
    """
    grain = next((name for name in now.by if DIMENSIONS[name].time), "")
    waiting = {}
    for row in before.rows:
        place = moved(row[grain], grain, there, here) if grain else None
        if not grain or place is not None:
            waiting[_key(row, now.by, owner, {grain: place})] = row
    nothing: dict[str, Any] = dict.fromkeys(now.metrics)
    rows = []
    for row in now.rows:
        other = waiting.pop(_key(row, now.by, owner, {}), nothing)
        rows.append(row | _renamed(other, now.metrics))
    for row in waiting.values():
        here_too = {grain: moved(row[grain], grain, there, here)} if grain else {}
        rows.append(row | nothing | here_too | _renamed(row, now.metrics))
    return replace(
        now,
        rows=rows,
        totals=now.totals | _renamed(before.totals, now.metrics),
        notes=[*now.notes, *(note for note in before.notes if note not in now.notes)],
        compared_with=there,
    )


def _key(row: dict[str, Any], by: tuple[str, ...], owner: str, place: dict[str, Any]) -> Any:
    return (*((row | place)[name] for name in by), row.get(owner), row.get("currency"))


def _renamed(values: dict[str, Any], metrics: tuple[str, ...]) -> dict[str, Any]:
    return {f"{name}{BEFORE}": values.get(name) for name in metrics}
