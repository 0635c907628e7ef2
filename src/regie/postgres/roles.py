"""The two roles of the application, and the refusal of any that sees through row security."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from regie.kernel.i18n import _, say
from regie.postgres.creation import SUPERUSER
from regie.postgres.errors import RoleTooStrong
from regie.postgres.launcher import Server

OWNER = "regie_owner"
APP = "regie_app"
_BOOTSTRAP = 7_313_443  # any number that nothing else of ours takes as an advisory lock


def bootstrap(server: Server, database: str) -> None:
    """Create the roles and ``database`` where they are missing; the same call again does nothing.

    ``regie_owner`` owns tables and may create databases; ``regie_app`` reads and writes rows.
    """
    with _connect(server, SUPERUSER, "postgres") as connection:
        # Held until the connection closes, so the second of two starters finds all done.
        connection.execute("SELECT pg_advisory_lock(%s)", [_BOOTSTRAP])
        _create_role(connection, server, OWNER, "CREATEDB")
        _create_role(connection, server, APP, "NOCREATEDB")
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        if not connection.execute(known, [database]).fetchone():
            _run(connection, "CREATE DATABASE {} OWNER {}", database, OWNER)
        _grant(server, database)


def check_role(connection: psycopg.Connection[Any]) -> None:
    """Refuse a connection whose role is, or could become, one that row security does not bind."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(
            "SELECT current_user, rolname, rolsuper FROM pg_roles"
            " WHERE (rolsuper OR rolbypassrls)"
            " AND (rolname = current_user OR pg_has_role(current_user, oid, 'MEMBER'))"
            " ORDER BY rolname <> current_user LIMIT 1"
        )
        found = cursor.fetchone()
    if found is None:
        return
    user, strong, is_superuser = found
    raise RoleTooStrong(
        say(
            _("The database role {user} has {right}: row security would not bind it."),
            user=user if user == strong else f"{user} ({strong})",
            right="SUPERUSER" if is_superuser else "BYPASSRLS",
        ),
        hint=_("Use a role with NOSUPERUSER NOBYPASSRLS in DATABASE_URL."),
    )


def _create_role(
    connection: psycopg.Connection[Any], server: Server, role: str, right: str
) -> None:
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
        return
    statement = sql.SQL(
        "CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION {} PASSWORD {}"
    )
    connection.execute(
        statement.format(sql.Identifier(role), sql.SQL(right), sql.Literal(server.password(role)))
    )


def _grant(server: Server, database: str) -> None:
    with _connect(server, OWNER, database) as connection:
        _run(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", database)
        _run(connection, "GRANT CONNECT ON DATABASE {} TO {}", database, APP)
        _run(connection, "GRANT USAGE ON SCHEMA public TO {}", APP)
        rights = "ALTER DEFAULT PRIVILEGES FOR ROLE {} GRANT "
        rows = rights + "SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}"
        _run(connection, rows, OWNER, APP)
        _run(connection, rights + "USAGE, SELECT ON SEQUENCES TO {}", OWNER, APP)


def _run(connection: psycopg.Connection[Any], statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _connect(server: Server, role: str, database: str) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host=server.host,
        port=server.port,
        user=role,
        password=server.password(role),
        dbname=database,
        autocommit=True,
    )
