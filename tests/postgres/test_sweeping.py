"""Deleted rows leave the files of a database; whoever still reads them is waited for.

On a server of its own: whatever else writes on the tests' server would be waited for too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest

from regie.postgres import sweeping
from regie.postgres.cluster import PORT, password
from regie.postgres.creation import SUPERUSER
from regie.postgres.launcher import Server
from regie.postgres.roles import APP, OWNER, bootstrap
from regie.postgres.sweeping import NOT_YET, Swept, sweep
from regie.postgres.urls import Access
from tests.postgres.conftest import Home

pytestmark = pytest.mark.slow

NAME = "kestrel.sweep@client.example"


@pytest.fixture
def database(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """One with a table that knew two people."""
    host = home.user().answer()
    secret = home.cluster.secret.read_text()
    bootstrap(Server(host, PORT, secret, home.cluster.data, started=True), "trial")
    monkeypatch.setenv("DATABASE_URL", address(home, APP).url())
    monkeypatch.setenv("DATABASE_OWNER_URL", address(home, OWNER).url())
    with connected(home) as owner:
        owner.execute("CREATE TABLE known (name text UNIQUE)")
        owner.execute("CREATE INDEX known_loud ON known (upper(name))")
        owner.execute("INSERT INTO known VALUES (%s), ('heron')", [NAME])
        owner.execute("ANALYZE known")
    return home


def address(home: Home, role: str) -> Access:
    secret = password(home.cluster.secret.read_text(), role)
    return Access(str(home.cluster.ready()), PORT, "trial", role, secret)


def connected(home: Home, role: str = OWNER) -> psycopg.Connection[Any]:
    return psycopg.connect(address(home, role).dsn(), autocommit=True)


def holding(home: Home, text: str) -> list[str]:
    """The files of all databases with ``text`` in them."""
    with connected(home, SUPERUSER) as strong:
        strong.execute("CHECKPOINT")
    files: list[Path] = [one for one in (home.cluster.data / "base").rglob("*") if one.is_file()]
    return [one.name for one in files if text.lower().encode() in one.read_bytes().lower()]


@pytest.mark.parametrize("who", [[NAME], [NAME, "heron"]], ids=["one of two", "all there were"])
def test_what_was_deleted_leaves_tables_indexes_and_samples(database: Home, who: list[str]) -> None:
    with connected(database) as owner:
        owner.execute("DELETE FROM known WHERE name = ANY (%s)", [who])
    assert len(holding(database, NAME)) >= 3  # table, index, statistics

    assert sweep() == Swept(tables=True, log=False)

    assert holding(database, NAME) == []
    with connected(database) as owner:
        assert len(owner.execute("SELECT * FROM known").fetchall()) == 2 - len(who)


def test_who_reads_the_state_before_is_waited_for(
    database: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "PATIENCE_S", 0.3)
    with connected(database) as reader:
        reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT 1 FROM pg_class LIMIT 1")
        with connected(database) as owner:
            owner.execute("DELETE FROM known WHERE name = %s", [NAME])
        assert sweep() == NOT_YET
        reader.execute("COMMIT")

    assert sweep().tables
    assert holding(database, NAME) == []


def test_who_writes_in_another_database_is_waited_for(
    database: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "PATIENCE_S", 0.3)
    other = Access(**{**vars(address(database, SUPERUSER)), "dbname": "postgres"})
    with psycopg.connect(other.dsn()) as writer:
        writer.execute("SELECT pg_current_xact_id()")
        with connected(database) as owner:
            owner.execute("DELETE FROM known WHERE name = %s", [NAME])
        assert sweep() == NOT_YET
        writer.commit()

    assert sweep().tables
    assert holding(database, NAME) == []


def test_a_table_in_use_is_left_for_another_time(
    database: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "TURN_MS", 50)
    monkeypatch.setattr(sweeping, "_unread", lambda _owner: True)  # as if it had just been taken
    with connected(database) as user:
        user.execute("BEGIN")
        user.execute("LOCK TABLE known IN ACCESS SHARE MODE")
        assert sweep() == NOT_YET
        user.execute("COMMIT")

    assert sweep().tables


def test_two_never_sweep_at_once(database: Home) -> None:
    with connected(database) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [sweeping.LOCK])
        assert sweep() == NOT_YET


def test_without_the_owner_s_address_nothing_is_swept(
    database: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("DATABASE_OWNER_URL")

    assert sweep() == NOT_YET
    assert "DATABASE_OWNER_URL" in caplog.text
