"""The application's roles own nothing they should not, and stronger ones are refused."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from regie.postgres.errors import RoleTooStrong
from regie.postgres.roles import bootstrap, check_role
from tests import cluster


@pytest.fixture(scope="module")
def dbname() -> Iterator[str]:
    def migrate(name: str) -> None:
        with psycopg.connect(cluster.access("owner", name).dsn()) as owner:
            owner.execute("CREATE TABLE campaign (id bigserial PRIMARY KEY, name text)")

    name = cluster.fresh(cluster.template("roles", migrate, family="roles"))
    yield name
    cluster.drop(name)


@pytest.fixture
def strong_role(dbname: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A superuser's connection in a transaction that is rolled back."""
    with psycopg.connect(cluster.access("superuser", dbname).dsn()) as connection:
        yield connection
        connection.rollback()


def test_both_roles_pass_the_check(dbname: str) -> None:
    for role in ("app", "owner"):
        with psycopg.connect(cluster.access(role, dbname).dsn()) as connection:
            check_role(connection)


def test_a_superuser_is_refused_with_a_remedy(dbname: str) -> None:
    with (
        psycopg.connect(cluster.access("superuser", dbname).dsn()) as connection,
        pytest.raises(RoleTooStrong) as refused,
    ):
        check_role(connection)
    assert "SUPERUSER" in str(refused.value.sentence)
    assert "NOBYPASSRLS" in str(refused.value.hint)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE ROLE bruno BYPASSRLS",
        "CREATE ROLE amelie BYPASSRLS; CREATE ROLE bruno NOINHERIT IN ROLE amelie",
        "CREATE ROLE amelie SUPERUSER; CREATE ROLE bruno NOINHERIT IN ROLE amelie",
    ],
)
def test_a_role_that_sees_or_could_come_to_see_all_is_refused(
    strong_role: psycopg.Connection[tuple[object, ...]], statement: str
) -> None:
    strong_role.execute(statement)
    strong_role.execute("SET LOCAL ROLE bruno")
    with pytest.raises(RoleTooStrong):
        check_role(strong_role)


def test_the_application_writes_rows_and_creates_nothing(dbname: str) -> None:
    address = cluster.access("app", dbname).dsn()
    with psycopg.connect(address) as connection:
        connection.execute("INSERT INTO campaign (name) VALUES ('Great Insurance')")
        assert connection.execute("SELECT name FROM campaign").fetchall()
    for forbidden in (
        "CREATE TABLE mine (id int)",
        "ALTER TABLE campaign ADD COLUMN extra int",
        "DROP TABLE campaign",
        "CREATE ROLE diane",
        "CREATE DATABASE diane",
        "SET ROLE regie_owner",
    ):
        with (
            psycopg.connect(address, autocommit=True) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(forbidden)


def test_each_role_has_a_password_of_its_own() -> None:
    server = cluster.server()
    passwords = {server.password(role) for role in ("regie_app", "regie_owner", "postgres")}
    assert len(passwords) == 3
    assert server.secret not in passwords | {repr(server)}


def test_several_starters_prepare_the_same_database_at_once() -> None:
    server, name = cluster.server(), "prepared_together"
    cluster.drop(name)
    try:
        with ThreadPoolExecutor(4) as starters:
            list(starters.map(lambda _: bootstrap(server, name), range(8)))
        with psycopg.connect(cluster.access("app", name).dsn()) as connection:
            check_role(connection)
    finally:
        cluster.drop(name)


def test_a_template_is_migrated_once_and_its_copies_are_apart() -> None:
    migrated: list[str] = []
    name = cluster.template("once", migrated.append, family="trial")
    first, second = cluster.fresh(name), cluster.fresh(name)
    try:
        assert cluster.template("once", migrated.append, family="trial") == name
        assert len(migrated) <= 1  # none when a former run has left it
        with psycopg.connect(cluster.access("owner", first).dsn()) as owner:
            owner.execute("CREATE TABLE here (id int)")
        with psycopg.connect(cluster.access("owner", second).dsn()) as owner:
            assert owner.execute("SELECT to_regclass('here')").fetchone() == (None,)
    finally:
        cluster.drop(first)
        cluster.drop(second)
