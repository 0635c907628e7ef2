"""Writes figures the way the reader's language does; every number on a page passes here.

Babel is the only formatter, so that a figure never looks different in two places. What is below
zero has a true minus; files write values, not these texts, and keep the hyphen that programs read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale, dates, numbers
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regie.kernel.money import minor_digits

LOCALES = {"fr": "fr_FR", "en": "en_GB"}
MISSING = "–"
MINUS = "\N{MINUS SIGN}"
TENTH = Decimal("0.1")
LETTERS_AND_DIGIT = re.compile(r"(?<=[A-Za-z])(?=\d)")
NO_BREAK = "\N{NO-BREAK SPACE}"
FINER = 2  # further digits of an amount below the smallest coin
KEPT = 8192  # texts of figures and of days

ZEROS = re.compile(r"(?:[.,]0+|([.,]\d*?[1-9])0+)(?!\d)")

Number = Decimal | int


def locale() -> str:
    return LOCALES.get((get_language() or "en")[:2], "en_GB")


@dataclass(frozen=True)
class Figure:
    """A value as it is shown: short on the card, exact on hover and for screen readers."""

    short: str
    exact: str
    missing: bool = False
    reason: str = ""


def figure(value: Number | None, unit: str, currency: str = "", *, reason: str = "") -> Figure:
    if value is None:
        return Figure(MISSING, MISSING, True, reason or _("Nothing to show for this period."))
    return Figure(compact(value, unit, currency), exact(value, unit, currency))


def exact(value: Number | None, unit: str, currency: str = "") -> str:
    """The whole value, rounded only as its unit asks: cents, a hundredth of a percent."""
    if value is None:
        return MISSING
    if unit == "money":
        return money(value, currency)
    if unit == "share":
        return percent(value, digits=2)
    if unit == "count":
        return decimal(value, digits=0 if value == int(value) else 2)
    return duration(value) if unit == "seconds" else decimal(value, digits=2)


def whole(value: Number, unit: str, currency: str = "") -> str:
    """Every digit that there is: what an import adds up to is laid beside a platform's total."""
    digits = max(0, -int(Decimal(value).normalize().as_tuple().exponent))
    if unit == "money" and currency:
        shown = minor_digits(currency)
        return money(value, currency, digits=digits if digits > shown else None)
    return decimal(value, digits=digits) if digits > 2 else exact(value, unit, currency)


def compact(value: Number | None, unit: str, currency: str = "") -> str:
    """Three figures that matter: ``12,4 k€`` where there is no room for all of them."""
    if value is None:
        return MISSING
    if unit == "share":
        return percent(value, digits=2 if -TENTH < value < TENTH else 1)
    if unit == "seconds":
        return duration(value)
    if -10_000 < value < 10_000:
        return _below_ten_thousand(value, unit, currency)
    digits = _digits_of_compact(value)
    if unit == "money" and currency:
        return _tight(
            numbers.format_compact_currency(
                value, currency, locale=locale(), fraction_digits=digits
            )
        )
    return _true_minus(
        numbers.format_compact_decimal(value, locale=locale(), fraction_digits=digits)
    )


def _below_ten_thousand(value: Number, unit: str, currency: str) -> str:
    if unit == "money" and not -1000 < value < 1000:
        return money(value, currency, digits=0)
    return exact(value, unit, currency)


def _digits_of_compact(value: Number) -> int:
    """Digits after the sign so that three count: 12,4 k but 124 k."""
    whole = len(str(abs(int(value))))
    return max(0, 3 - ((whole - 1) % 3 + 1))


def _tight(text: str) -> str:
    text = _apart(text)
    # French writes « 12,4 k€ »: the sign belongs to the multiple, not to the figure.
    return text.replace(f"k{NO_BREAK}€", "k€").replace(f"M{NO_BREAK}€", "M€")


def money(value: Number, currency: str, *, digits: int | None = None) -> str:
    if not currency:
        return decimal(value, digits=2 if digits is None else digits)
    if digits is None:
        return _in_cents(value, currency, locale())
    pattern = numbers.parse_pattern(Locale.parse(locale()).currency_formats["standard"].pattern)
    pattern.frac_prec = (digits, digits)
    return _apart(str(pattern.apply(value, locale(), currency=currency, currency_digits=False)))


def percent(value: Number, *, digits: int = 1) -> str:
    sign = f"{NO_BREAK}%" if locale().startswith("fr") else "%"
    return decimal(Decimal(value) * 100, digits=digits) + sign


def duration(value: Number) -> str:
    """Seconds as people say them: 45 s, 2 min 52 s, 1 h 5 min."""
    seconds = int(Decimal(value).to_integral_value(ROUND_HALF_UP))
    sign, seconds = (MINUS if seconds < 0 else ""), abs(seconds)
    hours, minutes, rest = seconds // 3600, seconds % 3600 // 60, seconds % 60
    units = (("h", hours), ("min", minutes), ("s", 0 if hours else rest))
    said = [f"{count}{NO_BREAK}{unit}" for unit, count in units if count]
    return sign + (" ".join(said) or f"0{NO_BREAK}s")


def decimal(value: Number, *, digits: int = 2) -> str:
    return _rounded(value, digits, locale())


# A page writes hundreds of figures, and the next one many of them again.
@lru_cache(KEPT)
def _in_cents(value: Number, currency: str, language: str) -> str:
    digits = minor_digits(currency)
    # A display may cost less than half a cent, which is not nothing.
    if value and not round(value, digits) and round(value, digits + FINER):
        return money(value, currency, digits=digits + FINER)
    return _apart(
        _unsigned_zero(numbers.format_currency(value, currency, locale=_parsed(language)))
    )


def _apart(text: str) -> str:
    """A code of letters does not touch its figure: ``CHF 12.00``, and yet ``US$12.00``."""
    return _true_minus(LETTERS_AND_DIGIT.sub(NO_BREAK, text))


def signed(amount: Number, written: Callable[[Number], str]) -> str:
    """With a plus where it is above zero; what rounds to nothing has no sign."""
    text = written(amount if amount > 0 else -amount)
    if not any(one in "123456789" for one in text):
        return text
    return (MINUS if amount < 0 else "+") + text


def _true_minus(text: str) -> str:
    """As wide as a plus, and no line ends after it."""
    return text.replace("-", MINUS)


@lru_cache(KEPT)
def _rounded(value: Number, digits: int, language: str) -> str:
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    text = numbers.format_decimal(value, format=pattern, locale=_parsed(language))
    return _true_minus(_unsigned_zero(text))


@lru_cache
def _parsed(language: str) -> Locale:
    return Locale.parse(language)


def _unsigned_zero(text: str) -> str:
    """What rounds to nothing is neither above nor below it."""
    return text if any(one in "123456789" for one in text) else text.replace("-", "")


def day(value: date, style: str = "medium") -> str:
    return dates.format_date(value, format=style, locale=locale())


def moment(value: datetime, style: str = "medium") -> str:
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    if style == "short":  # as days are written everywhere, to the minute
        return f"{day(local)}, {hour(local)}"
    return dates.format_datetime(local, format=style, locale=locale())


def hour(value: datetime) -> str:
    return dates.format_time(value, format="short", locale=locale())


def days(start: date, end: date) -> str:
    """``1–30 September 2026``: what two days share is written once."""
    if start == end:
        return day(start, "long")
    return dates.format_interval(start, end, skeleton="yMMMd", locale=locale())


def currency_name(code: str) -> str:
    return numbers.get_currency_name(code, locale=locale())


def month_name(number: int) -> str:
    return str(Locale.parse(locale()).months["stand-alone"]["wide"][number])


def weekday_name(number: int) -> str:
    """Monday is 0."""
    return str(Locale.parse(locale()).days["stand-alone"]["wide"][number])


def skeleton(value: date, pattern: str) -> str:
    return _dated(value, pattern, locale())


@lru_cache(KEPT)
def _dated(value: date, pattern: str, language: str) -> str:
    return dates.format_skeleton(pattern, value, locale=_parsed(language))


def quarter(name: str) -> str:
    """``2026-Q4`` as people write it: Q4 2026, T4 2026."""
    year, number = name.split("-Q")
    return skeleton(date(int(year), 3 * int(number), 1), "yQQQ")


def axis(value: Number, unit: str, currency: str) -> str:
    """The shortest text of a round mark: no cents that are all zeros."""
    if unit == "share":
        return percent(value, digits=0 if Decimal(value) * 100 == int(value * 100) else 1)
    if unit == "seconds":
        return duration(value)
    if not -10_000 < value < 10_000:
        if unit == "money" and currency:
            text = numbers.format_compact_currency(
                value, currency, locale=locale(), fraction_digits=2
            )
            return _tight(_without_zeros(text))
        return _true_minus(
            _without_zeros(
                numbers.format_compact_decimal(value, locale=locale(), fraction_digits=2)
            )
        )
    digits = max(0, -int(Decimal(value).normalize().as_tuple().exponent))
    if unit == "money" and currency:
        return money(value, currency, digits=digits)
    return decimal(value, digits=digits)


def _without_zeros(text: str) -> str:
    return ZEROS.sub(lambda match: match[1] or "", text)
