"""Figures as French and British readers write them."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from regie.ui import figures

NARROW, NO_BREAK = "\u202f", "\u00a0"


@pytest.fixture
def french():
    with translation.override("fr"):
        yield


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (Decimal("12434.5"), "money", f"12,4{NO_BREAK}k€"),
        (Decimal("124345"), "money", f"124{NO_BREAK}k€"),
        (Decimal("1243450"), "money", f"1,24{NO_BREAK}M€"),
        (Decimal("4312.4"), "money", f"4{NARROW}312{NO_BREAK}€"),
        (Decimal("41.27"), "money", f"41,27{NO_BREAK}€"),
        (Decimal("-2310.4"), "money", f"−2{NARROW}310{NO_BREAK}€"),
        (Decimal("0.0213"), "share", f"2,13{NO_BREAK}%"),
        (Decimal("0.213"), "share", f"21,3{NO_BREAK}%"),
        (2668, "count", f"2{NARROW}668"),
        (66712, "count", f"66,7{NO_BREAK}k"),
        (Decimal("2.694"), "factor", "2,69"),
    ],
)
@pytest.mark.usefixtures("french")
def test_a_card_shows_three_figures_that_matter(value, unit, expected):
    assert figures.compact(value, unit, "EUR") == expected


@pytest.mark.usefixtures("french")
def test_the_exact_value_keeps_its_cents_and_its_sign():
    assert figures.exact(Decimal("1234.5"), "money", "EUR") == f"1{NARROW}234,50{NO_BREAK}€"


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("unit", ["money", "share", "ratio", "count"])
def test_what_rounds_to_nothing_has_no_sign(unit):
    assert "−" not in figures.exact(Decimal("-0.00001"), unit, "EUR")
    assert "−" in figures.exact(Decimal("-0.06"), unit, "EUR")


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("unit", ["money", "share", "ratio", "count", "seconds"])
@pytest.mark.parametrize("value", ["-0.26", "-12", "-9999.5", "-45678", "-3000000"])
@pytest.mark.parametrize("currency", ["EUR", "CHF"])
def test_what_is_below_zero_has_a_true_minus_however_it_is_written(language, unit, value, currency):
    ways = (figures.exact, figures.compact, figures.whole, figures.axis)
    with translation.override(language):
        written = [way(Decimal(value), unit, currency) for way in ways]
        written.append(figures.signed(Decimal(value), lambda size: figures.exact(size, unit)))
    assert [one for one in written if "-" in one] == []
    assert [one for one in written if one.count("−") != 1 and set("123456789") & set(one)] == []


@pytest.mark.usefixtures("english")
def test_a_difference_has_its_sign_unless_it_rounds_to_nothing():
    def cents(size):
        return figures.money(size, "EUR")

    said = [figures.signed(Decimal(one), cents) for one in ("2", "-2", "0", "-0.00001")]
    assert said == ["+€2.00", "−€2.00", "€0.00", "€0.00"]


@pytest.mark.usefixtures("english")
def test_english_readers_get_british_forms():
    assert figures.exact(Decimal("1234.5"), "money", "EUR") == "€1,234.50"
    assert figures.compact(Decimal("12434.5"), "money", "EUR") == "€12.4K"
    # A code of letters stands apart from its figure.
    assert figures.exact(Decimal("657.21"), "money", "CHF") == f"CHF{NO_BREAK}657.21"
    assert figures.exact(Decimal("-3.5"), "money", "USD") == "−US$3.50"
    assert figures.percent(Decimal("0.125")) == "12.5%"


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("value", "currency", "written"),
    [("0.0042", "EUR", "€0.0042"), ("-0.004", "EUR", "−€0.0040"), ("0.005", "EUR", "€0.0050"),
     ("0.0051", "EUR", "€0.01"), ("0.00004", "EUR", "€0.00"), ("0.04", "JPY", "JP¥0.04"),
     ("0", "EUR", "€0.00")],
)  # fmt: skip
def test_an_amount_below_the_smallest_coin_is_not_nothing(value, currency, written):
    assert figures.exact(Decimal(value), "money", currency) == written


@pytest.mark.usefixtures("french")
def test_yen_have_no_cents():
    assert figures.exact(Decimal("1999"), "money", "JPY").startswith(f"1{NARROW}999{NO_BREAK}")


@pytest.mark.usefixtures("french")
def test_a_missing_value_is_a_dash_with_its_reason():
    shown = figures.figure(None, "money", "EUR", reason="Rien.")

    assert (shown.short, shown.missing, shown.reason) == ("–", True, "Rien.")


@pytest.mark.usefixtures("french")
def test_marks_of_an_axis_carry_no_empty_cents():
    assert figures.axis(Decimal(2000), "money", "EUR") == f"2{NARROW}000{NO_BREAK}€"
    assert figures.axis(Decimal(20000), "money", "EUR") == f"20{NO_BREAK}k€"
    assert figures.axis(Decimal("0.025"), "share", "") == f"2,5{NO_BREAK}%"
    assert figures.axis(Decimal(1500000), "count", "") == f"1,5{NO_BREAK}M"


@pytest.mark.usefixtures("french")
def test_two_days_of_one_month_say_it_once():
    assert figures.days(date(2026, 9, 1), date(2026, 9, 30)).count("2026") == 1


@pytest.mark.parametrize(("language", "says"), [("fr", "T4 2026"), ("en", "Q4 2026")])
def test_a_quarter_is_named_as_people_name_it(language, says):
    with translation.override(language):
        assert figures.quarter("2026-Q4") == says


@pytest.mark.parametrize(
    ("value", "unit", "currency", "written"),
    [
        ("698.199999", "money", "EUR", "€698.199999"), ("698.2", "money", "EUR", "€698.20"),
        ("12.5", "money", "JPY", "JP¥12.5"), ("10.505", "number", "", "10.505"),
        ("0.123456789", "money", "", "0.123456789"), ("1234", "count", "", "1,234"),
        ("-0.000001", "money", "EUR", "−€0.000001"),
    ],
)  # fmt: skip
def test_a_whole_value_keeps_every_digit(value, unit, currency, written):
    with translation.override("en"):
        assert figures.whole(Decimal(value), unit, currency) == written
