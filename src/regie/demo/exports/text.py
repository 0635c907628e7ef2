"""How platforms write numbers, dates and tables as text, in English and in French."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

NBSP = "\u00a0"
_ENGLISH_TO_FRENCH = str.maketrans(",.", NBSP + ",")
_MONTHS_FR = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def table(
    rows: Iterable[Sequence[object]],
    *,
    delimiter: str = ",",
    newline: str = "\n",
    quote_all: bool = False,
) -> str:
    """Rows as delimited text."""
    out = io.StringIO(newline="")
    csv.writer(
        out,
        delimiter=delimiter,
        lineterminator=newline,
        quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL,
    ).writerows(rows)
    return out.getvalue()


def utf16(text: str) -> bytes:
    return codecs.BOM_UTF16_LE + text.encode("utf-16-le")


def utf8_bom(text: str) -> bytes:
    return text.encode("utf-8-sig")


def number_en(value: Decimal | int, digits: int = 2) -> str:
    """``1,234.56``"""
    return f"{Decimal(value):,.{digits}f}"


def number_fr(value: Decimal | int, digits: int = 2) -> str:
    """``1 234,56``, with a no-break space."""
    return number_en(value, digits).translate(_ENGLISH_TO_FRENCH)


def ratio(part: Decimal | int, whole: Decimal | int) -> Decimal:
    return Decimal(part) / Decimal(whole) if whole else Decimal(0)


def percent_en(part: Decimal | int, whole: Decimal | int) -> str:
    return number_en(ratio(part, whole) * 100) + "%"


def percent_fr(part: Decimal | int, whole: Decimal | int) -> str:
    return number_fr(ratio(part, whole) * 100) + NBSP + "%"


def day_fr(day: date) -> str:
    """``1 septembre 2026``"""
    return f"{day.day} {_MONTHS_FR[day.month - 1]} {day.year}"


def day_en(day: date) -> str:
    """``September 1, 2026``"""
    return f"{_MONTHS_EN[day.month - 1]} {day.day}, {day.year}"


def day_us(day: date) -> str:
    """``9/1/2026``"""
    return f"{day.month}/{day.day}/{day.year}"


def day_short(day: date) -> str:
    """``Sep 01, 2026``"""
    return f"{_MONTHS_EN[day.month - 1][:3]} {day.day:02d}, {day.year}"
