"""Publishes what an import brought: its windows replaced, all tables at once, or nothing at all.

New files are durable before the transaction that names them commits; a kill at any moment leaves
the former version whole and, at worst, files that nobody names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from regie.domain.facts import TABLES
from regie.kernel.periods import months
from regie.warehouse import catalogue, rollups
from regie.warehouse.catalogue import Conn, StoredFile
from regie.warehouse.lake import Lake, reading
from regie.warehouse.windows import Window, any_of


@dataclass(frozen=True)
class Published:
    version: int
    rows_replaced: int


def publish(
    connection: Conn,
    lake: Lake,
    engine: duckdb.DuckDBPyConnection,
    *,
    windows: Sequence[Window],
    new_files: Iterable[StoredFile],
    reason: str,
) -> Published:
    """Replace ``windows`` by the rows of ``new_files``.

    Must run inside a transaction of ``connection`` that has called ``lock_for_publishing``.
    """
    current = catalogue.snapshot(connection)
    added: dict[str, list[StoredFile]] = defaultdict(list)
    for file in new_files:
        added[file.table].append(file)
    by_table: dict[str, list[Window]] = defaultdict(list)
    for window in windows:
        by_table[window.table].append(window)
    content: dict[str, list[StoredFile]] = {}
    touched: dict[str, set[date]] = {}
    replaced = 0
    for table in sorted({*by_table, *added}):
        kept, changed, gone = _without_windows(
            connection, lake, engine, current.files(table), by_table[table], added[table]
        )
        content[table] = [*kept, *added[table]]
        touched[table] = {*changed, *(file.month for file in added[table])}
        replaced += gone
    content |= rollups.refresh(connection, lake, engine, current, content, touched)
    return Published(catalogue.publish_version(connection, content, reason=reason), replaced)


def _without_windows(
    connection: Conn,
    lake: Lake,
    engine: duckdb.DuckDBPyConnection,
    files: list[StoredFile],
    windows: list[Window],
    own: list[StoredFile],
) -> tuple[list[StoredFile], set[date], int]:
    """``files`` less the rows in ``windows``; a file that holds none of them stays as it is."""
    kept: list[StoredFile] = []
    changed: set[date] = set()
    gone = 0
    for file in files:
        here = [window for window in windows if file.month in set(months(window.period))]
        own_rows = _relation(lake, own, file.table)
        condition = any_of(here, "f", own_rows)
        replaced = _count(lake, engine, file, condition) if here else 0
        if replaced == 0:
            kept.append(file)
            continue
        changed.add(file.month)
        gone += replaced
        if replaced == file.rows:
            continue
        rest = lake.write(
            engine,
            file.table,
            file.month,
            f"SELECT * FROM {_relation(lake, [file], file.table)} f WHERE NOT {condition}",
        )
        if rest is not None:
            kept += catalogue.register(connection, [rest])
    return kept, changed, gone


def _count(lake: Lake, engine: duckdb.DuckDBPyConnection, file: StoredFile, condition: str) -> int:
    relation = _relation(lake, [file], file.table)
    row = engine.execute(f"SELECT count(*) FROM {relation} f WHERE {condition}").fetchall()[0]
    return int(row[0])


def _relation(lake: Lake, files: Sequence[StoredFile], table: str) -> str:
    return reading([lake.absolute(file.path) for file in files], TABLES[table].schema)
