"""The periods that a report offers by name, and the two it can be compared with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from regie.kernel.i18n import _
from regie.kernel.periods import Period, month_end, month_start

DEFAULT = "last_30_days"


def _last(days: int) -> Callable[[date], Period]:
    # Today is not over: a period of whole days ends yesterday.
    return lambda today: Period(today - timedelta(days=days), today - timedelta(days=1))


def _this_month(today: date) -> Period:
    return Period(month_start(today), today)


def _last_month(today: date) -> Period:
    end = month_start(today) - timedelta(days=1)
    return Period(month_start(end), end)


def _this_quarter(today: date) -> Period:
    return Period(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), today)


def _last_quarter(today: date) -> Period:
    end = _this_quarter(today).start - timedelta(days=1)
    return Period(date(end.year, end.month - 2, 1), end)


def _this_year(today: date) -> Period:
    return Period(date(today.year, 1, 1), today)


def _last_twelve_months(today: date) -> Period:
    end = month_start(today) - timedelta(days=1)
    start = date(end.year - 1, end.month, 1)
    return Period(month_end(start) + timedelta(days=1), end)


PRESETS: dict[str, tuple[str, Callable[[date], Period]]] = {
    "last_7_days": (_("Last 7 days"), _last(7)),
    "last_30_days": (_("Last 30 days"), _last(30)),
    "last_90_days": (_("Last 90 days"), _last(90)),
    "this_month": (_("This month"), _this_month),
    "last_month": (_("Last month"), _last_month),
    "this_quarter": (_("This quarter"), _this_quarter),
    "last_quarter": (_("Last quarter"), _last_quarter),
    "this_year": (_("This year"), _this_year),
    "last_12_months": (_("Last 12 months"), _last_twelve_months),
}
COMPARISONS: dict[str, str] = {
    "previous": _("Previous period"),
    "year": _("Same period last year"),
    "none": _("No comparison"),
}


def compared(period: Period, comparison: str) -> Period | None:
    if comparison == "previous":
        return period.previous()
    if comparison == "year":
        return period.previous_year()
    return None
