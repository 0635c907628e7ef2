"""A PostgreSQL for tests: kept in memory between runs, with one template database per schema.

Nothing here is imitated: it is the embedded server of Régie, with fsync off.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from regie.postgres import launcher
from regie.postgres.creation import FAST, SUPERUSER
from regie.postgres.launcher import Server
from regie.postgres.roles import APP, OWNER, bootstrap
from regie.postgres.urls import Access
from tests import runs

CHECKOUT = Path(__file__).resolve().parent
_SERVERS = f"regie-test-{os.getuid()}-"
_PREPARING = 7_313_444
_numbers = itertools.count(1)


def server() -> Server:
    """The test server, which starts in a fraction of a second after the first time."""
    os.environ[FAST] = "1"
    return launcher.ensure(_home())


def _home() -> Path:
    """Each checkout has its own: what one of them drops, another may be copying."""
    checkout = hashlib.sha256(os.fsencode(CHECKOUT)).hexdigest()[:8]
    return runs.memory() / f"{_SERVERS}{checkout}"


def access(role: str, dbname: str) -> Access:
    """Access to a test database under ``app``, ``owner`` or ``superuser``."""
    running = server()
    name = {"app": APP, "owner": OWNER, "superuser": SUPERUSER}[role]
    return Access(running.host, running.port, dbname, name, running.password(name))


def environment(dbname: str) -> dict[str, str]:
    """What sends this process or another one to ``dbname``."""
    return {
        "DATABASE_URL": access("app", dbname).url(),
        "DATABASE_OWNER_URL": access("owner", dbname).url(),
    }


def template(key: str, migrate: Callable[[str], None], *, family: str = "schema") -> str:
    """The template database named by ``key``; ``migrate`` fills it the first time only.

    Templates of the same ``family`` with other keys are dropped: they are of former schemas.
    """
    name = f"template_{family}_{key}"
    with _superuser() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_PREPARING])
        known = "SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate"
        if connection.execute(known, [name]).fetchone():
            return name
        _sweep(connection, family)
        drop(name)
        bootstrap(server(), name)
        with psycopg.connect(access("owner", name).dsn(), autocommit=True) as owner:
            # Tests that commit are cleaned by truncation, which the application never does.
            _run(owner, "ALTER DEFAULT PRIVILEGES GRANT TRUNCATE ON TABLES TO {}", APP)
        migrate(name)
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        connection.execute(ended, [name])
        _run(connection, "ALTER DATABASE {} ALLOW_CONNECTIONS false IS_TEMPLATE true", name)
    return name


def fresh(template_name: str) -> str:
    """A copy of a template for the caller alone, to be given to ``drop`` afterwards."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    drop(name)
    with _superuser() as connection:
        statement = "CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY file_copy"
        _run(connection, statement, name, template_name, OWNER)
        _run(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", name)
        _run(connection, "GRANT CONNECT ON DATABASE {} TO {}", name, APP)
    return name


def drop(dbname: str) -> None:
    """Remove a database whoever is connected to it."""
    with _superuser() as connection:
        _run(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", dbname)


def clear() -> None:
    """Remove what killed runs left: their databases, and the servers of checkouts that are gone."""
    with _superuser() as connection:
        for name in _unused(connection, "^test_[0-9]+_"):
            if not Path("/proc", name.split("_")[1]).exists():
                _run(connection, "DROP DATABASE IF EXISTS {}", name)
    (_home() / "checkout").write_text(str(CHECKOUT), encoding="utf-8")
    for whose in runs.memory().glob(f"{_SERVERS}*/checkout"):
        if not Path(whose.read_text(encoding="utf-8")).exists():
            shutil.rmtree(whose.parent, ignore_errors=True)  # its server ends by itself


def _unused(connection: psycopg.Connection[Any], like: str) -> list[str]:
    """The databases whose names match, to which nobody is connected."""
    rows = connection.execute(
        "SELECT datname FROM pg_database WHERE datname ~ %s"
        " AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datname = pg_database.datname)",
        [like],
    )
    return [name for (name,) in rows]


def _sweep(connection: psycopg.Connection[Any], family: str) -> None:
    """Remove the templates of former schemas."""
    for name in _unused(connection, f"^template_{family}_.+"):
        _run(connection, "ALTER DATABASE {} IS_TEMPLATE false", name)
        _run(connection, "DROP DATABASE {}", name)


@contextmanager
def _superuser() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(access("superuser", "postgres").dsn(), autocommit=True) as connection:
        yield connection


def _run(connection: psycopg.Connection[Any], statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
