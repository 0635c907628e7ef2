"""The periods that a report offers by name, and those it can be compared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext

from regie.domain.metrics.comparison import other_period
from regie.kernel.errors import WrongUse
from regie.kernel.fiscal import Calendar
from regie.kernel.i18n import Sentence, _
from regie.kernel.periods import Period, month_end, month_start, parse_day, parse_period
from regie.ui import figures

DEFAULT = "last_30_days"
USUAL = "previous"  # comparison
Step = Callable[[Calendar, date], Period]


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


def _last_year(today: date) -> Period:
    return Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))


def _this(step: Step) -> Callable[[Calendar, date], Period]:
    """From its first day until today."""
    return lambda calendar, today: Period(step(calendar, today).start, today)


def _last_whole(step: Step) -> Callable[[Calendar, date], Period]:
    return lambda calendar, today: step(calendar, step(calendar, today).start - timedelta(days=1))


PRESETS: dict[str, tuple[str, Callable[[date], Period]]] = {
    "last_7_days": (_("Last 7 days"), _last(7)),
    "last_30_days": (_("Last 30 days"), _last(30)),
    "last_90_days": (_("Last 90 days"), _last(90)),
    "this_month": (_("This month"), _this_month),
    "last_month": (_("Last month"), _last_month),
    "this_quarter": (_("This quarter"), _this_quarter),
    "last_quarter": (_("Last quarter"), _last_quarter),
    "this_year": (_("This year"), _this_year),
    "last_year": (_("Last year"), _last_year),
    "last_12_months": (_("Last 12 months"), _last_twelve_months),
}
# Offered where the organisation's years are not those on the wall; understood everywhere.
FISCAL_PRESETS: dict[str, tuple[str, Callable[[Calendar, date], Period]]] = {
    "this_fiscal_month": (_("This fiscal month"), _this(Calendar.month)),
    "last_fiscal_month": (_("Last fiscal month"), _last_whole(Calendar.month)),
    "this_fiscal_quarter": (_("This fiscal quarter"), _this(Calendar.quarter)),
    "last_fiscal_quarter": (_("Last fiscal quarter"), _last_whole(Calendar.quarter)),
    "this_fiscal_year": (_("This fiscal year"), _this(Calendar.year)),
    "last_fiscal_year": (_("Last fiscal year"), _last_whole(Calendar.year)),
}
COMPARISONS: dict[str, str] = {
    "previous": _("Previous period"),
    "year": _("Same period last year"),
    "weekdays": _("Same weekdays last year"),
    "fiscal_year": _("Same fiscal period last year"),
    "none": _("No comparison"),
}
LABELS = {name: label for name, (label, _days) in (*PRESETS.items(), *FISCAL_PRESETS.items())}


def preset_period(name: str, today: date, calendar: Calendar) -> Period:
    if name in FISCAL_PRESETS:
        return FISCAL_PRESETS[name][1](calendar, today)
    return PRESETS[name][1](today)


def presets(calendar: Calendar) -> list[str]:
    """Those that mean something of their own under ``calendar``."""
    if calendar.is_plain:
        return list(PRESETS)
    months = ["fiscal_month"] if calendar.has_weeks else []
    fiscal = [f"{which}_{one}" for one in (*months, "fiscal_quarter", "fiscal_year")
              for which in ("this", "last")]  # fmt: skip
    return [*PRESETS, *fiscal]


def comparisons(calendar: Calendar) -> list[str]:
    return [name for name in COMPARISONS if name != "fiscal_year" or calendar.has_weeks]


def comparison_word(comparison: str, there: Period | None) -> str:
    """What a comparison is called; one with dates of its own, by them."""
    if comparison in COMPARISONS or there is None:
        return gettext(COMPARISONS.get(comparison, COMPARISONS["none"]))
    return figures.days(there.start, there.end)


def read_comparison(asked: Mapping[str, str]) -> tuple[str, Sentence | None]:
    """What an address says to compare with: a name, or days (``A..B``); and what is wrong."""
    named = asked.get("compare", "")
    first, last = asked.get("compare_from", ""), asked.get("compare_to", "")
    if first or last:
        named = f"{first or last}..{last or first}"
    if named in COMPARISONS:
        return named, None
    if not (first or last or named[:1].isdecimal()):
        return USUAL, None
    try:
        return str(parse_period(named)), None
    except WrongUse as error:
        return USUAL, error.sentence


def compared(period: Period, comparison: str, calendar: Calendar) -> Period | None:
    return None if comparison == "none" else other_period(period, comparison, calendar)


def read_period(
    asked: Mapping[str, str], today: date, calendar: Calendar
) -> tuple[str, Period, Sentence | None]:
    """What an address says of its period: its name (“dates” for any), the days, and what is wrong.

    The usual period stands in for what cannot be read.
    """
    named = asked.get("period", "")
    preset = named if named in LABELS else DEFAULT
    usual = preset_period(preset, today, calendar)
    if not (asked.get("from") or asked.get("to")):
        return preset, usual, None
    try:
        start = parse_day(asked.get("from") or asked["to"])
        end = parse_day(asked.get("to") or asked["from"])
        return "dates", Period(start, end), None
    except WrongUse as error:
        return preset, usual, error.sentence


def said_of_period(preset: str, period: Period) -> dict[str, Any]:
    """The parameters of an address that ``read_period`` reads; none for what is usual."""
    if preset == "dates":
        return {"from": period.start, "to": period.end}
    return {} if preset == DEFAULT else {"period": preset}
