"""An address in the environment is read as PostgreSQL's own clients read it."""

from __future__ import annotations

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from regie.postgres.errors import DatabaseAddressError
from regie.postgres.roles import check_role
from regie.postgres.urls import Access, access, parse
from tests import cluster

ADDRESS = "postgresql://chlo%C3%A9:p%40ss%2Fw%3Ard@db.example:6543/gr%C3%A9gie?sslmode=require"


def test_names_and_passwords_are_decoded_and_options_are_kept() -> None:
    found = parse(ADDRESS)
    assert found == Access(
        "db.example", 6543, "grégie", "chloé", "p@ss/w:rd", {"sslmode": "require"}
    )
    assert found.django()["PASSWORD"] == "p@ss/w:rd"
    assert found.django()["OPTIONS"] == {"sslmode": "require"}


def test_an_address_survives_being_written_and_read_again() -> None:
    found = parse(ADDRESS)
    assert parse(found.url()) == found
    assert conninfo_to_dict(found.dsn())["password"] == "p@ss/w:rd"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgis"])
def test_other_names_of_the_scheme_and_missing_parts_have_defaults(scheme: str) -> None:
    found = parse(f"{scheme}://chloe@localhost")
    assert (found.port, found.dbname, found.password) == (5432, "regie", "")


@pytest.mark.parametrize(
    "address", ["mysql://localhost/regie", "regie", "postgresql://localhost:port/regie"]
)
def test_anything_else_is_refused_without_repeating_what_may_hold_a_password(address: str) -> None:
    with pytest.raises(DatabaseAddressError) as refused:
        parse(address)
    assert address not in str(refused.value.sentence)


def test_an_owner_is_asked_for_with_the_sql_that_creates_both_roles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", ADDRESS)
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    assert access("app").user == "chloé"
    with pytest.raises(DatabaseAddressError) as refused:
        access("owner")
    assert "CREATE ROLE regie_owner" in str(refused.value)
    assert "CREATE ROLE regie_app" in str(refused.value)


def test_the_addresses_of_a_test_database_lead_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    name = cluster.fresh(cluster.template("empty", lambda _name: None, family="bare"))
    try:
        for variable, address in cluster.environment(name).items():
            monkeypatch.setenv(variable, address)
        for role, user in (("app", "regie_app"), ("owner", "regie_owner")):
            with psycopg.connect(access(role).dsn()) as connection:  # type: ignore[arg-type]
                check_role(connection)
                found = connection.execute("SELECT current_user, current_database()").fetchone()
            assert found == (user, name)
    finally:
        cluster.drop(name)
