"""Columns read from the engine's memory are what the engine itself says, value by value."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regie.warehouse.columns import found_in

TYPES = {
    "HUGEINT": st.integers(-(2**127) + 1, 2**127 - 1),
    "BIGINT": st.integers(-(2**63), 2**63 - 1),
    "DECIMAL(38,9)": st.decimals(-(10**18), 10**18, places=9, allow_nan=False),
    "DECIMAL(12,2)": st.decimals(Decimal(-(10**9)), Decimal(10**9), places=2, allow_nan=False),
    "BOOLEAN": st.booleans(),
    "VARCHAR": st.text(max_size=5),
    "DATE": st.dates(min_value=date(1, 1, 1)),
    "TIMESTAMP": st.datetimes(max_value=datetime(9999, 1, 1)),  # noqa: DTZ001 - in the engine
    "INTEGER[]": st.lists(st.integers(0, 9), max_size=3),
}
ROWS = st.lists(st.tuples(*(st.none() | values for values in TYPES.values())), max_size=5)


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        columns = ", ".join(f"c{i} {type_}" for i, type_ in enumerate(TYPES))
        connection.execute(f"CREATE TABLE facts ({columns})")
        yield connection


@settings(deadline=None)
@given(rows=ROWS)
def test_columns_hold_what_rows_hold(
    engine: duckdb.DuckDBPyConnection, rows: list[tuple[Any, ...]]
) -> None:
    engine.execute("TRUNCATE facts")
    if rows:
        engine.executemany(f"INSERT INTO facts VALUES ({', '.join('?' * len(TYPES))})", rows)
    said = engine.execute("FROM facts").fetchall()

    found = found_in(engine.execute("FROM facts").to_arrow_table())

    # Texts, so that 1 is not True and 1.50 is not 1.5.
    assert list(map(str, found)) == list(map(str, said))
    assert len(found) == len(said)
    assert list(found.complete) == [None not in column for column in found.columns]
