"""Deleted rows leave the files of a database; whoever still reads them is waited for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from regie.postgres import sweeping
from regie.postgres.sweeping import NOT_YET, Swept, sweep
from tests import cluster
from tests.environment import new_database

NAME = "kestrel.sweep@client.example"


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """One with a table that knew two people, one of whom was deleted."""
    name = new_database()
    for variable, address in cluster.environment(name).items():
        monkeypatch.setenv(variable, address)
    with connected(name) as owner:
        owner.execute("CREATE TABLE known (name text UNIQUE)")
        owner.execute("CREATE INDEX known_loud ON known (upper(name))")
        owner.execute("INSERT INTO known VALUES (%s), ('heron')", [NAME])
        owner.execute("ANALYZE known")
    yield name
    cluster.drop(name)


def connected(name: str, role: str = "owner") -> psycopg.Connection[Any]:
    return psycopg.connect(cluster.access(role, name).dsn(), autocommit=True)


def holding(name: str, text: str) -> list[str]:
    """The files of the database with ``text`` in them."""
    with connected(name, "superuser") as strong:
        strong.execute("CHECKPOINT")
        found = strong.execute(
            "SELECT current_setting('data_directory'), oid FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone()
    folder = Path(found[0]) / "base" / str(found[1]) if found else Path()
    return [
        one.name for one in folder.iterdir() if text.lower().encode() in one.read_bytes().lower()
    ]


@pytest.mark.parametrize("who", [[NAME], [NAME, "heron"]], ids=["one of two", "all there were"])
def test_what_was_deleted_leaves_tables_indexes_and_samples(database: str, who: list[str]) -> None:
    with connected(database) as owner:
        owner.execute("DELETE FROM known WHERE name = ANY (%s)", [who])
    assert len(holding(database, NAME)) >= 3  # table, index, statistics

    assert sweep() == Swept(tables=True, log=False)

    assert holding(database, NAME) == []
    with connected(database) as owner:
        assert len(owner.execute("SELECT * FROM known").fetchall()) == 2 - len(who)


def test_who_reads_the_state_before_is_waited_for(
    database: str, monkeypatch: pytest.MonkeyPatch
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


def test_a_table_in_use_is_left_for_another_time(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "TURN_MS", 50)
    monkeypatch.setattr(sweeping, "_unread", lambda _owner: True)  # as if it had just been taken
    with connected(database) as user:
        user.execute("BEGIN")
        user.execute("LOCK TABLE known IN ACCESS SHARE MODE")
        assert sweep() == NOT_YET
        user.execute("COMMIT")

    assert sweep().tables


def test_two_never_sweep_at_once(database: str) -> None:
    with connected(database) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [sweeping.LOCK])
        assert sweep() == NOT_YET


def test_without_the_owner_s_address_nothing_is_swept(
    database: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("DATABASE_OWNER_URL")

    assert sweep() == NOT_YET
    assert "DATABASE_OWNER_URL" in caplog.text
