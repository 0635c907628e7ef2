"""Which period stands beside another, and which day beside which."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.domain.metrics.comparison import moved, other_period
from regie.kernel.errors import WrongUse
from regie.kernel.periods import Period, parse_period

DAYS = st.dates(min_value=date(2001, 1, 1), max_value=date(2090, 12, 31))


@pytest.mark.parametrize(
    ("period", "mode", "other"),
    [
        ("2026-09", "previous", "2026-08-01..2026-08-31"),
        ("2026-03", "previous", "2026-02-01..2026-02-28"),
        ("2026-09-08..2026-09-14", "previous", "2026-09-01..2026-09-07"),
        ("2026-09", "year", "2025-09-01..2025-09-30"),
        ("2026-09", "weekdays", "2025-09-02..2025-10-01"),
        ("2028-02-29", "weekdays", "2027-03-02..2027-03-02"),
        ("2028-02-29", "year", "2027-02-28..2027-02-28"),
        ("2026-09", "2026-01-01..2026-01-05", "2026-01-01..2026-01-05"),
        ("2026-09", "2024", "2024-01-01..2024-12-31"),
    ],
)
def test_the_other_period(period: str, mode: str, other: str) -> None:
    assert str(other_period(parse_period(period), mode)) == other


@pytest.mark.parametrize("mode", ["", "last", "2026-13", "2026-09-02..2026-09-01"])
def test_what_is_no_comparison_is_refused(mode: str) -> None:
    with pytest.raises(WrongUse):
        other_period(parse_period("2026-09"), mode)


@given(DAYS, st.integers(0, 90), st.integers(0, 90))
def test_a_day_stands_beside_the_day_of_the_same_place(start: date, length: int, n: int) -> None:
    here = Period(start, date.fromordinal(start.toordinal() + length))
    there = here.previous()
    day = date.fromordinal(there.start.toordinal() + min(n, there.days - 1))
    found = moved(day, "date", there, here)

    place = (day - there.start).days
    assert found is None if place >= here.days else found == date.fromordinal(
        here.start.toordinal() + place
    )  # fmt: skip


@given(DAYS, st.integers(0, 400))
def test_a_week_stands_beside_a_week(start: date, length: int) -> None:
    here = Period(start, date.fromordinal(start.toordinal() + length))
    there = here.previous()
    monday = date.fromordinal(there.start.toordinal() - there.start.weekday())
    found = moved(monday, "week", there, here)

    assert found is not None
    assert found.weekday() == 0
    assert found <= here.start
