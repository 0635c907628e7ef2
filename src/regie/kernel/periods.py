"""Periods of whole days, both ends included."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say

WEEKS_OF_A_YEAR = timedelta(weeks=52)
ISO_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True, order=True)
class Period:
    """From ``start`` to ``end``, both included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise WrongUse(
                say(
                    _("The period ends ({end}) before it starts ({start})."),
                    start=self.start.isoformat(),
                    end=self.end.isoformat(),
                ),
                hint=_("Give the earlier day first."),
            )

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def previous(self) -> Period:
        """The period of the same length that ends the day before this one starts.

        A whole month is compared with the whole month before it.
        """
        before = self.start - timedelta(days=1)
        if self.is_whole_month():
            return Period(before.replace(day=1), before)
        return Period(self.start - timedelta(days=self.days), before)

    def previous_year(self) -> Period:
        return Period(_year_before(self.start), _year_before(self.end))

    def weekdays_before(self) -> Period:
        """The same weekdays a year earlier: 52 whole weeks before."""
        return Period(self.start - WEEKS_OF_A_YEAR, self.end - WEEKS_OF_A_YEAR)

    def is_whole_month(self) -> bool:
        return (
            self.start.day == 1
            and (self.start.year, self.start.month) == (self.end.year, self.end.month)
            and (self.end + timedelta(days=1)).day == 1
        )

    def contains(self, other: Period) -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Period) -> bool:
        return self.start <= other.end and other.start <= self.end

    def __str__(self) -> str:
        return f"{self.start.isoformat()}..{self.end.isoformat()}"


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


def parse_day(text: str) -> date:
    if ISO_DAY.match(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise WrongUse(say(_("“{text}” is not a day."), text=text), hint=_("Write it as 2026-09-30."))


def parse_period(text: str) -> Period:
    """``2026-09-01..2026-09-30``, a day, a month (``2026-09``) or a year (``2026``)."""
    if ".." in text:
        start, end = text.split("..", 1)
        return Period(parse_day(start.strip()), parse_day(end.strip()))
    if re.match(r"^\d{4}$", text):
        return Period(date(int(text), 1, 1), date(int(text), 12, 31))
    if re.match(r"^\d{4}-(0[1-9]|1[0-2])$", text):
        first = date(int(text[:4]), int(text[5:]), 1)
        return Period(first, month_end(first))
    day = parse_day(text)
    return Period(day, day)


def month_start(day: date) -> date:
    return day.replace(day=1)


def month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def year_start(day: date) -> date:
    return day.replace(month=1, day=1)


def year_end(day: date) -> date:
    return day.replace(month=12, day=31)


def whole_months(period: Period, known: Period) -> tuple[Period | None, list[Period]]:
    """The months that ``period`` has whole, and the days before and after them.

    Only the days in ``known`` matter: a month is whole when all of them in it are asked for.
    """
    if not period.overlaps(known):
        return None, []
    start, end = max(period.start, known.start), min(period.end, known.end)
    first, last = month_start(start), month_end(end)
    if start.day > 1 and start > known.start:
        first = month_end(start) + timedelta(days=1)
    if end < last and end < known.end:
        last = month_start(end) - timedelta(days=1)
    if first > last:
        return None, [Period(start, end)]
    edges = []
    if start < first:
        edges.append(Period(start, first - timedelta(days=1)))
    if last < end:
        edges.append(Period(last + timedelta(days=1), end))
    return Period(first, last), edges


def months(period: Period) -> list[date]:
    """First days of the months that ``period`` touches."""
    found, day = [], month_start(period.start)
    while day <= period.end:
        found.append(day)
        day = month_end(day) + timedelta(days=1)
    return found
