"""Two ads at equal budget: who wins at what, and how sure that is."""

from __future__ import annotations

from decimal import Decimal
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.domain.metrics.versus import (
    ADS,
    CAMPAIGNS,
    EXACT,
    chance_of_gap,
    judge,
    likely_range,
    versus,
)

COUNTS = st.integers(0, 400)
BUDGETS = st.decimals(min_value=1, max_value=100_000, places=2)
A = {"spend": Decimal(480), "orders": 12, "leads_received": 48, "revenue": Decimal(2400)}
B = {"spend": Decimal(950), "orders": 16, "leads_received": 76, "revenue": Decimal(3040)}


def test_the_better_one_is_the_one_whose_sale_costs_less() -> None:
    one, two = versus(A, B)

    assert (one.rates["cpa"], two.rates["cpa"]) == (Decimal(40), Decimal("59.375"))
    assert {"cpa", "cpl_received", "roas"} <= one.better
    assert two.at_equal_budget["leads_received"] == Decimal("38.4")


@pytest.mark.parametrize(
    ("sums", "basis", "found"),
    [
        ({"orders": 1, "leads_received": 9}, CAMPAIGNS, ("cpa", "orders")),
        ({"orders": 0, "leads_received": 9}, CAMPAIGNS, ("cpl_received", "leads_received")),
        ({"clicks": 4}, CAMPAIGNS, ("cpc", "clicks")),
        ({"clicks": 4, "conversions": Decimal("0.5")}, ADS, ("cpc", "clicks")),
        ({"orders": 3}, ADS, None),
        ({"clicks": 0}, ADS, None),
    ],
)
def test_the_most_telling_figure_that_is_known_decides(sums, basis, found) -> None:
    """The other has clicks alone: what its platform does not report is compared with nothing."""
    assert judge(sums, {"clicks": 0}, basis) == found


def test_what_a_platform_does_not_report_is_lost_to_nobody() -> None:
    one, two = versus({"spend": Decimal(5), "clicks": 5}, {"spend": Decimal(5)}, ADS)

    assert "cpc" not in one.better | two.better
    ours, none = versus(A, {"spend": Decimal(5)})
    assert "cpa" in ours.better
    assert none.better == frozenset()


def test_what_cost_nothing_or_came_back_is_laid_at_no_budget() -> None:
    one, two = versus({"spend": Decimal(-5), "orders": 2}, A)

    assert set(one.at_equal_budget.values()) == {None}
    assert set(two.at_equal_budget.values()) == {None}


def test_the_chance_is_that_of_the_exact_test_worked_out_by_hand() -> None:
    """Fair coins: 9 heads of 10 or more extreme, either way, is 22 in 1,024."""
    assert chance_of_gap((9, 1), (Decimal(5), Decimal(5))) == pytest.approx(22 / 1024)
    by_hand = sum(
        comb(28, k) * 480**k * 950 ** (28 - k) / 1430**28
        for k in range(29)
        if comb(28, k) * 480**k * 950 ** (28 - k) <= comb(28, 12) * 480**12 * 950**16
    )
    assert chance_of_gap((12, 16), (Decimal(480), Decimal(950))) == pytest.approx(by_hand)


@given(st.tuples(COUNTS, COUNTS), st.tuples(BUDGETS, BUDGETS))
def test_a_chance_is_one_and_the_same_whoever_stands_first(counts, budgets) -> None:
    chance = chance_of_gap(counts, budgets)

    assert 0 <= chance <= 1
    assert chance == pytest.approx(chance_of_gap(counts[::-1], budgets[::-1]))


def test_many_sales_are_reckoned_without_a_step_at_the_border() -> None:
    exact = chance_of_gap((EXACT // 2 + 40, EXACT // 2 - 40), (Decimal(1), Decimal(1)))
    near = chance_of_gap((EXACT // 2 + 41, EXACT // 2 - 39), (Decimal(1), Decimal(1)))

    assert near == pytest.approx(exact, abs=0.005)


def test_nothing_brought_or_nothing_spent_tells_nothing() -> None:
    assert chance_of_gap((0, 0), (Decimal(5), Decimal(5))) == 1
    assert chance_of_gap((3, 9), (Decimal(0), Decimal(5))) == 1


def test_the_range_is_that_of_the_tables() -> None:
    """Exact Poisson limits at 90 %: 0 gives 0 to 2.996, 10 gives 5.425 to 16.962."""
    assert likely_range(0) == pytest.approx((0, 2.996), abs=0.05)
    assert likely_range(10) == pytest.approx((5.425, 16.962), abs=0.01)


@given(st.integers(0, 3000))
def test_a_range_holds_its_count(count: int) -> None:
    low, high = likely_range(count)

    assert low <= count <= high
