"""Compaction and cleaning: fewer, fuller files, and none that a reader may still need."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from regie.domain.facts import TABLES
from regie.warehouse import catalogue
from regie.warehouse.catalogue import Conn, StoredFile
from regie.warehouse.engine import Engine
from regie.warehouse.lake import Lake, reading

MANY_FILES = 4
GRACE_S = 3600  # a file younger than this may belong to a publication under way


def compact(
    connection: Conn,
    lake: Lake,
    engine: Engine,
    *,
    at_least: int = MANY_FILES,
) -> int:
    """Merge the files of each table's month where there are many. Returns how many months.

    Must run inside a transaction that has called ``lock_for_publishing``. Figures do not change.
    """
    current = catalogue.snapshot(connection)
    content: dict[str, list[StoredFile]] = {}
    merged = 0
    for table, fact in TABLES.items():
        months = defaultdict(list)
        for file in current.files(table):
            months[file.month].append(file)
        if not any(len(files) >= at_least for files in months.values()):
            continue
        content[table] = []
        for month, files in sorted(months.items()):
            if len(files) < at_least:
                content[table] += files
                continue
            relation = reading([lake.absolute(f.path) for f in files], fact.schema)
            written = lake.write(engine, table, month, f"SELECT * FROM {relation}")
            content[table] += catalogue.register(connection, [written] if written else [])
            merged += 1
    if content:
        catalogue.publish_version(connection, content, reason="compaction")
    return merged


def forget_files(connection: Conn, *, keep_since: datetime) -> list[str]:
    """Forget files that no kept, pinned or recent version and no import names.

    Kept are: what is published now, every version since ``keep_since``, every version that a
    reader has pinned, and the files that imports brought (undo needs them). Returns the paths,
    to be removed from the lake once the transaction has committed.
    """
    catalogue.lock_for_publishing(connection)
    needed = _needed(connection, keep_since)
    gone = connection.execute(
        "DELETE FROM warehouse_file WHERE NOT (id = ANY (%s)) RETURNING path", (list(needed),)
    ).fetchall()
    return [path for (path,) in gone]


def strays(connection: Conn, lake: Lake, *, grace_s: int = GRACE_S) -> list[str]:
    """Files of the lake that the catalogue does not name and no publication can be writing."""
    named = {row[0] for row in connection.execute("SELECT path FROM warehouse_file").fetchall()}
    return sorted(path for path in lake.files() - named if lake.age_s(path) >= grace_s)


def _needed(connection: Conn, keep_since: datetime) -> set[int]:
    pinned = list(catalogue.pinned_versions(connection))
    rows = connection.execute(
        """
        WITH kept AS (
            SELECT id FROM warehouse_version WHERE published_at >= %(since)s
            UNION SELECT max(id) FROM warehouse_version
            UNION SELECT max(id) FROM warehouse_version WHERE published_at < %(since)s
            UNION SELECT unnest(%(pinned)s::bigint[])
        ), content AS (
            SELECT c.file_ids FROM kept k CROSS JOIN LATERAL (
                SELECT DISTINCT ON (table_name) file_ids FROM warehouse_content
                WHERE version_id <= k.id ORDER BY table_name, version_id DESC
            ) c
        )
        SELECT DISTINCT unnest(file_ids) FROM content
        UNION SELECT DISTINCT unnest(file_ids) FROM connections_import
        """,
        {"since": keep_since, "pinned": pinned},
    ).fetchall()
    return {row[0] for row in rows if row[0] is not None}
