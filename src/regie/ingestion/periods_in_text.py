"""Reads the period that a title line, a preamble or a file name states, in English or French."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from regie.kernel.errors import WrongUse
from regie.kernel.periods import Period, month_end

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv", "february feb fevrier fevr fev", "march mar mars",
            "april apr avril avr", "may mai", "june jun juin", "july jul juillet juil",
            "august aug aout", "september sep sept septembre", "october oct octobre",
            "november nov novembre", "december dec decembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ACCENTS = str.maketrans("éèêûôàçÉÛ", "eeeuoaceu")
_DAY = re.compile(
    r"(?P<iso>\d{4})[-/](?P<iso_m>\d{1,2})[-/](?P<iso_d>\d{1,2})"
    r"|(?P<compact>(?:19|20)\d{6})(?!\d)"
    r"|(?P<en_m>[A-Za-zûé]{3,9})\.? (?P<en_d>\d{1,2}),? (?P<en_y>\d{4})"
    r"|(?P<fr_d>\d{1,2})(?:er)? (?P<fr_m>[A-Za-zûéÉ]{3,9})\.? (?P<fr_y>\d{4})"
    r"|(?P<us_m>\d{1,2})/(?P<us_d>\d{1,2})/(?P<us_y>\d{4})"
)
_MONTH_ALONE = re.compile(r"(?<!\d)(20\d{2})[-_](0[1-9]|1[0-2])(?![-_]?\d)")


def period_in(text: str, *, day_first: bool = False) -> Period | None:
    """The period between the first two days that ``text`` names, a lone day, or a lone month."""
    days = list(_days_in(text, day_first=day_first))
    if days:
        try:
            return Period(days[0], days[1] if len(days) > 1 else days[0])
        except WrongUse:
            return None
    month = _MONTH_ALONE.search(text)
    if month:
        first = date(int(month[1]), int(month[2]), 1)
        return Period(first, month_end(first))
    return None


def _days_in(text: str, *, day_first: bool) -> Iterator[date]:
    for found in _DAY.finditer(text):
        day = _day(found.groupdict(), day_first=day_first)
        if day is not None:
            yield day


def _day(part: dict[str, str | None], *, day_first: bool) -> date | None:
    try:
        if part["iso"]:
            return date(int(part["iso"]), int(part["iso_m"] or 0), int(part["iso_d"] or 0))
        if part["compact"]:
            return date.fromisoformat(part["compact"])
        if part["us_y"]:
            month, day = int(part["us_m"] or 0), int(part["us_d"] or 0)
            if day_first:
                month, day = day, month
            return date(int(part["us_y"]), month, day)
        name = (part["en_m"] or part["fr_m"] or "").lower().translate(_ACCENTS)
        number = MONTHS.get(name)
        if number is None:
            return None
        return date(
            int(part["en_y"] or part["fr_y"] or 0),
            number,
            int(part["en_d"] or part["fr_d"] or 0),
        )
    except ValueError:
        return None
