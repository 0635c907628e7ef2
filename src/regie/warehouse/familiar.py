"""Whether a file that does not name its account speaks of the account it would replace."""

from __future__ import annotations

from collections.abc import Sequence

from regie.domain.facts import TABLES
from regie.warehouse.catalogue import Snapshot
from regie.warehouse.engine import Engine
from regie.warehouse.lake import Lake, WrittenFile, reading
from regie.warehouse.windows import Window

_ENTITY = {
    "campaign": "campaign_id", "ad_group": "ad_group_id", "ad": "ad_id", "post": "ad_id",
    "keyword": "keyword_id", "search_term": "keyword_id", "location": "location",
}  # fmt: skip
_EVENT = {"orders": "order_id", "leads": "lead_id", "calls": "call_id"}


def strangers(
    snapshot: Snapshot,
    lake: Lake,
    engine: Engine,
    windows: Sequence[Window],
    files: Sequence[WrittenFile],
) -> tuple[int, int] | None:
    """``(known, again)`` where fewer than half of the window's entities come again, else None."""
    for window in windows:
        column = _EVENT.get(window.table) or _ENTITY.get(window.level)
        old = [lake.absolute(file.path) for file in snapshot.files(window.table)]
        new = [lake.absolute(file.path) for file in files if file.table == window.table]
        if column is None or not old or window.import_id:
            continue
        schema = TABLES[window.table].schema
        condition = window.condition("f")
        known, again = engine.execute(
            f"WITH was AS (SELECT DISTINCT {column} AS e FROM {reading(old, schema)} f "
            f"WHERE {condition} AND {column} IS NOT NULL), "
            f"now AS (SELECT DISTINCT {column} AS e FROM {reading(new, schema)} f) "
            "SELECT (SELECT count(*) FROM was), (SELECT count(*) FROM was SEMI JOIN now USING (e))"
        ).fetchall()[0]
        if again * 2 < known:
            return known, again
    return None
