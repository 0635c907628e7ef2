"""Takes deleted rows out of the database's own files too, and drops the log of former days.

PostgreSQL leaves what was deleted or changed where it stood until that room is needed, keeps
samples of columns in its statistics, and keeps pages as they were in its write-ahead log. Here
every table is written anew (``VACUUM FULL``), the statistics with it, and the embedded server lets
the log go that came before. The owner of the tables is enough for all but the log.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import errors, sql

from regie.postgres import launcher
from regie.postgres.creation import SUPERUSER
from regie.postgres.errors import DatabaseAddressError
from regie.postgres.urls import Access, access

_log = logging.getLogger(__name__)

LOCK: Final = 7_313_445  # any number that nothing else of ours takes as an advisory lock
PATIENCE_S: Final = 5.0  # for readers of the state before
TURN_MS: Final = 2_000  # for a table that is in use: others would wait behind us
TURNS: Final = 5
_STATISTICS = ("pg_catalog.pg_statistic", "pg_catalog.pg_statistic_ext_data")
_TABLES = """
    SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' AND pg_has_role(c.relowner, 'USAGE')
      AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    ORDER BY pg_total_relation_size(c.oid), 1
"""
# Nothing is sampled of a table without rows: what was sampled of former ones would stay.
_CAN_CLEAR = "SELECT to_regproc('pg_clear_attribute_stats') IS NOT NULL"  # PostgreSQL 18
_CLEAR = """
    SELECT pg_clear_attribute_stats(n.nspname, c.relname, a.attname, false)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_index i ON i.indexrelid = c.oid
    WHERE (c.relkind IN ('r', 'm') OR i.indexprs IS NOT NULL) AND c.reltuples <= 0
      AND c.relpersistence <> 't' AND pg_has_role(c.relowner, 'USAGE')
      AND n.nspname NOT IN ('pg_catalog', 'information_schema')
"""
_NEXT = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
# A transaction that began before holds on to rows deleted since: they would be copied. One that
# writes holds on to them from any database, as its number is in every snapshot.
_EARLIER = """
    WITH since AS (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint - %s AS age)
    SELECT EXISTS (SELECT FROM pg_stat_activity a, since WHERE a.pid <> pg_backend_pid()
        AND (age(a.backend_xid) > since.age
          OR a.datname = current_database() AND age(a.backend_xmin) > since.age))
      OR EXISTS (SELECT FROM pg_prepared_xacts p, since WHERE age(p.transaction) > since.age)
"""


@dataclass(frozen=True)
class Swept:
    """``tables`` when nothing deleted before the call is left in the files of tables and indexes.

    ``log`` when nothing of it is left in the server's write-ahead log either: of a server that is
    not ours, its keeper decides how long that is kept.
    """

    tables: bool
    log: bool


NOT_YET: Final = Swept(tables=False, log=False)


def sweep() -> Swept:
    """Write every table anew, each under its lock for as long as its copy takes.

    Nothing is lost by a kill: a table is the former or the new one. ``NOT_YET`` when another
    process is at it, somebody still reads the state before, or a table stayed in use: ask again.
    So too, with a line in the log, when nobody said how to reach the database as its owner.
    """
    try:
        address = access("owner").dsn()
    except DatabaseAddressError as error:
        _log.warning("The files of the database were not swept: %s", error)
        return NOT_YET
    with psycopg.connect(address, autocommit=True) as owner:
        if not _only_one(owner) or not _unread(owner):
            return NOT_YET
        owner.execute(sql.SQL("SET lock_timeout = {}").format(TURN_MS))
        if not _all_rewritten(owner, [name for (name,) in owner.execute(_TABLES)]):
            return NOT_YET
        _clear_samples(owner)
        if not _all_rewritten(owner, _STATISTICS):
            return NOT_YET
    return Swept(tables=True, log=_drop_log())


def _only_one(owner: psycopg.Connection[Any]) -> bool:
    """Until the connection closes."""
    found = owner.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()
    return bool(found and found[0])


def _unread(owner: psycopg.Connection[Any]) -> bool:
    """Whether all transactions that began before have ended, waited for a while."""
    (first,) = owner.execute(_NEXT).fetchone() or (0,)
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        (is_read,) = owner.execute(_EARLIER, [first]).fetchone() or (True,)
        if not is_read:
            return True
        time.sleep(0.1)
    return False


def _all_rewritten(owner: psycopg.Connection[Any], names: Sequence[str]) -> bool:
    waiting = list(names)
    for _turn in range(TURNS):
        waiting = [name for name in waiting if not _rewritten(owner, name)]
    return not waiting


def _clear_samples(owner: psycopg.Connection[Any]) -> None:
    (can_clear,) = owner.execute(_CAN_CLEAR).fetchone() or (False,)
    if can_clear:
        owner.execute(_CLEAR)


def _rewritten(owner: psycopg.Connection[Any], name: str) -> bool:
    try:
        owner.execute(sql.SQL("VACUUM (FULL, ANALYZE) {}").format(sql.SQL(name)))
    except errors.UndefinedTable:
        return True  # dropped meanwhile
    except errors.LockNotAvailable:
        return False
    return True


def _drop_log() -> bool:
    if os.environ.get("DATABASE_URL"):
        return False
    server, database = launcher.ensure(), access("owner").dbname
    strong = Access(server.host, server.port, database, SUPERUSER, server.password(SUPERUSER))
    with psycopg.connect(strong.dsn(), autocommit=True) as keeper:
        # What the checkpoint leaves begins with the new segment.
        keeper.execute("SELECT pg_switch_wal()")
        keeper.execute("CHECKPOINT")
    return True
