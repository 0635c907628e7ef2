"""Campaigns, ad groups and ads that two accounts call the same.

Files without ids are told apart by names: each row then is asked about within its own account.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any

from regie.domain.metrics.planning import OWNER
from regie.domain.metrics.query import Answer, Filter
from regie.web.report.asked import row_key
from regie.web.report.state import LEVELS, PATH, ReportState

# What begins the key of a row that was sold for one of them, nobody knows for which.
OF_EITHER = "either~"


def of(state: ReportState, answer: Answer) -> Set[Any]:
    """The platform and id that several rows have; of the results those of an id, whatever
    the platform: what was sold names none."""
    if state.shown_split not in LEVELS[2:] or "account" in dict(state.path):
        return frozenset()
    rows = answer.rows
    if not state.shows_results:
        rows = [row for row in rows if row.get(OWNER) is not None]
    counts = Counter(_key(state, row) for row in rows)
    return {key for key, count in counts.items() if count > 1 and key[-1]}


def apart(state: ReportState, row: Mapping[str, Any], known: Set[Any]) -> ReportState:
    """``state``, narrowed to the account of ``row`` where it is one of those ``known``."""
    if _key(state, row) not in known or row.get(OWNER) is None:
        return state
    path = {**dict(state.path), "account": row_key("account", row[OWNER])}
    ordered = tuple((one, path[one]) for one in PATH if path.get(one))
    return replace(state, path=ordered, split=state.shown_split)


def is_of_either(state: ReportState, row: Mapping[str, Any], known: Set[Any]) -> bool:
    """Whether it was sold for a campaign that several accounts have, nobody knows for which."""
    return state.shows_results and _key(state, row) in known and row.get(OWNER) is None


def filter_of(split: str, row: str) -> Filter:
    """What a row of the results is asked by."""
    if row.startswith(OF_EITHER):
        return Filter(split, (), ((None, row.removeprefix(OF_EITHER)),))
    return Filter(split, (row,))


def _key(state: ReportState, row: Mapping[str, Any]) -> tuple[Any, ...]:
    platform = () if state.shows_results else (row.get("platform"),)
    return (*platform, row.get(state.shown_split))
