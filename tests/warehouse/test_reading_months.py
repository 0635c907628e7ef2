"""Whole months answer from the rollup by month: what they say is what their days say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regie.domain.metrics.planning import parse, plan
from regie.kernel.periods import Period, months, whole_months
from regie.warehouse.reading_months import by_whole_months
from tests.warehouse.stored import FIRST, LAST, PERIODS, ROWS, empty_engine, stored_in

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


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with empty_engine() as engine:
        yield engine


@settings(max_examples=30, deadline=None)
@given(rows=ROWS, question=QUESTIONS, usd=st.sampled_from(["0.91", "1"]))
def test_months_say_what_their_days_say(
    engine: duckdb.DuckDBPyConnection, rows: list[tuple[Any, ...]], question: Any, usd: str
) -> None:
    stored, planned = stored_in(engine, rows), plan(question)
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
    stored = stored_in(engine, rows)
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
