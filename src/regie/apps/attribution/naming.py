"""Kinds of conversion that people named themselves: which of them there are."""

from __future__ import annotations

from collections.abc import Collection

from regie.domain.attribution.questions import EVENT, is_own_event
from regie.domain.facts import OWN_EVENTS
from regie.kernel.periods import Period
from regie.warehouse.views import Session

MOST_OFFERED = 20


def own_kinds(session: Session, period: Period | None = None) -> list[str]:
    """Those that happened in ``period``, the most frequent first; “event:” and the name of each."""
    if not session.has(OWN_EVENTS.name):
        return []
    days, bounds = ("WHERE date BETWEEN ? AND ? ", [period.start, period.end]) if period else (
        "", [])  # fmt: skip
    found = session.remember(("own_kinds", period), lambda: session.rows(
        f"SELECT event FROM {session.table(OWN_EVENTS.name, period)} {days}"
        "GROUP BY event ORDER BY sum(events) DESC, event", bounds,
    ))  # fmt: skip
    return [kind for (name,) in found if is_own_event(kind := f"{EVENT}{name}")]


def among(kinds: Collection[str], names: Collection[str]) -> list[str]:
    """Of ``kinds`` those called one of ``names``; all where there are no names."""
    return [one for one in kinds if not names or one.removeprefix(EVENT) in names]
