"""Whole months answer from the rollup by month: what they say is what their days say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regie.domain.facts import PERFORMANCE
from regie.domain.metrics.planning import Extent, Plan, parse, plan
from regie.kernel.periods import Period, months, whole_months
from regie.warehouse.compiling import statement
from regie.warehouse.reading_months import by_whole_months
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
QUESTIONS = st.builds(
    parse,
    metrics=st.sampled_from([("spend",), ("impressions",), ("spend", "impressions", "ctr")]),
    by=st.sampled_from([(), ("month",), ("campaign",), ("account", "level"), ("currency",),
                        ("ad_network",), ("date",), ("week", "campaign"), ("fiscal_quarter",)]),
    period=st.none() | PERIODS,
    where=st.sampled_from([(), ("campaign=c1",), ("level=ad",), ("platform=google_ads",)]),
    currency=st.sampled_from(["", "EUR", "USD"]),
)  # fmt: skip
# Dollars have no rate in the first weeks; one day's rate is not the next day's.
RATES = """SELECT * FROM (VALUES
    ('EUR', DATE '0001-01-01', DATE '9999-12-31', {eur}::DECIMAL(18,12)),
    ('USD', DATE '2026-01-05', DATE '2026-02-01', {usd}::DECIMAL(18,12)),
    ('USD', DATE '2026-02-01', DATE '2026-09-09', {usd}::DECIMAL(18,12) * 2)
) v(currency, day, until, rate)"""


@dataclass(frozen=True)
class Stored:
    """The tables of an engine, as the reading views are named."""

    engine: duckdb.DuckDBPyConnection
    extent: Extent

    def table(self, name: str, period: Period | None = None) -> str:
        return name

    def answer(self, planned: Plan, rates: str) -> list[tuple[str, ...]]:
        (part,) = planned.facts
        made = statement(planned, part, self, rates=rates)
        rows = self.engine.execute(made.sql, list(made.parameters)).fetchall()
        return sorted(tuple(map(str, row)) for row in rows)


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as engine:
        columns = ", ".join(f"{name} {type_}" for name, type_ in PERFORMANCE.schema.items())
        engine.execute(f"CREATE TABLE facts ({columns})")
        yield engine


def _stored(engine: duckdb.DuckDBPyConnection, rows: list[tuple[Any, ...]]) -> Stored:
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


@settings(max_examples=30, deadline=None)
@given(rows=ROWS, question=QUESTIONS, usd=st.sampled_from(["0.91", "1"]))
def test_months_say_what_their_days_say(
    engine: duckdb.DuckDBPyConnection, rows: list[tuple[Any, ...]], question: Any, usd: str
) -> None:
    stored, planned = _stored(engine, rows), plan(question)
    (part,) = planned.facts
    rates = ""
    if question.currency and "spend" in question.metrics:
        eur = "1" if question.currency == "EUR" else "1.1"
        dollars = "1" if question.currency == "USD" else usd
        rates = f"({RATES.format(eur=eur, usd=dollars)})"
        if question.currency == "USD":
            rates = f"(FROM {rates} WHERE currency = 'EUR' UNION ALL SELECT 'USD', DATE "
            rates += "'0001-01-01', DATE '9999-12-31', 1)"
    by_day = replace(planned, facts=(replace(part, by_month=""),))
    fitted = replace(planned, facts=(replace(part, extent=stored.extent),))

    assert stored.answer(fitted, rates) == stored.answer(by_day, rates)


def test_only_the_days_beside_whole_months_are_read_by_day(
    engine: duckdb.DuckDBPyConnection,
) -> None:
    rows = [(day, 1, "ad", None, "c1", "EUR", 1, 1) for day in (FIRST, LAST)]
    stored = _stored(engine, rows)
    period = Period(date(2026, 1, 30), LAST)
    (part,) = plan(parse(metrics=["spend"], by=["campaign"])).facts
    part = replace(part, extent=stored.extent)

    read = by_whole_months(part, period, stored, converted_to="")

    assert read == (
        "(FROM performance_by_campaign_by_month WHERE date BETWEEN DATE '2026-02-01' "
        "AND DATE '2026-03-31' UNION ALL FROM performance_by_campaign WHERE date BETWEEN "
        "DATE '2026-01-30' AND DATE '2026-01-31')"
    )
    assert by_whole_months(part, period, stored, converted_to="EUR") == read


@settings(max_examples=100, deadline=None)
@given(asked=PERIODS, known=PERIODS)
def test_whole_months_and_the_days_beside_them_are_all_the_days_that_matter(
    asked: Period, known: Period
) -> None:
    def days(period: Period) -> set[date]:
        return {period.start + timedelta(days=day) for day in range(period.days)}

    whole, edges = whole_months(asked, known)

    in_months = days(whole) & days(known) if whole else set()
    beside = [day for edge in edges for day in days(edge)]
    assert in_months | set(beside) == days(asked) & days(known)
    assert len(beside) == len(set(beside))
    assert not in_months & set(beside)
    if whole:
        assert (whole.start.day, (whole.end + timedelta(days=1)).day) == (1, 1)
        assert all(len(months(edge)) == 1 for edge in edges)
