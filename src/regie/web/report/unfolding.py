"""Rows that are opened in place: what is inside a row is shown beneath it, on the same page.

The address names the rows that are open, each by the way from the table down to it, so that a
link, the back button and a page without script all show the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from regie.web.report.asked import row_key
from regie.web.report.state import LEVELS, MOST_OPEN, ReportState

# Of the results, orders and leads name their campaign and nothing above it.
INSIDE_RESULTS = {"platform": "campaign", "campaign": "ad"}


def inner(state: ReportState, value: Any, platform: str) -> ReportState | None:
    """What is asked for the inside of the row called ``value``; None where it has none."""
    split = state.shown_split
    if value in (None, "") or split not in LEVELS[:-1]:
        return None
    if state.shows_results and split not in INSIDE_RESULTS:
        return None
    above = {"platform": platform} if platform else {}
    deeper = state.into(split, row_key(split, value), **above)
    beneath = INSIDE_RESULTS[split] if state.shows_results else ""
    return replace(deeper, split=beneath, sort=state.sort)


def key(above: Sequence[str], split: str, value: Any) -> str:
    """``google_ads~#12``: the rows that one opens to come here, from the widest."""
    return "~".join([*above[-1:], quote(row_key(split, value), safe="#")])


def turned(opened: tuple[str, ...], one: str) -> tuple[str, ...]:
    """``opened`` with ``one`` open, or closed with all that is inside it."""
    if one in opened:
        return tuple(other for other in opened if other != one and not other.startswith(f"{one}~"))
    return (*opened, one)[-MOST_OPEN:]
