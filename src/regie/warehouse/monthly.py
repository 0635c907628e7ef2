"""What is known of whole months, read once for a snapshot and scope and kept month by month."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from regie.kernel.periods import Period, month_end, month_start, months
from regie.warehouse.columns import Found
from regie.warehouse.views import Session

MOST_DAYS = 100  # of a question that whole months answer; beyond, rollups by month are quicker
_YEARS = (date.min.year, date.max.year)  # months before and after a day exist between them

Statement = tuple[str, Sequence[Any]]


def is_short(period: Period | None) -> bool:
    return (
        period is not None
        and period.days <= MOST_DAYS
        and _YEARS[0] < period.start.year <= period.end.year < _YEARS[1]
    )


def rows_of_days(
    session: Session,
    period: Period,
    key: tuple[Hashable, ...],
    statement: Callable[[Period], Statement],
) -> Iterator[tuple[Any, ...]]:
    """The rows of the days of ``period``, the day coming first.

    ``statement`` gives the rows of other days, their day as the first column and in its order;
    ``key`` names it.
    """
    wanted = months(period)
    kept = {month: session.kept((*key, month)) for month in wanted}
    missing = [month for month in wanted if kept[month] is None]
    if missing:
        kept |= _read(session, missing, key, statement)
    for found in filter(None, kept.values()):
        yield from _within(found, period)


def _read(
    session: Session,
    missing: Sequence[date],
    key: tuple[Hashable, ...],
    statement: Callable[[Period], Statement],
) -> dict[date, Found]:
    """With the month before: what is asked is most often compared with what was."""
    days = Period(month_start(missing[0] - timedelta(days=1)), month_end(missing[-1]))
    found = session.find(*statement(days))
    read = {}
    for month in months(days):
        read[month] = _within(found, Period(month, month_end(month)))
        session.keep_found((*key, month), read[month])
    return read


def _within(found: Found, period: Period) -> Found:
    days = found.columns[0]
    part = slice(bisect_left(days, period.start), bisect_right(days, period.end))
    columns = [column[part] for column in found.columns]
    return Found(columns, found.complete, len(columns[0]))
