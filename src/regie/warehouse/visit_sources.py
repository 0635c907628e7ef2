"""Which accounts tell of visits, as they came: those left aside for another source too."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from regie.domain.facts import VISITS
from regie.warehouse.lake import Lake, reading
from regie.warehouse.views import Session


def visit_sources(
    session: Session, lake: Lake, accounts: Collection[int]
) -> list[tuple[int, bool, date, date, int]]:
    """Of ``accounts``: key, whether it is our own measurement, first and last day, visits."""
    if not session.has(VISITS.name):
        return []
    paths = [lake.absolute(file.path) for file in session.snapshot.files(VISITS.name)]
    return session.rows(
        "SELECT asset_key, origin = 'collector' AS ours, min(date), max(date), "
        f"CAST(sum(visits) AS BIGINT) FROM {reading(paths, VISITS.schema)} "
        "WHERE visits > 0 AND list_contains(?, asset_key) GROUP BY ALL ORDER BY ALL",
        [sorted(accounts)],
    )
