"""What may be typed into a plan, in French and in English, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.domain.planning import organic
from regie.domain.planning.benchmarks import Benchmark, Kind, beside, optimism, published
from regie.domain.planning.fields import FIELDS, read
from regie.kernel.errors import WrongUse


@pytest.mark.parametrize(
    ("name", "text", "mark", "value"),
    [
        ("conversion_rate", "2 %", ",", "0.02"),
        ("conversion_rate", "0,5 %", ",", "0.005"),
        ("conversion_rate", "0.5", ",", "0.005"),
        ("click_rate", "100", ".", "1"),
        ("click_rate", "0,125", ",", "0.00125"),
        ("goal", "1\u202f000", ",", "1000"),
        ("goal", "1,000", ".", "1000"),
        ("goal", "1.000", ",", "1000"),
        ("budget", "5 000,50 €", ",", "5000.50"),
        ("budget", "5 000 EUR", ",", "5000"),
        ("budget", "5,000.50", ",", "5000.50"),
        ("budget", "1,234,567", ",", "1234567"),
        ("budget", "£12.5", ".", "12.5"),
        ("cpm", "2", ".", "2"),
        ("lag_days", "0", ".", "0"),
    ],
)
def test_a_number_is_read_the_way_it_is_written(name, text, mark, value) -> None:
    assert read(name, text, decimal_mark=mark) == Decimal(value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("conversion_rate", "0 %"),
        ("conversion_rate", ""),
        ("conversion_rate", "   "),
        ("click_rate", "150 %"),
        ("click_rate", "-2"),
        ("click_rate", "2 €"),
        ("click_rate", "2‰"),
        ("cpm", "-2"),
        ("cpm", "0"),
        ("cpm", "2 %"),
        ("cpm", "NaN"),
        ("cpm", "Infinity"),
        ("cpm", "1e5"),
        ("cpm", "2,3,4"),
        ("goal", "0"),
        ("goal", "1,5"),
        ("goal", "beaucoup"),
        ("goal", "9" * 60),
        ("goal", "10000000000"),
        ("window_days", "-1"),
        ("window_days", "5000"),
        ("click_rate", "1,23456"),
    ],
)
def test_nonsense_is_refused_with_a_sentence_and_what_to_type(name: str, text: str) -> None:
    with pytest.raises(WrongUse) as refusal:
        read(name, text, decimal_mark=",")

    assert str(refusal.value.sentence)
    assert str(refusal.value.hint)


@given(st.sampled_from(sorted(FIELDS)), st.text(max_size=60), st.sampled_from([",", "."]))
def test_no_text_passes_that_makes_no_plan(name: str, text: str, mark: str) -> None:
    try:
        value = read(name, text, decimal_mark=mark)
    except WrongUse:
        return
    assert value.is_finite()
    assert value >= 0


RATES = {
    "share_rate": Decimal("0.10"),
    "organic_click_rate": Decimal("0.03"),
    "organic_conversion_rate": Decimal("0.005"),
}


@pytest.mark.requirement("MEAS-15")
def test_rates_of_a_post_are_of_views_and_step_rates_stand_beside() -> None:
    steps = organic.funnel(1000, RATES)

    assert [one.count for one in steps] == [100, 30, 5]
    assert [round(one.of_views * 100, 2) for one in steps] == [10, 3, Decimal("0.5")]
    assert [float(round(one.of_step * 100, 2)) for one in steps] == [10, 30, 16.67]


@pytest.mark.requirement("MEAS-17")
def test_the_displays_that_purchases_need_have_a_price() -> None:
    views = organic.views_for(5, RATES)

    assert views == 1000
    assert organic.cost_of(views, Decimal(2)) == Decimal("2.00")


def test_nobody_buys_without_a_click() -> None:
    with pytest.raises(WrongUse):
        organic.check({**RATES, "organic_conversion_rate": Decimal("0.04")})


@pytest.mark.requirement("MEAS-16")
def test_ten_percent_of_shares_is_above_the_usual_average() -> None:
    (found,) = optimism("share_rate", Decimal("0.10"), "EUR")

    assert found.kind is Kind.HIGH
    assert optimism("share_rate", Decimal("0.08"), "EUR") == []


@pytest.mark.requirement("MEAS-16")
def test_every_benchmark_has_its_source_and_its_date_in_both_languages() -> None:
    for one in published():
        assert one.field in FIELDS
        assert one.titles["fr"]
        assert one.titles["en"]
        assert one.noted


def test_hope_is_told_from_what_was_measured() -> None:
    day = published()[0].noted
    own = [
        Benchmark("click_rate", Kind.OWN, Decimal("0.015"), "", {}, day, day),
        Benchmark("cpm", Kind.OWN, Decimal("3"), "EUR", {}, day, day),
    ]

    assert [one.kind for one in optimism("click_rate", Decimal("0.02"), "EUR", own)] == [Kind.OWN]
    assert optimism("click_rate", Decimal("0.01"), "EUR", own) == []
    assert [one.kind for one in optimism("cpm", Decimal("2.5"), "EUR", own)] == [Kind.OWN]
    assert beside("cpm", "CHF", own) == [], "a price in another currency says nothing"
