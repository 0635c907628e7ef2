"""Differences of running sums say what the statement over the same days says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from regie.domain.metrics.planning import FactPlan, Plan, parse, plan
from regie.domain.metrics.query import Query
from regie.warehouse import day_sums, monthly, running
from regie.warehouse.rates import Rates
from tests.warehouse.stored import LAST, PERIODS, ROWS, Stored, empty_engine, stored_in

QUESTIONS = st.builds(
    parse,
    metrics=st.sampled_from([("spend",), ("impressions",), ("spend", "impressions", "ctr")]),
    by=st.sampled_from([(), ("campaign",), ("account",), ("account", "campaign"), ("level",),
                        ("currency",), ("ad_network", "campaign"), ("date",), ("account", "date")]),
    period=st.none() | PERIODS,
    where=st.sampled_from([(), ("campaign=c1",), ("level=ad",), ("platform=google_ads",)]),
)  # fmt: skip
Row = tuple[Any, ...]
QUICKLY = [Phase.explicit, Phase.reuse, Phase.generate]
ALWAYS_ONE = f"""(SELECT 'EUR' AS currency, DATE '{date.min}' AS day, DATE '{date.max}' AS until,
    1::DECIMAL(18,12) AS rate)"""


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with empty_engine() as engine:
        yield engine


def _fitted(stored: Stored, question: Query) -> tuple[Plan, FactPlan]:
    planned = plan(question)
    part = replace(planned.facts[0], extent=stored.extent)
    return replace(planned, facts=(part,)), part


def _known(part: FactPlan, rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Where there is nothing, a statement has a total of nothing."""
    first = 2 + len(part.by)
    return [row for row in rows if row[0] == "0" or {*row[first:-2]} != {"None"}]


@pytest.mark.slow
@settings(max_examples=60, deadline=None, phases=QUICKLY)
@given(rows=ROWS, others=st.lists(QUESTIONS, max_size=2), question=QUESTIONS,
       most_days=st.sampled_from([5, 100]), in_euro=st.booleans(),
       most_edges=st.sampled_from([0, 1.5, 1_000]))  # fmt: skip
def test_running_sums_say_what_the_statement_says(
    engine: duckdb.DuckDBPyConnection, rows: list[Row], others: list[Query], question: Query,
    most_days: int, in_euro: bool, most_edges: float,
) -> None:  # fmt: skip
    levels = {"keyword": "ad"}
    rows = [(*row[:2], levels.get(row[2], row[2]), *row[3:]) for row in rows]
    if in_euro:
        rows = [(*row[:5], "EUR", *row[6:]) for row in rows]
    stored = stored_in(engine, rows)
    rates = Rates("EUR", []) if in_euro and "spend" in question.metrics else None
    if rates is not None:
        question = replace(question, currency="EUR")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(monthly, "MOST_DAYS", most_days)  # beyond, months answer for the most part
        patch.setattr(day_sums, "_MOST_EDGES", most_edges)  # whether days are laid side by side
        for other in others:
            running.added_up(stored, *_fitted(stored, other), None)
        planned, part = _fitted(stored, question)

        found = running.added_up(stored, planned, part, rates)

    if found is None:
        period = question.period or stored.extent.days
        is_curve = "date" in question.by
        is_left = is_curve and (bool(part.needs) or period.days <= most_days)
        assert is_left or not period.overlaps(stored.extent.days)
        return
    said = stored.answer(planned, ALWAYS_ONE if rates else "")
    ours = sorted(
        (is_total, *map(str, row))
        for is_total, side in (("0", found.rows), ("1", found.totals))
        for row in side
    )
    assert _known(part, ours) == _known(part, said)
    sums = slice(1 + len(part.by), -2)
    for side in (found.rows, found.totals):
        assert list(side.complete[sums]) == [None not in column for column in side.columns[sums]]


def test_what_is_too_long_for_64_bits_is_left_to_the_statement(
    engine: duckdb.DuckDBPyConnection,
) -> None:
    rows: list[Row] = [(LAST, 1, "ad", None, "c1", "EUR", amount, 1) for amount in (4 * 10**9, 1)]
    question = parse(metrics=["spend"], by=["campaign"])

    def found(rows: list[Row]) -> object:
        stored = stored_in(engine, rows)
        return running.added_up(stored, *_fitted(stored, question), None)

    assert found(rows) is not None
    assert found([*rows, rows[0]]) is None
    assert found([(*rows[0][:6], 10**10, 1)]) is None


def test_keywords_that_answer_for_their_account_are_left_to_the_statement(
    engine: duckdb.DuckDBPyConnection,
) -> None:
    stored = stored_in(engine, [(LAST, 1, "keyword", None, "c1", "EUR", 1, 1)])

    asked = _fitted(stored, parse(metrics=["spend"], by=["campaign"]))

    assert running.added_up(stored, *asked, None) is None
