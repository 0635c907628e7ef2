"""Rollups always equal the facts they stand for, to the last decimal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regie.domain.facts import CONVERSIONS, LEVELS, PERFORMANCE, Fact
from regie.warehouse.lake import reading
from regie.warehouse.parquet import write_parquet
from regie.warehouse.rollups import ROLLUPS, Rollup, bit_of

NAMES = st.sampled_from(["", "a", "b", None])
MONEY = st.none() | st.decimals("-999999999.999999999", "99999999999", places=9)
COUNT = st.none() | st.integers(0, 10**12)
FINEST = {fact.name: ROLLUPS[f"{fact.name}_by_campaign"] for fact in (PERFORMANCE, CONVERSIONS)}
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "organisation_id": st.just(1),
    "asset_key": st.integers(1, 3),
    "date": st.dates(date(2026, 8, 30), date(2026, 9, 2)),
    "level": st.sampled_from(LEVELS),
    "provisional": st.booleans(),
    "is_primary": st.booleans(),
}


def _value(name: str, type_: str) -> st.SearchStrategy[Any]:
    if name in _VALUES:
        return _VALUES[name]
    if type_.startswith("DECIMAL"):
        return MONEY
    return COUNT if type_ == "BIGINT" else NAMES


def _rows(fact: Fact) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    row = st.tuples(*(_value(column.name, column.type) for column in fact.columns))
    return st.lists(row, max_size=12)


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as engine:
        yield engine


def _filled(engine: duckdb.DuckDBPyConnection, fact: Fact, rows: list[tuple[Any, ...]]) -> None:
    columns = ", ".join(f"{name} {type_}" for name, type_ in fact.schema.items())
    engine.execute(f"CREATE OR REPLACE TEMP TABLE facts ({columns})")
    if rows:
        marks = ", ".join("?" for _column in fact.columns)
        engine.executemany(f"INSERT INTO facts VALUES ({marks})", rows)


def _sums(engine: duckdb.DuckDBPyConnection, rollup: Rollup, relation: str, rows: str) -> set[Any]:
    day = "date_trunc('month', date)" if rollup.by_month else "date"
    keys = ", ".join(("asset_key", f"CAST({day} AS DATE) AS day", *rollup.keys))
    sums = ", ".join(f"sum({measure.name})" for measure in rollup.fact.measures)
    return set(
        engine.execute(
            f"SELECT {keys}, CAST({rows} AS BIGINT), bool_or(provisional), {sums} "
            f"FROM {relation} GROUP BY ALL"
        ).fetchall()
    )


@pytest.mark.parametrize("fact", [PERFORMANCE, CONVERSIONS], ids=lambda fact: fact.name)
@settings(max_examples=15, deadline=None)
@given(chosen=st.data())
def test_a_rollup_equals_the_sums_of_its_facts(
    engine: duckdb.DuckDBPyConnection, fact: Fact, chosen: st.DataObject
) -> None:
    _filled(engine, fact, chosen.draw(_rows(fact)))
    finest = FINEST[fact.name].select("facts")
    engine.execute(f"CREATE OR REPLACE TEMP TABLE finest AS {finest}")

    for rollup in (one for one in ROLLUPS.values() if one.fact is fact):
        again = f"({rollup.select_again('finest')})"
        wanted = _sums(engine, rollup, "facts", "count(*)")
        assert _sums(engine, rollup, again, "sum(source_rows)") == wanted
        if not rollup.by_month:
            assert (
                _sums(engine, rollup, f"({rollup.select('facts')})", "sum(source_rows)") == wanted
            )


@pytest.mark.parametrize("fact", [PERFORMANCE, CONVERSIONS], ids=lambda fact: fact.name)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(chosen=st.data())
def test_what_all_rows_of_the_files_say_changes_no_rollup(
    engine: duckdb.DuckDBPyConnection, fact: Fact, chosen: st.DataObject, tmp_path: Path
) -> None:
    # Files of a lake are never written twice, and engines keep what they read of them.
    paths = [str(tmp_path / f"{uuid4()}.parquet") for _number in range(2)]
    for path in paths:
        _filled(engine, fact, chosen.draw(_rows(fact)))
        write_parquet(engine, "SELECT * FROM facts", Path(path), compression="lz4")
    finest, files = FINEST[fact.name], reading(paths, fact.schema)

    found = engine.execute(finest.select(files, finest.same(paths))).fetchall()

    assert set(found) == set(engine.execute(finest.select(files)).fetchall())


@settings(max_examples=15, deadline=None)
@given(rows=_rows(PERFORMANCE))
def test_a_rollup_says_which_levels_an_account_has_each_day(
    engine: duckdb.DuckDBPyConnection, rows: list[tuple[Any, ...]]
) -> None:
    _filled(engine, PERFORMANCE, rows)
    by_account = ROLLUPS["performance_by_account"]

    found = engine.execute(
        f"SELECT DISTINCT asset_key, date, bits FROM ({by_account.select('facts')})"
    ).fetchall()

    wanted = engine.execute(
        f"SELECT asset_key, date, bit_or({bit_of('level', 'ad_network')}) FROM facts GROUP BY ALL"
    ).fetchall()
    assert sorted(found) == sorted(wanted)


def test_a_sum_beyond_what_one_figure_can_hold_stays_exact(
    engine: duckdb.DuckDBPyConnection,
) -> None:
    largest = Decimal("99999999999.999999999")
    row = {"organisation_id": 1, "asset_key": 1, "date": date(2026, 9, 1), "level": "campaign",
           "spend": largest, "provisional": False}  # fmt: skip
    _filled(engine, PERFORMANCE, [tuple(map(row.get, PERFORMANCE.schema))] * 5)

    rollup = ROLLUPS["performance_by_account"].select("facts")

    assert engine.execute(f"SELECT spend FROM ({rollup})").fetchall() == [(largest * 5,)]
