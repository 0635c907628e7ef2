"""A budget shared out anew: the total stays, nothing moves too far, and no doubt is hidden."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regie.domain.planning.allocation import (
    FEW,
    Allocation,
    Basis,
    Channel,
    Kept,
    Still,
    allocate,
    elasticity,
)
from regie.kernel.errors import WrongUse

CAP = Decimal("0.2")
AMOUNTS = st.decimals(min_value="0.01", max_value="1000000", places=2)
COUNTS = st.one_of(st.none(), st.integers(0, 3000).map(Decimal))
CAPS = st.integers(1, 50).map(lambda percent: Decimal(percent) / 100)


def curve(spend: str, count: int, bend: float) -> Channel:
    """Twelve weeks that follow a curve exactly, up and down around a mean."""
    mean = (float(spend) / 12, count / 12)
    parts = [0.6 + 0.07 * week for week in range(12)]
    weeks = [(Decimal(str(mean[0] * part)), Decimal(str(mean[1] * part**bend))) for part in parts]
    return Channel(f"curve {bend}", Decimal(spend), Decimal(count), weeks)


@st.composite
def channels(draw) -> list[Channel]:
    found = []
    for n in range(draw(st.integers(0, 6))):
        if draw(st.booleans()):
            found.append(Channel(str(n), draw(AMOUNTS), draw(COUNTS)))
        else:
            bent = curve(str(draw(AMOUNTS)), draw(st.integers(1, 3000)), draw(st.floats(0.1, 1)))
            found.append(Channel(str(n), bent.spend, bent.count, bent.weeks))
    return found


@settings(deadline=None, max_examples=200)
@given(channels(), CAPS)
def test_the_total_stays_to_the_cent_and_nothing_moves_beyond_the_cap(
    given_: list[Channel], cap: Decimal
) -> None:
    found = allocate(given_, cap=cap)

    assert sum(one.proposed for one in found.shares) == sum(one.spend for one in given_)
    for one in found.shares:
        now = one.channel.spend
        assert now * (1 - cap) <= one.proposed <= now * (1 + cap)
        assert one.kept is None or one.difference == 0
    assert found.expected >= found.now
    assert (found.moved > 0) is (found.still is None)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.tuples(AMOUNTS, COUNTS, st.booleans()), min_size=200, max_size=600),
    CAPS, st.booleans(), st.sampled_from([0, 2, 3]),
)  # fmt: skip
def test_of_hundreds_the_total_stays_to_the_cent_too(
    those: list[tuple[Decimal, Decimal | None, bool]], cap: Decimal, are_curves: bool, digits: int
) -> None:
    weeks = curve("1200", 600, 0.5).weeks if are_curves else ()
    given_ = [Channel(str(n), spend, count, weeks, is_fixed=fixed and n % 9 == 0)
              for n, (spend, count, fixed) in enumerate(those)]  # fmt: skip

    found = allocate(given_, cap=cap, digits=digits)

    assert sum(one.proposed for one in found.shares) == sum(one.spend for one in given_)
    unit = Decimal(1).scaleb(-digits)
    for one in found.shares:
        now = one.channel.spend
        assert abs(one.difference) <= now * cap
        assert one.difference % unit == 0
        assert one.kept is None or one.difference == 0
        assert one.kept is Kept.FIXED or not one.channel.is_fixed
    assert found.expected >= found.now


@settings(deadline=None)
@given(st.lists(st.tuples(AMOUNTS, st.integers(FEW, 3000)), min_size=2, max_size=5), CAPS,
       st.integers(1, 500))  # fmt: skip
def test_who_brings_more_for_the_same_is_never_given_less(
    pairs: list[tuple[Decimal, int]], cap: Decimal, more: int
) -> None:
    given_ = [Channel(str(n), spend, Decimal(count)) for n, (spend, count) in enumerate(pairs)]
    better = [Channel("0", pairs[0][0], Decimal(pairs[0][1] + more)), *given_[1:]]

    before, after = (allocate(those, cap=cap).shares[0].proposed for those in (given_, better))
    assert after >= before


@settings(deadline=None)
@given(channels(), st.tuples(CAPS, CAPS).map(sorted))
def test_who_may_move_more_can_expect_no_less(given_: list[Channel], caps: list[Decimal]) -> None:
    less, more = (allocate(given_, cap=cap).expected for cap in caps)

    assert more >= less * Decimal("0.9999")  # money is handed out in parts


def test_of_two_known_by_averages_the_cheaper_gets_what_the_cap_allows() -> None:
    found = allocate(
        [Channel("dear", Decimal(1000), Decimal(40)), Channel("cheap", Decimal(1000), Decimal(100))]
    )

    assert found.basis is Basis.AVERAGES
    assert [one.proposed for one in found.shares] == [800, 1200]
    assert (found.now, found.expected) == (140, 152)
    assert [one.marginal_cost for one in found.shares] == [None, None]


def test_a_curve_that_bends_is_fed_no_further_than_one_that_does_not() -> None:
    bent, straight = curve("1200", 600, 0.4), curve("1200", 500, 1.0)

    found = allocate([bent, straight])

    assert found.basis is Basis.CURVES
    assert [one.elasticity for one in found.shares] == [Decimal("0.40"), 1]
    # On average the first is cheaper; one more costs 5.00 there and 2.40 with the second.
    assert [one.marginal_cost for one in found.shares] == [5, Decimal("2.4")]
    assert [one.proposed for one in found.shares] == [960, 1440]


def test_where_the_curves_cross_both_cost_the_same_for_one_more() -> None:
    second = replace(curve("1000", 360, 0.5), name="second")

    found = allocate([curve("1000", 400, 0.5), second], cap=Decimal("0.5"))

    # Both slopes are equal where budgets are as the squares of the counts.
    wanted = Fraction(2000 * 400**2, 400**2 + 360**2)
    assert float(found.shares[0].proposed) == pytest.approx(float(wanted), abs=1)


def test_equals_keep_what_they_have() -> None:
    one = curve("1000", 400, 0.5)

    assert allocate([one, replace(one, name="other")]).still is Still.BEST


def test_what_chance_alone_may_show_moves_nothing() -> None:
    found = allocate(
        [Channel("a", Decimal(1000), Decimal(40)), Channel("b", Decimal(1000), Decimal(45))]
    )

    assert found.still is Still.CHANCE
    assert found.moved == 0


def test_of_many_alike_the_two_furthest_apart_move_nothing() -> None:
    counts = (30, 34, 37, 40, 41, 43, 46, 52)
    alike = [Channel(str(n), Decimal(1000), Decimal(count)) for n, count in enumerate(counts)]

    # The two alone would differ for certain; of eight, two lie as far apart by chance.
    assert allocate([alike[0], alike[-1]]).still is None
    assert allocate(alike).still is Still.CHANCE


def test_the_best_is_where_one_more_costs_least() -> None:
    bent, straight = curve("1200", 600, 0.4), curve("1200", 500, 1.0)
    best = allocate([bent, straight]).best

    # On average the first is cheaper; one more costs 5.00 there and 2.40 with the second.
    assert best is not None
    assert (best.first.channel, best.second.channel) == (straight, bent)
    assert best.may_be_chance is None


def test_the_best_by_averages_says_where_chance_may_have_put_it_first() -> None:
    close = [Channel("a", Decimal(1000), Decimal(90)), Channel("b", Decimal(1000), Decimal(100)),
             Channel("few", Decimal(10), Decimal(29)),
             Channel("fixed", Decimal(10), Decimal(500), is_fixed=True)]  # fmt: skip
    best, clear = allocate(close).best, allocate([*close, Channel("c", Decimal(10), Decimal(99))])

    assert best is not None
    assert (best.first.channel.name, best.may_be_chance) == ("b", True)
    assert clear.best is not None
    assert (clear.best.first.channel.name, clear.best.may_be_chance) == ("c", False)
    assert allocate(close[1:]).best is None


def test_few_or_unknown_results_keep_their_budget_and_say_so() -> None:
    found = allocate(
        [
            Channel("a", Decimal(1000), Decimal(40)), Channel("b", Decimal(1000), Decimal(29)),
            Channel("c", Decimal(1000), None),
        ]
    )  # fmt: skip

    assert [one.kept for one in found.shares] == [None, Kept.FEW, Kept.UNKNOWN]
    assert found.still is Still.ALONE
    assert allocate([]).still is Still.ALONE


@pytest.mark.parametrize("cap", ["0", "0.009", "0.51", "-1"])
def test_a_cap_that_is_none_is_refused(cap: str) -> None:
    with pytest.raises(WrongUse, match="one to fifty percent"):
        allocate([], cap=Decimal(cap))


@pytest.mark.parametrize(
    "weeks",
    [
        [(100 + 10 * n, 10 + n) for n in range(7)],  # too few
        [(100, 10 + n) for n in range(12)],  # all alike
        [(100 + 30 * n, 40 - n) for n in range(12)],  # less for more
        [(100 + 30 * n, n) for n in range(12)],  # one without any
        [(100 + 30 * n, 5 if n % 2 else 90) for n in range(12)],  # scattered
    ],
)
def test_weeks_that_tell_nothing_make_no_curve(weeks: list[tuple[int, int]]) -> None:
    assert elasticity([(Decimal(spend), Decimal(count)) for spend, count in weeks]) is None


def test_an_allocation_of_nothing_is_nothing() -> None:
    assert Allocation((), CAP, Basis.AVERAGES, Still.ALONE).total == 0
