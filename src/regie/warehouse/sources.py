"""Which accounts tell of visits, orders, leads and calls, as they came: counted or left aside."""

from __future__ import annotations

from datetime import date
from typing import Final

from regie.warehouse.views import Session

# By fact: what of it is counted.
COUNTED: Final = {"visits": "visits", "orders": "orders", "leads": "leads", "calls": "calls"}


def sources(session: Session, fact: str) -> list[tuple[int, bool, date, date, int]]:
    """Of the accounts in scope: key, whether we measured it, first and last day, count."""
    if not session.has(fact):
        return []
    return session.rows(
        "SELECT asset_key, origin = 'collector' AS ours, min(date), max(date), "
        f"CAST(sum({COUNTED[fact]}) AS BIGINT) FROM {session.as_it_came(fact)} "
        f"WHERE {COUNTED[fact]} > 0 GROUP BY ALL ORDER BY ALL"
    )
