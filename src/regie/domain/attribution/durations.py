"""Spans of time as people write them: “30d”, “12 hours”, “2w”."""

from __future__ import annotations

import re
from datetime import timedelta

from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say

UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_SPAN = re.compile(
    r"(\d+(?:\.\d+)?)\s*(w(?:eeks?)?|d(?:ays?)?|h(?:ours?)?|min(?:utes?)?|s(?:econds?)?)"
)
LONGEST = timedelta(days=36_500)


def parse_duration(text: str | timedelta) -> timedelta:
    """“30d” as thirty days. Raises ``WrongUse`` for what is no span of time."""
    if isinstance(text, timedelta):
        span: timedelta | None = text
    else:
        found = _SPAN.fullmatch(str(text).strip().lower())
        amount = float(found[1]) if found else 0.0
        span = timedelta(**{UNITS[found[2][0]]: min(amount, 1e7)}) if found else None
    if span is None or not timedelta(0) <= span <= LONGEST:
        raise WrongUse(
            say(_("“{text}” is no span of time."), text=str(text)),
            hint=_("Write it as 30d, 12h, 90min or 2w; at most a hundred years."),
        )
    return span
