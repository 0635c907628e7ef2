"""The engine and the kernel cut the same days into the same weeks, months and quarters."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from regie.kernel.fiscal import GRAINS, PATTERNS, Calendar
from regie.warehouse.calendars import step_start

CALENDARS = [
    Calendar(month, pattern, week)
    for month, week in ((1, 0), (2, 6), (4, 0), (7, 3), (9, 5), (12, 1))
    for pattern in PATTERNS
]


@pytest.mark.slow
@pytest.mark.parametrize("calendar", CALENDARS, ids=str)
def test_twelve_years_of_days_are_in_the_same_steps(calendar: Calendar) -> None:
    columns = ", ".join(f"{step_start(grain, calendar)} AS {grain}_" for grain in GRAINS)
    days = "SELECT CAST(d AS DATE) AS date FROM range(DATE '2016-01-01', DATE '2028-01-01', INTERVAL 1 DAY) r(d)"  # noqa: E501
    with duckdb.connect() as engine:
        rows = engine.execute(f"SELECT date, {columns} FROM ({days}) ORDER BY date").fetchall()

    assert len(rows) == 4383
    for day, *starts in rows[:: 1 if calendar.has_weeks else 5]:
        assert isinstance(day, date)
        assert starts == [calendar.start_of(day, grain) for grain in GRAINS], day
