"""Beyond the total: where one more still pays, and never a word where nothing tells."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from regie.domain.planning.allocation import FEW, Channel
from regie.domain.planning.ceilings import Bound, Ceiling, Unjudged, ceilings
from regie.kernel.errors import WrongUse
from tests.domain.planning.test_allocation import CAPS, channels, curve

pytestmark = pytest.mark.requirement("MEAS-26")
CENT = Decimal("0.01")
MARGINS = st.integers(1, 100).map(lambda percent: Decimal(percent) / 100)
SPENT = st.integers(100, 1_000_000).map(Decimal)
REVENUES = st.integers(1, 10_000_000).map(Decimal)
NEAR_ONE = st.integers(70, 130).map(lambda percent: Decimal(percent) / 100)  # kept of one more
BENDS = st.integers(10, 100).map(lambda percent: percent / 100)


def alone(channel: Channel, revenue: Decimal | None, **how: Decimal) -> Ceiling:
    return ceilings([channel], {channel.name: revenue}, **how).ceilings[0]


def kept_of_the_last(one: Ceiling, budget: Decimal) -> Decimal:
    """By how much what is kept grows with the last cent below ``budget``, for one spent: told from
    the revenue of two budgets, and not from the formula of a slope."""
    assert one.revenue is not None
    assert one.elasticity is not None
    low, high = budget - CENT, budget
    earned = [one.revenue * (at / one.channel.spend) ** one.elasticity for at in (low, high)]
    return one.margin * (earned[1] - earned[0]) / CENT


@settings(deadline=None, max_examples=300)
@given(SPENT, NEAR_ONE, BENDS, MARGINS, CAPS)
def test_the_ceiling_is_where_the_last_one_spent_brings_back_what_it_costs(
    spend: Decimal, kept: Decimal, bend: float, margin: Decimal, cap: Decimal
) -> None:
    revenue = spend * kept / margin / Decimal(str(bend))
    one = alone(curve(str(spend), FEW, bend), revenue, margin=margin, cap=cap)
    assume(one.budget is not None)
    assert one.budget is not None
    assert one.kept_of_one_more is not None

    assert spend * (1 - cap) <= one.budget <= spend * (1 + cap)
    last, next_ = kept_of_the_last(one, one.budget), kept_of_the_last(one, one.budget + 2 * CENT)
    near = Decimal("0.000001")
    if one.bound is Bound.MOST:
        assert last > 1 - near
        assert one.budget > spend * (1 + cap) - CENT
    elif one.bound is Bound.LEAST:
        assert next_ < 1 + near
        assert one.budget < spend * (1 - cap) + CENT
    else:
        assert next_ - near <= 1 <= last + near
    # What pays at today's budget is given more, what doesn't less; to the cent, neither.
    if one.budget > spend:
        assert one.kept_of_one_more > 1
    if one.budget < spend - CENT:
        assert one.kept_of_one_more < 1


@settings(deadline=None, max_examples=200)
@given(SPENT, REVENUES, BENDS, st.tuples(MARGINS, MARGINS).map(sorted), CAPS)
def test_who_keeps_more_of_his_revenue_has_no_lower_ceiling(
    spend: Decimal, revenue: Decimal, bend: float, margins: list[Decimal], cap: Decimal
) -> None:
    channel = curve(str(spend), FEW, bend)
    less, more = (alone(channel, revenue, margin=one, cap=cap).budget for one in margins)
    assume(less is not None)
    assume(more is not None)
    assert less is not None
    assert more is not None

    assert more >= less


@settings(deadline=None, max_examples=200)
@given(channels(), st.one_of(st.none(), REVENUES), MARGINS, CAPS)
def test_no_ceiling_is_beyond_one_step_and_none_is_without_its_reason(
    given_: list[Channel], revenue: Decimal | None, margin: Decimal, cap: Decimal
) -> None:
    found = ceilings(given_, dict.fromkeys((one.name for one in given_), revenue),
                     margin=margin, cap=cap)  # fmt: skip

    for one in found.ceilings:
        said = (one.budget, one.bound, one.marginal_return, one.revenue_there, one.difference)
        assert len({value is None for value in said}) == 1
        assert (one.unjudged is None) is (one.budget is not None)
        if one.budget is not None:
            now = one.channel.spend
            assert now * (1 - cap) <= one.budget <= now * (1 + cap)
    assert found.budget == sum(one.budget or 0 for one in found.ceilings)
    assert found.gain >= -CENT * len(given_)  # nobody is advised to lose money


def test_a_curve_that_bends_ends_where_one_more_costs_what_it_brings() -> None:
    # 600 orders for 1,200 earned 2,640: one more brings 2.20 × 0.5 = 1.10 today,
    # and 1.00 once the budget is 1.1² of what it was.
    one = alone(curve("1200", 600, 0.5), Decimal(2640), cap=Decimal("0.3"))

    assert (one.average_return, one.marginal_return) == (Decimal("2.2"), Decimal("1.1"))
    assert (one.budget, one.bound) == (Decimal("1452"), Bound.PAYS)
    assert one.revenue_there == pytest.approx(Decimal(2640) * Decimal("1.1"))


def test_a_margin_tells_revenue_from_what_is_kept() -> None:
    channel = curve("1200", 600, 0.5)

    whole, part = (alone(channel, Decimal(2640), margin=Decimal(one)) for one in ("1", "0.4"))
    assert whole.marginal_return == part.marginal_return == Decimal("1.1")
    assert part.kept_of_one_more == Decimal("0.44")
    assert (whole.bound, part.bound) == (Bound.MOST, Bound.LEAST)
    assert (whole.budget, part.budget) == (1440, 960)


@pytest.mark.parametrize(
    ("revenue", "budget", "bound"),
    [(2400, 1440, Bound.MOST), (600, 960, Bound.LEAST), (1200, 1200, Bound.PAYS)],
)
def test_what_brings_as_much_again_for_as_much_more_has_no_end_but_the_step(
    revenue: int, budget: int, bound: Bound
) -> None:
    one = alone(curve("1200", 600, 1), Decimal(revenue))

    assert (one.elasticity, one.budget, one.bound) == (1, budget, bound)


@pytest.mark.parametrize(
    ("channel", "revenue", "why"),
    [
        (replace(curve("1200", 600, 0.5), count=None), Decimal(9), Unjudged.UNKNOWN),
        (curve("1200", FEW - 1, 0.5), Decimal(9), Unjudged.FEW),
        (curve("1200", 600, 0.5), None, Unjudged.VALUE),
        (curve("1200", 600, 0.5), Decimal(-1), Unjudged.VALUE),
        (Channel("alike", Decimal(1200), Decimal(600)), Decimal(9), Unjudged.CURVE),
    ],
)  # fmt: skip
def test_what_nothing_tells_has_no_ceiling_and_says_why(
    channel: Channel, revenue: Decimal | None, why: Unjudged
) -> None:
    one = alone(channel, revenue)

    assert (one.budget, one.marginal_return, one.unjudged) == (None, None, why)
    # The average is known wherever there is revenue, beside what is not.
    assert one.average_return == (None if revenue is None else revenue / 1200)


def test_one_channel_that_tells_nothing_takes_nothing_from_the_others() -> None:
    told, silent = curve("1200", 600, 0.5), Channel("silent", Decimal(800), Decimal(90))

    found = ceilings([told, silent], {told.name: Decimal(2640), "silent": Decimal(5000)})
    assert [one.unjudged for one in found.ceilings] == [None, Unjudged.CURVE]
    assert (found.spent, found.budget, found.revenue) == (1200, 1440, 2640)
    assert found.gain == found.revenue_there - 2640 - 240


def test_less_than_a_cent_goes_nowhere() -> None:
    tiny = replace(curve("1200", 600, 0.5), spend=Decimal("0.004"))

    assert alone(tiny, Decimal(5)).budget == Decimal("0.004")


@pytest.mark.parametrize("margin", ["0", "1.01", "-0.2"])
def test_a_margin_that_is_no_share_is_refused(margin: str) -> None:
    with pytest.raises(WrongUse, match="at most 100%"):
        ceilings([], {}, margin=Decimal(margin))


def test_a_step_that_is_none_is_refused() -> None:
    with pytest.raises(WrongUse, match="one to fifty percent"):
        ceilings([], {}, cap=Decimal("0.7"))
