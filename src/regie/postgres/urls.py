"""How to reach the database: an address in the environment, or the embedded server."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from regie.kernel.i18n import _, say
from regie.postgres import launcher
from regie.postgres.cluster import PORT
from regie.postgres.errors import DatabaseAddressError
from regie.postgres.roles import APP, OWNER, bootstrap

Role = Literal["app", "owner"]
DATABASE = "regie"

_ROLES = {"app": APP, "owner": OWNER}
_VARIABLES = {"app": "DATABASE_URL", "owner": "DATABASE_OWNER_URL"}
_NAMED = ("host", "port", "dbname", "user", "password")
_HOW_TO_CREATE = f"""\
CREATE ROLE {OWNER} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS PASSWORD '…';
CREATE ROLE {APP} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '…';
CREATE DATABASE {DATABASE} OWNER {OWNER} ENCODING 'UTF8';
REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC;
GRANT CONNECT ON DATABASE {DATABASE} TO {APP};
\\connect {DATABASE}
GRANT USAGE ON SCHEMA public TO {APP};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER}
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP};
ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT USAGE, SELECT ON SEQUENCES TO {APP};"""


@dataclass(frozen=True)
class Access:
    """What a client needs to connect under one role."""

    host: str
    port: int
    dbname: str
    user: str
    password: str = field(repr=False)
    options: Mapping[str, str] = field(default_factory=dict)  # sslmode and the like

    def dsn(self) -> str:
        """For psycopg and its pool."""
        named = {name: getattr(self, name) or None for name in _NAMED}
        return make_conninfo("", **{**self.options, **named})

    def url(self) -> str:
        """For ``DATABASE_URL`` of another process."""
        asked = {**self.options, "host": self.host, "port": str(self.port)}
        who = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        query = urlencode(asked, quote_via=quote, safe="")
        return f"postgresql://{who}@/{quote(self.dbname, safe='')}?{query}"

    def django(self) -> dict[str, object]:
        """An entry of Django's ``DATABASES``."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": self.dbname,
            "USER": self.user,
            "PASSWORD": self.password,
            "HOST": self.host,
            "PORT": str(self.port),
            "OPTIONS": dict(self.options),
        }


# What is ready already, so that asking twice costs nothing.
_prepared: set[tuple[Path, str]] = set()


def access(role: Role, *, database: str | None = None, home: Path | None = None) -> Access:
    """Access under ``role``; the embedded server and its roles exist when this returns.

    ``REGIE_DATABASE`` names another database of the embedded server.
    """
    if os.environ.get("DATABASE_URL"):
        return _from_environment(role)
    database = database or os.environ.get("REGIE_DATABASE") or DATABASE
    server = launcher.ensure(home)
    if server.started or (server.data, database) not in _prepared:
        bootstrap(server, database)
        _prepared.add((server.data, database))
    name = _ROLES[role]
    return Access(server.host, server.port, database, name, server.password(name))


def _from_environment(role: Role) -> Access:
    variable = _VARIABLES[role]
    address = os.environ.get(variable)
    if not address:
        raise DatabaseAddressError(
            say(_("DATABASE_URL is set, but {variable} is not."), variable=variable),
            hint=say(
                _(
                    "It is the address of the role that owns the tables, for migrations."
                    " Both roles are created so:\n{sql}"
                ),
                sql=_HOW_TO_CREATE,
            ),
        )
    return parse(address, variable)


def parse(address: str, variable: str = "DATABASE_URL") -> Access:
    """Read a ``postgresql://`` address as PostgreSQL's own clients do."""
    try:
        # libpq does not know the names that other tools give to the same scheme.
        scheme, _mark, rest = address.partition("://")
        known = scheme in {"postgres", "pgsql", "postgis"}
        found = conninfo_to_dict(f"postgresql://{rest}" if known else address)
        port = int(found.get("port") or PORT)
    except (psycopg.ProgrammingError, ValueError) as error:
        raise DatabaseAddressError(
            say(_("{variable} is not an address of PostgreSQL."), variable=variable),
            hint=_("Write it as postgresql://role:password@host:5432/regie."),
        ) from error
    options = {name: str(value) for name, value in found.items() if name not in _NAMED}
    return Access(
        host=str(found.get("host") or ""),
        port=port,
        dbname=str(found.get("dbname") or DATABASE),
        user=str(found.get("user") or ""),
        password=str(found.get("password") or ""),
        options=options,
    )
