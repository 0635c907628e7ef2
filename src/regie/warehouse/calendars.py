"""SQL for the first day of the week, month or quarter that a day is in, by a calendar.

Says in SQL what ``kernel.fiscal`` says in Python; a test holds the two together, day by day.
"""

from __future__ import annotations

import re

from regie.kernel.fiscal import NEAREST, Calendar

_DATE = re.compile(r"\bdate\b")


def in_one_step(grain: str, calendar: Calendar) -> str:
    """SQL: whether the days from ``date`` to ``period_end`` are of one step."""
    start = step_start(grain, calendar)
    return f"{start} = {_DATE.sub('period_end', start)}"


def step_start(grain: str, calendar: Calendar) -> str:
    """An expression over the column ``date``."""
    if grain == "week":
        later = calendar.week_starts_on
        return f"(CAST(date_trunc('week', date - {later}) AS DATE) + {later})"
    if grain == "month" or (grain == "fiscal_month" and not calendar.has_weeks):
        return "CAST(date_trunc('month', date) AS DATE)"
    if grain == "fiscal_month":
        return _of_weeks(calendar, _month_offsets(calendar))
    if grain == "fiscal_quarter" and calendar.has_weeks:
        return _of_weeks(calendar, [91 * (week // 13) for week in range(52)])
    if grain == "fiscal_quarter":
        late = f"((month(date) - {calendar.first_month} + 12) % 3)"
        return f"CAST(date_trunc('month', date) - to_months(CAST({late} AS INTEGER)) AS DATE)"
    return "date"


def _of_weeks(calendar: Calendar, offsets: list[int]) -> str:
    """The day that stands ``offsets[week]`` days after the start of its retail year."""
    start = _year_start(calendar)
    # A 53rd week belongs to what the 52nd does.
    return f"({start} + {offsets}[least((date - {start}) // 7, 51) + 1])"


def _year_start(calendar: Calendar) -> str:
    this, following = _start_in(calendar, "0"), _start_in(calendar, "1")
    return (
        f"(CASE WHEN date >= {following} THEN {following} WHEN date >= {this} THEN {this} "
        f"ELSE {_start_in(calendar, '-1')} END)"
    )


def _start_in(calendar: Calendar, later: str) -> str:
    day = f"make_date(year(date) + {later}, {calendar.first_month}, {1 + NEAREST})"
    back = f"((isodow({day}) - 1 - {calendar.week_starts_on} + 7) % 7)"
    return f"({day} - CAST({back} AS INTEGER))"


def _month_offsets(calendar: Calendar) -> list[int]:
    lengths = [int(one) for one in calendar.pattern.split("-")] * 4
    starts = [sum(lengths[:place]) for place in range(len(lengths))]
    return [
        7 * start for start, weeks in zip(starts, lengths, strict=True) for _week in range(weeks)
    ]
