"""Money is a decimal with a currency; binary floats never touch it."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

# Minor digits that differ from two (ISO 4217, list one, 2026-01): Babel formats with them too.
MINOR_DIGITS = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
    "RWF": 0, "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}  # fmt: skip

DUST = Decimal("1e-9")


@cache
def currency_codes() -> frozenset[str]:
    """Codes of ISO 4217, those in use and those of older files."""
    from babel.numbers import list_currencies

    return frozenset(list_currencies())


def is_currency(code: str) -> bool:
    return code in currency_codes()


def minor_digits(code: str) -> int:
    return MINOR_DIGITS.get(code, 2)


def plain(value: Decimal) -> str:
    """Exact text without exponent or trailing zeros: ``2424.47``, ``10.5``, ``0``."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
