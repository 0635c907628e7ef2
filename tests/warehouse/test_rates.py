"""What a currency was worth on a day: the last rate before it, and none that is too old."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from regie.warehouse.rates import HOLDS_DAYS, Rates

FIRST = date(2026, 9, 4)
RATES = Rates(
    "EUR",
    [
        ("USD", FIRST + timedelta(days=3), Decimal("0.92")),
        ("USD", FIRST, Decimal("0.91")),
        ("EUR", FIRST, Decimal("7")),  # whatever a file says, a euro is worth a euro
    ],
)


def test_a_rate_holds_until_the_next() -> None:
    found = [RATES.worth("USD", FIRST + timedelta(days=n)) for n in range(-1, 5)]

    assert found == [None, *[Decimal("0.91")] * 3, *[Decimal("0.92")] * 2]


def test_a_rate_does_not_hold_for_ever() -> None:
    last = FIRST + timedelta(days=3)

    assert RATES.worth("USD", last + timedelta(days=HOLDS_DAYS - 1)) == Decimal("0.92")
    assert RATES.worth("USD", last + timedelta(days=HOLDS_DAYS)) is None


def test_the_asked_currency_is_worth_one_on_any_day_and_an_unknown_one_nothing_known() -> None:
    assert {RATES.worth("EUR", day) for day in (date.min, FIRST, date(9999, 12, 30))} == {
        Decimal(1)
    }
    assert RATES.worth("", FIRST) is RATES.worth("JPY", FIRST) is None
    assert RATES.currencies == {"EUR", "USD"}
