"""A few rows of performance with their rollups, in an engine of their own, for any question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import duckdb
import pyarrow as pa
from hypothesis import strategies as st

from regie.domain.facts import PERFORMANCE
from regie.domain.metrics.planning import Extent, Plan
from regie.kernel.periods import Period
from regie.warehouse.catalogue import Snapshot
from regie.warehouse.compiling import statement
from regie.warehouse.rollups import ROLLUPS

FIRST, LAST = date(2025, 12, 20), date(2026, 3, 12)
DAYS = st.dates(FIRST - timedelta(days=20), LAST + timedelta(days=20))
PERIODS = st.tuples(DAYS, DAYS).map(lambda ends: Period(min(ends), max(ends)))
ROWS = st.lists(
    st.tuples(
        st.dates(FIRST, LAST),
        st.integers(1, 2),  # account
        st.sampled_from(["account", "campaign", "ad", "keyword"]),
        st.sampled_from([None, "Search"]),
        st.sampled_from(["c1", "c2"]),
        st.sampled_from(["EUR", "EUR", "USD", ""]),
        st.none() | st.decimals("-99", "99", places=2),
        st.none() | st.integers(0, 9),
    ),
    min_size=1, max_size=15,
)  # fmt: skip


@dataclass(frozen=True)
class Stored:
    """The tables of an engine, as the reading views are named."""

    engine: duckdb.DuckDBPyConnection
    extent: Extent
    name: str = field(default_factory=lambda: uuid4().hex)
    snapshot: Snapshot = field(default_factory=lambda: Snapshot(1, None, {}))

    def table(self, name: str, period: Period | None = None) -> str:
        return name

    def arrow(self, sql: str, parameters: Sequence[Any] = ()) -> pa.Table:
        return self.engine.execute(sql, list(parameters)).to_arrow_table()

    def answer(self, planned: Plan, rates: str) -> list[tuple[str, ...]]:
        (part,) = planned.facts
        made = statement(planned, part, self, rates=rates)
        rows = self.engine.execute(made.sql, list(made.parameters)).fetchall()
        return sorted(tuple(map(str, row)) for row in rows)


@contextmanager
def empty_engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as engine:
        columns = ", ".join(f"{name} {type_}" for name, type_ in PERFORMANCE.schema.items())
        engine.execute(f"CREATE TABLE facts ({columns})")
        yield engine


def stored_in(engine: duckdb.DuckDBPyConnection, rows: list[tuple[Any, ...]]) -> Stored:
    engine.execute("TRUNCATE facts")
    engine.executemany(
        "INSERT INTO facts (date, asset_key, level, ad_network, campaign_id, currency, spend, "
        "impressions, organisation_id, provisional) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, false)",
        rows,
    )
    for rollup in (one for one in ROLLUPS.values() if one.fact is PERFORMANCE):
        by_day = rollup.name.removesuffix("_by_month")
        made = rollup.select_again(by_day) if rollup.by_month else rollup.select("facts")
        engine.execute(
            f"CREATE OR REPLACE TABLE {rollup.name} AS SELECT *, 'google_ads' AS platform, "
            f"asset_key AS owner_key FROM ({made})"
        )
    first, last, bits, currencies = engine.execute(
        "SELECT min(date), max(date), list(DISTINCT bits), list(DISTINCT currency) "
        "FROM performance_by_account"
    ).fetchall()[0]
    known = Extent(Period(first, last), frozenset(bits), frozenset(currencies))
    return Stored(engine, known)
