"""Takes an import back: what it had replaced returns, and what came after it stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from regie.domain.facts import TABLES
from regie.kernel.periods import months
from regie.warehouse import catalogue
from regie.warehouse.catalogue import Conn, StoredFile
from regie.warehouse.engine import Engine
from regie.warehouse.lake import Lake, WrittenFile, reading
from regie.warehouse.publish import Published, publish
from regie.warehouse.windows import Window, any_of


@dataclass(frozen=True)
class KeptImport:
    """What an import brought, as it was written then: its windows and its own files.

    ``is_part``: of some accounts it no longer counts; their windows are not among these, while
    their rows are still in its files.
    """

    id: int
    windows: tuple[Window, ...]
    files: tuple[StoredFile, ...]
    is_part: bool = False


def undo(
    connection: Conn,
    lake: Lake,
    engine: Engine,
    *,
    taken_back: KeptImport,
    others: Sequence[KeptImport],
    unless: Callable[[str, date], str] | None = None,
    reason: str = "",
) -> Published:
    """Republish the windows of ``taken_back`` from the other imports, in their order.

    ``others`` are the published imports in the order in which they were published. ``unless`` says
    of a table and month which rows ``f`` stay out, as SQL. Must run inside a transaction that has
    called ``lock_for_publishing``.
    """
    windows = [_whole(window) for window in taken_back.windows]
    files: list[WrittenFile] = []
    for table in {window.table for window in windows}:
        here = [window for window in windows if window.table == table]
        for month in sorted({month for window in here for month in months(window.period)}):
            without = unless(table, month) if unless else "false"
            select = _rows_of_others(lake, table, month, here, others, without)
            written = lake.write(engine, table, month, select) if select else None
            if written is not None:
                files.append(written)
    stored = catalogue.register(connection, files)
    return publish(
        connection, lake, engine, windows=windows, new_files=stored,
        reason=reason or f"undo of import {taken_back.id}",
    )  # fmt: skip


def _whole(window: Window) -> Window:
    """The plain window around mended lines: it is rebuilt from all other imports."""
    return replace(window, only_keys=False)


def _rows_of_others(
    lake: Lake,
    table: str,
    month: date,
    windows: list[Window],
    others: Sequence[KeptImport],
    without: str,
) -> str:
    """Rows of ``others`` in ``windows``, each import giving way to those after it."""
    names = ", ".join(TABLES[table].schema)
    parts = []
    for index, kept in enumerate(others):
        files = [f for f in kept.files if f.table == table and f.month == month]
        if not files:
            continue
        later: dict[int, list[Window]] = defaultdict(list)
        for position in range(index + 1, len(others)):
            later[position] = [w for w in others[position].windows if w.table == table]
        hidden = [
            any_of(windows_, "f", _relation(lake, others[position], table))
            for position, windows_ in later.items()
            if windows_
        ]
        conditions = [any_of(windows, "f"), *(f"NOT {condition}" for condition in hidden)]
        if without != "false":
            conditions.append(f"NOT {without}")
        if kept.is_part:
            conditions.append(any_of([_whole(w) for w in kept.windows if w.table == table], "f"))
        relation = reading([lake.absolute(f.path) for f in files], TABLES[table].schema)
        parts.append(f"SELECT {names} FROM {relation} f WHERE {' AND '.join(conditions)}")
    return " UNION ALL ".join(parts)


def _relation(lake: Lake, kept: KeptImport, table: str) -> str:
    files = [lake.absolute(file.path) for file in kept.files if file.table == table]
    return reading(files, TABLES[table].schema)
