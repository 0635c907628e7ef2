"""Starts Régie in this process: the database, its role, its tables, then Django.

Preparing runs in a process of its own, as the owner of the tables; what serves people runs as
the application role, which can only touch rows.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg

from regie.kernel.errors import RegieError
from regie.postgres.home import regie_home
from regie.postgres.roles import check_role
from regie.postgres.urls import access
from regie.warehouse import engine

PREPARING = 7_006  # advisory lock


def prepare() -> None:
    """Make the store ready: server, roles, tables, the catalogue of this version. Idempotent."""
    engine.check()
    home = regie_home()
    home.mkdir(parents=True, exist_ok=True)
    application = access("app")
    wanted = _migrations_digest()
    if _prepared_as(application.dsn()) != wanted:
        _prepare_tables(application.dsn(), wanted)
    with psycopg.connect(application.dsn()) as connection:
        check_role(connection)


def _prepare_tables(dsn: str, wanted: str) -> None:
    """By one process at a time: who comes second finds them there."""
    with psycopg.connect(access("owner").dsn(), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [PREPARING])
        if _prepared_as(dsn) == wanted:
            return
        _migrate()
        connection.execute(f"COMMENT ON SCHEMA public IS 'regie {wanted}'")


def start() -> None:
    """``prepare`` and set Django up under the application role."""
    prepare()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regie.config.settings")
    import django

    django.setup()
    _default_organisation()


def _migrations_digest() -> str:
    digest = hashlib.sha256()
    apps = Path(__file__).resolve().parent.parent / "apps"
    for path in sorted(apps.glob("*/migrations/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _prepared_as(dsn: str) -> str:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(
            "SELECT obj_description('public'::regnamespace, 'pg_namespace')"
        ).fetchone()
    comment = str(row[0]) if row and row[0] else ""
    return comment.removeprefix("regie ") if comment.startswith("regie ") else ""


def _migrate() -> None:
    environment = {
        **os.environ,
        "REGIE_DB_ROLE": "owner",
        "REGIE_POOL": "0",
        "DJANGO_SETTINGS_MODULE": "regie.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "-v0", "--skip-checks"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RegieError(
            f"The tables could not be prepared: {done.stderr.strip()[-800:]}",
            hint="Run `regie doctor`.",
        )


def _default_organisation() -> None:
    from django.db import connection

    from regie.apps.access.context import operating
    from regie.apps.organisations.models import Organisation
    from regie.apps.organisations.selectors import DEFAULT_SLUG
    from regie.apps.organisations.services import create_organisation

    with operating():
        if Organisation.objects.exists():
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(7002)")
        if not Organisation.objects.exists():
            create_organisation(actor=None, name="Mon organisation", slug=DEFAULT_SLUG)
