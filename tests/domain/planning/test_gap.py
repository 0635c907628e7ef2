"""The gap between the planned and the real cost of a sale, split to the cent."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.domain.planning.funnel import Assumptions
from regie.domain.planning.gap import Actual, split
from regie.kernel.errors import Refused

COURSE = Assumptions(Decimal("0.02"), Decimal("0.02"), Decimal(2))
AS_PLANNED = Actual(impressions=2_500_000, clicks=50_000, sales=1000, spend=Decimal(5000))

rates = st.decimals("0.0001", "1", places=4)
assumptions = st.builds(Assumptions, rates, rates, st.decimals("0.01", "500", places=2))
actuals = st.builds(
    Actual,
    st.integers(1, 10**8),
    st.integers(1, 10**6),
    st.integers(1, 10**5),
    st.decimals("0.01", "1000000", places=2),
)


def amounts(believed: Assumptions, actual: Actual) -> dict[str, Decimal]:
    return {one.name: one.amount for one in split(believed, actual, "EUR").effects}


def test_a_plan_that_came_true_has_no_gap() -> None:
    gap = split(COURSE, AS_PLANNED, "EUR")

    assert (gap.planned, gap.actual, gap.amount) == (Decimal("5.00"), Decimal("5.00"), 0)
    assert [one.amount for one in gap.effects] == [0, 0, 0]
    assert gap.main is None


def test_one_thing_that_changed_explains_the_whole_gap() -> None:
    fewer_sales = replace(AS_PLANNED, sales=800)

    assert amounts(COURSE, fewer_sales) == {
        "cpm": Decimal("0.00"), "click_rate": Decimal("0.00"), "conversion_rate": Decimal("1.25"),
    }  # fmt: skip


def test_three_things_that_changed_share_the_gap_out() -> None:
    # CPM × 1.5, displays per click × 0.8, clicks per sale × 1.25; by hand over the six orders:
    # 2.520833…, −1.416666…, 1.395833…, which add up to 2.50.
    actual = Actual(impressions=2_000_000, clicks=50_000, sales=800, spend=Decimal(6000))

    gap = split(COURSE, actual, "EUR")

    assert (gap.planned, gap.actual) == (Decimal("5.00"), Decimal("7.50"))
    assert [one.amount for one in gap.effects] == [
        Decimal("2.52"), Decimal("-1.42"), Decimal("1.40"),
    ]  # fmt: skip
    assert gap.main is not None
    assert gap.main.name == "cpm"


@given(assumptions, actuals)
def test_the_effects_add_up_to_the_gap_to_the_cent(believed: Assumptions, actual: Actual) -> None:
    gap = split(believed, actual, "EUR")

    assert gap.planned + sum(one.amount for one in gap.effects) == gap.actual


@given(assumptions, actuals)
def test_an_assumption_that_held_has_no_effect(believed: Assumptions, actual: Actual) -> None:
    gap = split(believed, actual, "EUR")

    for one in gap.effects:
        if one.planned == one.actual:
            assert one.amount == 0


@given(actuals)
def test_a_better_rate_never_makes_a_sale_dearer(actual: Actual) -> None:
    for one in split(COURSE, actual, "EUR").effects:
        if one.name != "cpm" and one.actual >= one.planned:
            assert one.amount <= Decimal("0.01")


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ({"impressions": None}, "no_delivery"),
        ({"spend": None}, "no_rate"),
        ({"spend": Decimal(0)}, "no_delivery"),
        ({"clicks": 0}, "no_clicks"),
        ({"sales": 0}, "no_sales"),
        ({"sales": None}, "no_sales"),
    ],
)
def test_what_is_missing_is_said_and_never_divided_by(missing: dict, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        split(COURSE, replace(AS_PLANNED, **missing), "EUR")

    assert refusal.value.code == code
