"""Fiscal calendars: years of any first month, and retail years of whole weeks."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.kernel.fiscal import GRAINS, PATTERNS, Calendar
from regie.kernel.periods import Period

CALENDARS = st.builds(
    Calendar, st.integers(1, 12), st.sampled_from(PATTERNS), st.integers(0, 6)
)  # fmt: skip
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
PERIODS = st.builds(lambda day, n: Period(day, day + timedelta(days=n)), DAYS, st.integers(0, 800))
RETAIL = Calendar(2, "4-5-4", 6)
APRIL = Calendar(4)


@pytest.mark.parametrize(
    ("number", "first"),
    [
        # The starts that the trade has published for years: 2017 and 2023 had 53 weeks.
        (2016, date(2016, 1, 31)), (2017, date(2017, 1, 29)), (2018, date(2018, 2, 4)),
        (2022, date(2022, 1, 30)), (2023, date(2023, 1, 29)), (2024, date(2024, 2, 4)),
        (2025, date(2025, 2, 2)), (2026, date(2026, 2, 1)),
    ],
)  # fmt: skip
def test_retail_years_begin_on_the_sunday_nearest_to_february(number: int, first: date) -> None:
    assert RETAIL.year_start(number) == first
    assert RETAIL.year(first).start == first
    assert RETAIL.number_of(RETAIL.year(first)) == number


def test_a_fifty_third_week_belongs_to_the_last_month() -> None:
    months = RETAIL.months(date(2023, 6, 1))

    assert [one.days // 7 for one in months] == [4, 5, 4, 4, 5, 4, 4, 5, 4, 4, 5, 5]
    assert RETAIL.previous_year(Period(date(2024, 2, 4), date(2024, 3, 2))) == months[0]


def test_a_year_from_april_has_its_quarters_from_april() -> None:
    day = date(2026, 11, 22)

    assert APRIL.year(day) == Period(date(2026, 4, 1), date(2027, 3, 31))
    assert APRIL.quarter(day) == Period(date(2026, 10, 1), date(2026, 12, 31))
    assert (APRIL.quarter_number(day), APRIL.month_number(day)) == (3, 8)
    assert APRIL.year(date(2026, 3, 31)).end == date(2026, 3, 31)


def test_a_whole_quarter_is_compared_with_the_whole_one_before() -> None:
    quarter = Period(date(2026, 7, 1), date(2026, 9, 30))

    assert APRIL.previous(quarter) == Period(date(2026, 4, 1), date(2026, 6, 30))
    week = Period(date(2026, 7, 2), date(2026, 7, 8))
    assert APRIL.previous(week) == Period(date(2026, 6, 25), date(2026, 7, 1))


def test_weeks_begin_on_the_chosen_day() -> None:
    assert Calendar().week_start(date(2026, 11, 22)) == date(2026, 11, 16)
    assert Calendar(week_starts_on=6).week_start(date(2026, 11, 22)) == date(2026, 11, 22)
    assert Calendar(week_starts_on=5).week_start(date(2026, 11, 22)) == date(2026, 11, 21)


@given(CALENDARS, DAYS)
def test_a_year_is_its_months_one_after_the_other(calendar: Calendar, day: date) -> None:
    year, months = calendar.year(day), calendar.months(day)

    assert len(months) == 12
    assert (months[0].start, months[-1].end) == (year.start, year.end)
    assert all(two.start - one.end == timedelta(days=1) for one, two in pairwise(months))
    assert year.start <= day <= year.end
    assert calendar.year(year.end + timedelta(days=1)).start == year.end + timedelta(days=1)


@given(CALENDARS, DAYS)
def test_a_retail_year_has_whole_weeks_and_begins_near_its_month(
    calendar: Calendar, day: date
) -> None:
    year = calendar.year(day)
    first = date(calendar.number_of(year), calendar.first_month, 1)

    if calendar.has_weeks:
        assert year.days in {364, 371}
        assert year.start.weekday() == calendar.week_starts_on
        assert abs((year.start - first).days) <= 3
    else:
        assert year.start == first
        assert year.days in {365, 366}


@given(CALENDARS, DAYS, st.sampled_from(GRAINS))
def test_a_day_is_in_its_step_and_every_day_of_it_says_the_same(
    calendar: Calendar, day: date, grain: str
) -> None:
    step = calendar.step(day, grain)

    assert step.start <= day <= step.end
    assert calendar.step(step.start, grain) == calendar.step(step.end, grain) == step


@given(CALENDARS, PERIODS, st.sampled_from(GRAINS))
def test_steps_cover_a_period_without_gap(calendar: Calendar, period: Period, grain: str) -> None:
    steps = calendar.steps(period, grain)

    assert steps[0] <= period.start
    assert all(calendar.step(one, grain).end + timedelta(days=1) == two
               for one, two in pairwise(steps))  # fmt: skip
    assert calendar.step(steps[-1], grain).end >= period.end


@given(CALENDARS, PERIODS)
def test_the_year_before_keeps_order_and_length(calendar: Calendar, period: Period) -> None:
    before = calendar.previous_year(period)

    assert before.end < period.end
    assert abs(before.days - period.days) <= 7
    if calendar.has_weeks and before.days == period.days:
        assert before.start.weekday() == period.start.weekday()


@given(CALENDARS, DAYS, st.sampled_from(["month", "quarter", "year"]))
def test_what_is_whole_is_compared_with_what_is_whole(
    calendar: Calendar, day: date, name: str
) -> None:
    whole: Period = getattr(calendar, name)(day)

    before, last = calendar.previous(whole), calendar.previous_year(whole)
    assert getattr(calendar, name)(before.start) == before
    assert before.end + timedelta(days=1) == whole.start
    assert getattr(calendar, name)(last.start) == last
