"""A ratio is a sum over a sum: never zero, never infinity, never an average of ratios."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from regie.domain.metrics.catalog import metric
from regie.domain.metrics.ratios import stand_in, value_of

AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=9)
COUNTS = st.integers(min_value=1, max_value=10**12)


def test_nothing_sold_is_no_cost_per_sale() -> None:
    for orders in (0, None):
        assert value_of(metric("cpa"), {"spend": Decimal(300), "orders": orders}) is None


def test_nothing_spent_is_a_cost_of_zero() -> None:
    assert value_of(metric("cpa"), {"spend": Decimal(0), "orders": 3}) == 0


def test_what_was_not_reported_is_not_zero() -> None:
    assert value_of(metric("ctr"), {"clicks": None, "impressions": 10}) is None


def test_a_bounce_is_what_is_missing_to_one() -> None:
    sums = {"completed": 150, "visits_completion_known": 1000}

    assert value_of(metric("bounce_transaction"), sums) == Decimal("0.85")
    assert value_of(metric("conversion_rate"), sums) == Decimal("0.15")


@given(AMOUNTS, COUNTS, AMOUNTS, COUNTS)
def test_the_ratio_of_a_total_lies_between_those_of_its_parts(
    spend: Decimal, clicks: int, more: Decimal, others: int
) -> None:
    cpc = metric("cpc")
    parts = [
        value_of(cpc, {"spend": spend, "clicks": clicks}),
        value_of(cpc, {"spend": more, "clicks": others}),
    ]
    total = value_of(cpc, {"spend": spend + more, "clicks": clicks + others})

    dust = Decimal("1e-12")
    assert min(parts) - dust <= total <= max(parts) + dust


@given(AMOUNTS, AMOUNTS.filter(bool), st.decimals(min_value="0.001", max_value=1000, places=6))
def test_a_rate_changes_no_ratio_of_two_amounts(
    value: Decimal, spend: Decimal, rate: Decimal
) -> None:
    roas = metric("roas_claimed")
    before = value_of(roas, {"conversion_value": value, "spend": spend})
    after = value_of(roas, {"conversion_value": value * rate, "spend": spend * rate})

    assert abs(before - after) <= abs(before) * Decimal("1e-20")


def test_our_own_leads_answer_only_where_no_total_claims_any() -> None:
    claimed, none = {"leads": 4, "leads_received": 2}, {"leads": None, "leads_received": 2}

    assert stand_in(["leads"], [none]) == {"leads": "leads_received"}
    assert stand_in(["leads"], [none, claimed]) == {}
    assert stand_in(["spend"], [{}]) == {}
