"""Campaigns, ad groups and ads that two accounts of a platform call the same.

Files without ids are told apart by names: each row then is asked about within its own account.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any

from regie.domain.metrics.planning import OWNER
from regie.domain.metrics.query import Answer
from regie.web.report.asked import row_key
from regie.web.report.state import LEVELS, PATH, ReportState


def of(state: ReportState, answer: Answer) -> Set[Any]:
    """The platform and id that several rows have; the results of a campaign are of no account."""
    if state.shows_results or state.shown_split not in LEVELS[2:] or "account" in dict(state.path):
        return frozenset()
    counts = Counter(_key(state, row) for row in answer.rows if row.get(OWNER) is not None)
    return {key for key, count in counts.items() if count > 1}


def apart(state: ReportState, row: Mapping[str, Any], known: Set[Any]) -> ReportState:
    """``state``, narrowed to the account of ``row`` where it is one of those ``known``."""
    if _key(state, row) not in known or row.get(OWNER) is None:
        return state
    path = {**dict(state.path), "account": row_key("account", row[OWNER])}
    ordered = tuple((one, path[one]) for one in PATH if path.get(one))
    return replace(state, path=ordered, split=state.shown_split)


def _key(state: ReportState, row: Mapping[str, Any]) -> tuple[Any, Any]:
    return row.get("platform"), row.get(state.shown_split)
