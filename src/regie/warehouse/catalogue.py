"""The catalogue in PostgreSQL: which files a table consists of, version by version.

A publication is one row of ``warehouse_version``; what it changed is in ``warehouse_content``,
a list of files per table. The tables are migrated by ``apps.connections``; this module gets a
psycopg connection and knows no Django.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg import Connection

from regie.kernel.errors import NotFound
from regie.kernel.i18n import _
from regie.warehouse.lake import WrittenFile
from regie.warehouse.twice import Counted

Conn = Connection[Any]
PUBLISHING, PINNED = 7_000, 7_001  # classes of advisory locks


@dataclass(frozen=True)
class StoredFile:
    id: int
    table: str
    path: str
    month: date
    rows: int
    digest: str


@dataclass(frozen=True)
class Snapshot:
    """All tables as one publication left them."""

    version: int
    published_at: datetime | None
    tables: Mapping[str, tuple[StoredFile, ...]]
    counting: tuple[Counted, ...] = ()  # which source counts, where somebody said it

    def files(self, table: str, months: Iterable[date] | None = None) -> list[StoredFile]:
        found = list(self.tables.get(table, ()))
        if months is None:
            return found
        wanted = set(months)
        return [file for file in found if file.month in wanted]


_SNAPSHOT = """
    WITH wanted AS (
        SELECT max(id) AS id FROM warehouse_version
        WHERE (%(as_of)s::timestamptz IS NULL OR published_at <= %(as_of)s::timestamptz)
          AND (%(version)s::bigint IS NULL OR id <= %(version)s::bigint)
    ), content AS (
        SELECT DISTINCT ON (table_name) table_name, file_ids
        FROM warehouse_content WHERE version_id <= (SELECT id FROM wanted)
        ORDER BY table_name, version_id DESC
    )
    SELECT w.id, v.published_at, c.table_name, cardinality(c.file_ids),
           f.id, f.path, f.month, f.rows, f.digest
    FROM wanted w
    LEFT JOIN warehouse_version v ON v.id = w.id
    LEFT JOIN content c ON true
    LEFT JOIN warehouse_file f ON f.id = ANY (c.file_ids)
    ORDER BY c.table_name, f.month, f.id
"""


_PIN_CURRENT = """
    WITH now AS MATERIALIZED (SELECT coalesce(max(id), 0) AS id FROM warehouse_version)
    SELECT id, pg_advisory_xact_lock_shared(%s, id::integer) FROM now
"""


def pin_current(connection: Conn) -> int:
    """``pin`` what is published now. Gives its number, 0 before anything is."""
    row = connection.execute(_PIN_CURRENT, (PINNED,)).fetchone()
    return int(row[0]) if row else 0


def snapshot(
    connection: Conn, *, as_of: datetime | None = None, version: int | None = None
) -> Snapshot:
    """What is published now, was at ``as_of``, or is ``version``: one query, one answer.

    Raises ``NotFound`` for a version of which cleaning has removed files.
    """
    rows = connection.execute(_SNAPSHOT, {"as_of": as_of, "version": version}).fetchall()
    tables: dict[str, list[StoredFile]] = {}
    named: dict[str, int] = {}
    for _version, _at, table, names, file_id, path, month, count, digest in rows:
        if table is not None and file_id is not None:
            tables.setdefault(table, []).append(
                StoredFile(file_id, table, path, month, count, digest)
            )
        named[table] = names or 0
    if any(len(tables.get(table, ())) < names for table, names in named.items()):
        raise NotFound(
            _("What was shown then is no longer kept."), hint=_("Ask for a more recent moment.")
        )
    version, published_at = (rows[0][0] or 0, rows[0][1]) if rows else (0, None)
    content = {name: tuple(files) for name, files in tables.items()}
    return Snapshot(version, published_at, content, _counting(connection, version))


def _counting(connection: Conn, version: int) -> tuple[Counted, ...]:
    row = connection.execute(
        "SELECT counting::text FROM warehouse_version WHERE id <= %s AND counting IS NOT NULL "
        "ORDER BY id DESC LIMIT 1",
        (version,),
    ).fetchone()
    said = json.loads(row[0]) if row else []
    return tuple(
        Counted(imported, measured, which, date.fromisoformat(starts), *fact)
        for imported, measured, which, starts, *fact in said
    )


def publish_counting(connection: Conn, counting: Iterable[Counted]) -> int:
    """From now on these say which source counts; what was published stays as it is.

    Must run inside a transaction that has called ``lock_for_publishing``. Returns the version.
    """
    version = publish_version(connection, {}, reason="counting once")
    said = [[one.imported, one.measured, one.which, str(one.starts), one.fact] for one in counting]
    connection.execute(
        "UPDATE warehouse_version SET counting = %s::jsonb WHERE id = %s",
        (json.dumps(said), version),
    )
    return version


def was_ever_published(connection: Conn, table: str) -> bool:
    """Whether any version says what ``table`` consists of, be it nothing."""
    row = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM warehouse_content WHERE table_name = %s)", (table,)
    ).fetchone()
    return bool(row and row[0])


def pin(connection: Conn, version: int) -> None:
    """Keep the files of ``version`` until this transaction ends, however it ends."""
    connection.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", (PINNED, version))


def pinned_versions(connection: Conn) -> set[int]:
    rows = connection.execute(
        "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = %s "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        (PINNED,),
    ).fetchall()
    return {row[0] for row in rows}


def lock_for_publishing(connection: Conn) -> None:
    """One publication at a time; released with the transaction."""
    connection.execute("SELECT pg_advisory_xact_lock(%s, 0)", (PUBLISHING,))


def register(connection: Conn, files: Iterable[WrittenFile]) -> list[StoredFile]:
    stored = []
    for file in files:
        row = connection.execute(
            "INSERT INTO warehouse_file (table_name, path, month, rows, bytes, digest, created_at) "
            "VALUES (%s, %s, %s, %s, %s, %s, now()) RETURNING id",
            (file.table, file.path, file.month, file.rows, file.bytes, file.digest),
        ).fetchone()
        if row is None:
            raise RuntimeError("PostgreSQL returned no id for a new file")
        stored.append(StoredFile(row[0], file.table, file.path, file.month, file.rows, file.digest))
    return stored


def publish_version(
    connection: Conn, content: Mapping[str, Iterable[StoredFile]], *, reason: str
) -> int:
    """Make ``content`` what these tables consist of from now on. Returns the version."""
    row = connection.execute(
        "INSERT INTO warehouse_version (published_at, reason) VALUES (clock_timestamp(), %s) "
        "RETURNING id",
        (reason,),
    ).fetchone()
    if row is None:
        raise RuntimeError("PostgreSQL returned no id for a new version")
    for table, files in content.items():
        connection.execute(
            "INSERT INTO warehouse_content (version_id, table_name, file_ids) VALUES (%s, %s, %s)",
            (row[0], table, [file.id for file in files]),
        )
    return int(row[0])


def files_by_id(connection: Conn, ids: Iterable[int]) -> list[StoredFile]:
    rows = connection.execute(
        "SELECT id, table_name, path, month, rows, digest FROM warehouse_file "
        "WHERE id = ANY (%s) ORDER BY id",
        (list(ids),),
    ).fetchall()
    return [StoredFile(*row) for row in rows]
