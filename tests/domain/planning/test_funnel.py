"""The course's example to the cent, the way back, and what would change."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.domain.planning.funnel import Assumptions, for_budget, for_goal
from regie.domain.planning.plan import BudgetPlan, Direction
from regie.domain.planning.what_if import sensitivity, what_if
from regie.kernel.errors import WrongUse

COURSE = Assumptions(Decimal("0.02"), Decimal("0.02"), Decimal(2))

rates = st.decimals("0.0001", "1", places=6)
assumptions = st.builds(Assumptions, rates, rates, st.decimals("0.01", "500", places=2))


@pytest.mark.requirement("PLAN-1")
@pytest.mark.requirement("PLAN-2")
@pytest.mark.requirement("PLAN-3")
@pytest.mark.requirement("PLAN-4")
def test_the_example_of_the_course_comes_out_exactly() -> None:
    shown = for_goal(1000, COURSE).shown("EUR")

    assert shown.visits == 50_000
    assert shown.impressions == 2_500_000
    assert (shown.budget, shown.cpa, shown.cpc) == (
        Decimal("5000.00"), Decimal("5.00"), Decimal("0.10"),
    )  # fmt: skip


def test_the_inverse_mode_gives_the_sales_of_a_budget() -> None:
    shown = for_budget(Decimal(5000), COURSE).shown("EUR")

    assert shown.sales == 1000
    assert (shown.visits, shown.impressions) == (50_000, 2_500_000)


@pytest.mark.requirement("MEAS-23")
@pytest.mark.requirement("PLAN-5")
def test_a_better_conversion_rate_sells_more_or_costs_less() -> None:
    base = for_goal(1000, COURSE)

    found = what_if(base, Assumptions(Decimal("0.025"), Decimal("0.02"), Decimal(2)))

    assert found.at_equal_budget.shown("EUR").sales == 1250
    assert found.at_equal_budget.shown("EUR").cpa == Decimal("4.00")
    assert found.at_equal_goal.shown("EUR").budget == Decimal("4000.00")


def test_visits_and_displays_are_whole_and_rounded_up_money_from_unrounded_values() -> None:
    shown = for_goal(1000, Assumptions(Decimal("0.03"), Decimal("0.03"), Decimal(2))).shown("EUR")

    assert shown.visits == 33_334
    assert shown.impressions == 1_111_112
    assert shown.budget == Decimal("2222.22")


def test_a_currency_without_cents_is_rounded_to_its_own_unit() -> None:
    shown = for_goal(7, Assumptions(Decimal("0.03"), Decimal("0.03"), Decimal(300))).shown("JPY")

    assert shown.budget == Decimal(2333)


@given(st.integers(1, 10**6), assumptions)
def test_there_and_back_is_the_same_goal(goal: int, believed: Assumptions) -> None:
    there = for_goal(goal, believed)

    assert for_budget(there.budget, believed).sales == goal
    assert there.cpa == believed.cpa


@given(st.integers(1, 10**6), assumptions)
def test_the_budget_as_shown_still_sells_the_goal(goal: int, believed: Assumptions) -> None:
    shown = for_goal(goal, believed).shown("EUR")

    if shown.cpa >= Decimal("0.02"):  # where a sale costs less, half a cent is a sale
        assert for_budget(shown.budget, believed).shown("EUR").sales == goal


@given(st.decimals("0.01", "1000000", places=2), assumptions)
def test_back_and_there_is_the_same_budget(budget: Decimal, believed: Assumptions) -> None:
    sales = for_budget(budget, believed).sales

    assert for_goal(sales, believed).budget == Fraction(budget)


@given(st.integers(1, 10**6), assumptions, assumptions)
def test_a_sale_costs_the_same_at_equal_budget_and_at_equal_goal(
    goal: int, believed: Assumptions, other: Assumptions
) -> None:
    found = what_if(for_goal(goal, believed), other)

    assert found.at_equal_budget.cpa == found.at_equal_goal.cpa


def test_each_assumption_is_tried_a_fifth_lower_and_higher() -> None:
    found = {(one.name, one.step): one for one in sensitivity(for_goal(1000, COURSE))}

    lower = found["conversion_rate", Decimal("-0.2")].result
    assert lower.at_equal_goal.shown("EUR").cpa == Decimal("6.25")
    dearer = found["cpm", Decimal("0.2")].result
    assert dearer.at_equal_goal.shown("EUR").budget == Decimal("6000.00")
    assert len(found) == 6


def test_a_rate_never_passes_a_hundred_percent() -> None:
    sure = Assumptions(Decimal("0.9"), Decimal("0.5"), Decimal(2))

    assert sure.changed(conversion_rate=Decimal("0.2")).conversion_rate == 1


@pytest.mark.parametrize(
    "wrong", [Decimal(0), Decimal("1.5"), Decimal("-0.1"), Decimal("Infinity")]
)
def test_no_assumption_is_nonsense(wrong: Decimal) -> None:
    with pytest.raises(WrongUse):
        Assumptions(wrong, Decimal("0.02"), Decimal(2))
    if wrong <= 0 or wrong.is_infinite():
        with pytest.raises(WrongUse):
            Assumptions(Decimal("0.02"), Decimal("0.02"), wrong)


def test_a_plan_beyond_all_media_is_refused_with_what_to_check() -> None:
    tiny = Assumptions(Decimal("0.000001"), Decimal("0.000001"), Decimal(2))

    with pytest.raises(WrongUse) as refusal:
        BudgetPlan("Hiver", Direction.GOAL, Decimal(10**9), tiny, "EUR")

    assert "any medium" in str(refusal.value)
    assert refusal.value.hint


@pytest.mark.requirement("PLAN-8")
def test_sales_cannot_come_after_their_window() -> None:
    with pytest.raises(WrongUse):
        BudgetPlan("Hiver", Direction.GOAL, Decimal(10), COURSE, "EUR", window_days=7, lag_days=30)
