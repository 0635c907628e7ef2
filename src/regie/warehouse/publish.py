"""Publishes what an import brought: its windows replaced, all tables at once, or nothing at all.

New files are durable before the transaction that names them commits; a kill at any moment leaves
the former version whole and, at worst, files that nobody names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from regie.domain.facts import TABLES
from regie.kernel.periods import months
from regie.warehouse import catalogue
from regie.warehouse.catalogue import Conn, Snapshot, StoredFile
from regie.warehouse.engine import Engine
from regie.warehouse.lake import Lake, reading
from regie.warehouse.refreshing import refresh
from regie.warehouse.windows import Window, any_of


@dataclass(frozen=True)
class Published:
    version: int
    rows_replaced: int


def publish(
    connection: Conn,
    lake: Lake,
    engine: Engine,
    *,
    windows: Sequence[Window],
    new_files: Iterable[StoredFile],
    reason: str,
) -> Published:
    """Replace ``windows`` by the rows of ``new_files``.

    Must run inside a transaction of ``connection`` that has called ``lock_for_publishing``.
    """
    assembly = Assembly(connection, lake, engine, catalogue.snapshot(connection))
    assembly.replace(windows, new_files)
    return assembly.publish(reason)


class Assembly:
    """What tables will consist of: windows replaced one after the other, then published at once."""

    def __init__(self, connection: Conn, lake: Lake, engine: Engine, current: Snapshot) -> None:
        self._connection, self._lake, self._engine = connection, lake, engine
        self._current = current
        self._content: dict[str, list[StoredFile]] = {}
        self._touched: dict[str, set[date]] = defaultdict(set)
        self.rows_replaced = 0

    def files(self, table: str) -> list[StoredFile]:
        return self._content.get(table, self._current.files(table))

    def replace(self, windows: Sequence[Window], new_files: Iterable[StoredFile]) -> None:
        added: dict[str, list[StoredFile]] = defaultdict(list)
        for file in new_files:
            added[file.table].append(file)
        by_table: dict[str, list[Window]] = defaultdict(list)
        for window in windows:
            by_table[window.table].append(window)
        for table in sorted({*by_table, *added}):
            kept, changed, gone = _without_windows(
                self._connection, self._lake, self._engine,
                self.files(table), by_table[table], added[table],
            )  # fmt: skip
            self._content[table] = [*kept, *added[table]]
            self._touched[table] |= {*changed, *(file.month for file in added[table])}
            self.rows_replaced += gone

    def publish(self, reason: str, *, empty: Iterable[str] = ()) -> Published:
        """``empty`` are tables that hold nothing unless something was put into them."""
        content: dict[str, list[StoredFile]] = {table: [] for table in empty}
        content |= self._content
        content |= refresh(
            self._connection, self._lake, self._engine, self._current, content, self._touched
        )
        version = catalogue.publish_version(self._connection, content, reason=reason)
        return Published(version, self.rows_replaced)


def _without_windows(
    connection: Conn,
    lake: Lake,
    engine: Engine,
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


def _count(lake: Lake, engine: Engine, file: StoredFile, condition: str) -> int:
    relation = _relation(lake, [file], file.table)
    row = engine.execute(f"SELECT count(*) FROM {relation} f WHERE {condition}").fetchall()[0]
    return int(row[0])


def _relation(lake: Lake, files: Sequence[StoredFile], table: str) -> str:
    return reading([lake.absolute(file.path) for file in files], TABLES[table].schema)
