"""An account that is there twice is read as one: what only the double knows is kept beside it.

Of a day of which the account that remained has figures of its own, those count and the double's do
not: nothing is lost, and nothing counts twice. The double keeps its key, so that nobody reads more
than before: whoever sees both reads its rows as the other's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from regie.domain.facts import ENTITIES, TABLES
from regie.warehouse import catalogue
from regie.warehouse.catalogue import Conn
from regie.warehouse.engine import Engine
from regie.warehouse.lake import Lake, reading
from regie.warehouse.publish import Published
from regie.warehouse.undo import KeptImport, undo
from regie.warehouse.windows import same_thing


def folded(relation: str, folds: Sequence[tuple[int, int]]) -> str:
    """``relation`` with the rows of doubles as those of the accounts that they became."""
    if not folds:
        return relation
    cases = " ".join(f"WHEN {key:d} THEN {same:d}" for key, same in folds)
    return (
        f"(SELECT * REPLACE (CASE asset_key {cases} ELSE asset_key END AS asset_key) "
        f"FROM {relation})"
    )


def publish_double(
    connection: Conn,
    lake: Lake,
    engine: Engine,
    *,
    key: int,
    same: int | None,
    imports: Sequence[KeptImport],
) -> Published | None:
    """Publish what ``imports`` say of the account ``key`` anew, in their order; of days that the
    account ``same`` knows itself, nothing. None where they say nothing of it.

    Must run inside a transaction that has called ``lock_for_publishing``.
    """
    windows = tuple(w for one in imports for w in one.windows if w.asset_key == key)
    if not windows:
        return None
    current = catalogue.snapshot(connection)

    def unless(table: str, month: date) -> str:
        files = current.files(table, [month])
        if same is None or not files or table == ENTITIES.name:  # each has its own names
            return "false"
        # An order and a refund of one day are two things; levels of one day are one thing.
        relation = reading([lake.absolute(one.path) for one in files], TABLES[table].schema)
        return (
            f"EXISTS (SELECT 1 FROM {relation} k WHERE k.asset_key = {same} "
            f"AND k.date = f.date AND {same_thing(table, 'k', 'f')})"
        )

    return undo(
        connection, lake, engine, taken_back=KeptImport(0, windows, ()), others=imports,
        unless=unless, reason=f"account {key} beside {same or 'none'}",
    )  # fmt: skip
