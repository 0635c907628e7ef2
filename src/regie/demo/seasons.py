"""The demo's calendar: which days exist, and how busy each one is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from regie.kernel.periods import Period, month_end, month_start, months

# Monday to Sunday: people compare insurances at work and rest on Saturday.
_WEEKDAYS = (1.14, 1.12, 1.08, 1.04, 0.98, 0.78, 0.86)
# January to December: renewals in January and September, beaches in July and August.
_MONTHS = (1.12, 1.02, 1.03, 1.0, 0.98, 0.96, 0.82, 0.70, 1.10, 1.06, 1.0, 0.92)
_GROWTH_A_YEAR = 0.12


@dataclass(frozen=True)
class Calendar:
    """Thirteen complete months, then the days of the running month up to ``until``."""

    until: date

    @cached_property
    def last_month(self) -> Period:
        """The last complete month, which may end on ``until`` itself."""
        end = self.until
        if end != month_end(end):
            end = month_start(end) - timedelta(days=1)
        return Period(month_start(end), end)

    @cached_property
    def month_before(self) -> Period:
        return self.last_month.previous()

    @cached_property
    def whole(self) -> Period:
        last = self.last_month.start
        return Period(last.replace(year=last.year - 1), self.until)

    @cached_property
    def days(self) -> tuple[date, ...]:
        whole = self.whole
        return tuple(whole.start + timedelta(days=n) for n in range(whole.days))

    @cached_property
    def months(self) -> tuple[Period, ...]:
        """The calendar months; the last one may be cut by ``until``."""
        return tuple(
            Period(first, min(month_end(first), self.until)) for first in months(self.whole)
        )

    def days_before_end(self, day: date) -> int:
        return (self.until - day).days

    def business(self, day: date) -> float:
        """How busy ``day`` is, 1.0 being an ordinary day of the first month."""
        grown = 1 + _GROWTH_A_YEAR * (day - self.whole.start).days / 365
        return month_weight(day) * weekday_weight(day) * grown

    def month_business(self, month: date) -> float:
        """How busy the month that starts on ``month`` is."""
        grown = 1 + _GROWTH_A_YEAR * (month - self.whole.start).days / 365
        return month_weight(month) * grown


def weekday_weight(day: date) -> float:
    return _WEEKDAYS[day.weekday()]


def month_weight(day: date) -> float:
    return _MONTHS[day.month - 1]
