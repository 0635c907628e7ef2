"""The calendar by which an organisation counts its year: any first month, or retail weeks.

Retail years have whole weeks, so that each week has as many Saturdays as a year ago. They begin
on the week's first day nearest to the first of ``first_month``; most have 52 weeks, and every
five or six years the last month has one more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from regie.kernel.periods import Period, month_end, months

MONTHS = "months"
PATTERNS = (MONTHS, "4-4-5", "4-5-4", "5-4-4")
GRAINS = ("date", "week", "month", "fiscal_month", "fiscal_quarter")
DAY, WEEK = timedelta(days=1), timedelta(days=7)
NEAREST = 3  # days: a week's first day is never further from a given day


@dataclass(frozen=True)
class Calendar:
    """``week_starts_on`` counts from Monday (0) to Sunday (6)."""

    first_month: int = 1
    pattern: str = MONTHS
    week_starts_on: int = 0

    @property
    def is_plain(self) -> bool:
        """Whether its quarters and years are those on the wall."""
        return self.first_month == 1 and self.pattern == MONTHS

    @property
    def has_weeks(self) -> bool:
        """Whether its months are made of whole weeks, and so are not those on the wall."""
        return self.pattern != MONTHS

    def week_start(self, day: date) -> date:
        return day - timedelta(days=(day.weekday() - self.week_starts_on) % 7)

    def year(self, day: date) -> Period:
        for number in (day.year + 1, day.year, day.year - 1):
            start = self.year_start(number)
            if start <= day:
                return Period(start, self.year_start(number + 1) - DAY)
        raise ValueError(day)  # never: the first of a month is in the year before at the latest

    def year_start(self, number: int) -> date:
        """The first day of the fiscal year that begins in ``number``."""
        first = date(number, self.first_month, 1)
        return self.week_start(first + timedelta(days=NEAREST)) if self.has_weeks else first

    def number_of(self, year: Period) -> int:
        """The calendar year in which a fiscal year begins, by its name and not by its first day:
        a retail year of January may begin on 29 December."""
        return (year.start + timedelta(days=NEAREST)).year

    def months(self, day: date) -> tuple[Period, ...]:
        """The twelve fiscal months of the year of ``day``."""
        return _months(self, self.year(day))

    def month(self, day: date) -> Period:
        return self.months(day)[self.month_number(day) - 1]

    def month_number(self, day: date) -> int:
        return next(n for n, one in enumerate(self.months(day), start=1) if day <= one.end)

    def quarter(self, day: date) -> Period:
        first = (self.quarter_number(day) - 1) * 3
        found = self.months(day)[first : first + 3]
        return Period(found[0].start, found[-1].end)

    def quarter_number(self, day: date) -> int:
        return (self.month_number(day) + 2) // 3

    def start_of(self, day: date, grain: str) -> date:
        """The first day of the step of ``grain`` that ``day`` is in."""
        return self.step(day, grain).start

    def step(self, day: date, grain: str) -> Period:
        if grain == "week":
            start = self.week_start(day)
            return Period(start, start + timedelta(days=6))
        if grain == "month":
            return Period(day.replace(day=1), month_end(day))
        if grain == "fiscal_month":
            return self.month(day)
        return self.quarter(day) if grain == "fiscal_quarter" else Period(day, day)

    def steps(self, period: Period, grain: str) -> list[date]:
        """First days of the steps that ``period`` touches, in order."""
        found, day = [], period.start
        while day <= period.end:
            step = self.step(day, grain)
            found.append(step.start)
            day = step.end + DAY
        return found

    def whole(self, period: Period) -> str:
        """Which of year, quarter and month ``period`` is the whole of; empty for none."""
        for name in ("year", "quarter", "month"):
            if getattr(self, name)(period.start) == period:
                return name
        return ""

    def previous(self, period: Period) -> Period:
        """The whole year, quarter or month before a whole one, else as many days before."""
        name = self.whole(period)
        if not name:
            return period.previous()
        found: Period = getattr(self, name)(period.start - DAY)
        return found

    def previous_year(self, period: Period) -> Period:
        """The same days of the fiscal year before: same month, same week, same weekday.

        Of a 53rd week nothing is left; the end of a fiscal month stays its end.
        """
        if not self.has_weeks:
            before = period.previous_year()
            name = self.whole(period)
            # A whole February is compared with a whole one, of 28 days or 29.
            return getattr(self, name)(before.start) if name else before
        start = self._year_before(period.start)
        return Period(start, max(start, self._year_before(period.end, is_end=True)))

    def _year_before(self, day: date, *, is_end: bool = False) -> date:
        here = self.month(day)
        number = self.month_number(day) - 1
        there = self.months(self.year(day).start - DAY)[number]
        if is_end and day == here.end:
            return there.end
        return min(there.end, there.start + (day - here.start))


PLAIN = Calendar()


@lru_cache(maxsize=256)
def _months(calendar: Calendar, year: Period) -> tuple[Period, ...]:
    if not calendar.has_weeks:
        return tuple(Period(first, month_end(first)) for first in months(year))
    return tuple(_of_weeks(calendar.pattern, year))


def _of_weeks(pattern: str, year: Period) -> Iterator[Period]:
    lengths = [int(one) for one in pattern.split("-")] * 4
    start = year.start
    for place, weeks in enumerate(lengths):
        # A 53rd week belongs to the last month.
        end = year.end if place == len(lengths) - 1 else start + weeks * WEEK - DAY
        yield Period(start, end)
        start = end + DAY
