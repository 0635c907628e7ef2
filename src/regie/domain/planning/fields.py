"""What a person types into a plan, read the way he writes, and refused with a sentence.

A rate is typed in percent ("2 %", "0,5"), money with or without its currency. Nothing that is
not a sensible number passes: no zero rate, no 150 %, no negative price, no infinity.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from regie.kernel.errors import WrongUse
from regie.kernel.i18n import Sentence, _, say

# Spaces of every width and the apostrophe set thousands apart.
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009'’]")
_NUMBER = re.compile(r"[+-]?\d*[.]?\d+|[+-]?\d+[.]")
_LONGEST = 40


class Kind(Enum):
    """How a field is typed and what it may hold."""

    RATE = "rate"
    MONEY = "money"
    COUNT = "count"
    DAYS = "days"
    GROWTH = "growth"


# The unit may be typed or left out; another unit than the field's own makes no number.
_UNITS = {
    Kind.RATE: re.compile(r"%$"),
    Kind.GROWTH: re.compile(r"%$"),
    Kind.MONEY: re.compile(r"[€$£]$|^[€$£]|[A-Za-z]{3}$|^[A-Z]{3}"),
}


@dataclass(frozen=True)
class Field:
    """``most`` is the largest value that still makes sense; ``digits`` are decimals as typed."""

    name: str
    label: str
    kind: Kind
    most: Decimal
    digits: int
    example: str


RATE = {"kind": Kind.RATE, "most": Decimal(100), "digits": 4}
MONEY = {"kind": Kind.MONEY, "most": Decimal(10) ** 12, "digits": 4}
COUNT = {"kind": Kind.COUNT, "most": Decimal(10) ** 9, "digits": 0}
DAYS = {"kind": Kind.DAYS, "most": Decimal(730), "digits": 0}
GROWTH = {"kind": Kind.GROWTH, "most": Decimal(1000), "digits": 4}

FIELDS = {
    field.name: field
    for field in (
        Field("goal", _("Goal (transactions)"), example="1000", **COUNT),  # type: ignore[arg-type]
        Field("budget", _("Budget"), example="5000", **MONEY),  # type: ignore[arg-type]
        Field("conversion_rate", _("Conversion rate"), example="2 %", **RATE),  # type: ignore[arg-type]
        Field("click_rate", _("Click rate"), example="2 %", **RATE),  # type: ignore[arg-type]
        Field("cpm", _("Cost per mille (CPM)"), example="2", **MONEY),  # type: ignore[arg-type]
        Field("window_days", _("Conversion window"), example="30", **DAYS),  # type: ignore[arg-type]
        Field("lag_days", _("Days from click to sale"), example="0", **DAYS),  # type: ignore[arg-type]
        Field("growth", _("Growth"), example="10 %", **GROWTH),  # type: ignore[arg-type]
        Field("views", _("Views"), example="1000", **COUNT),  # type: ignore[arg-type]
        Field("share_rate", _("Shares"), example="10 %", **RATE),  # type: ignore[arg-type]
        Field("margin", _("Share of revenue you keep"), Kind.RATE, Decimal(100), 2, example="40 %"),
        Field("organic_click_rate", _("Clicks"), example="3 %", **RATE),  # type: ignore[arg-type]
        Field("organic_conversion_rate", _("Purchases"), example="0.5 %", **RATE),  # type: ignore[arg-type]
    )
}


def read(name: str, text: str, *, decimal_mark: str = ".") -> Decimal:
    """The value of the field ``name``: rates and growth as fractions, all else as it stands.

    Raises ``WrongUse`` with a sentence that says what to type instead.
    """
    field = FIELDS[name]
    if not text.strip():
        raise _wrong(field, say(_("This field is empty.")))
    value = _number(_bare(field, text), decimal_mark)
    if value is None:
        shown = text.strip()[:_LONGEST]
        raise _wrong(field, say(_("“{text}” is not a number."), text=shown))
    _check(field, value)
    return value / 100 if field.kind in {Kind.RATE, Kind.GROWTH} else value


def _check(field: Field, value: Decimal) -> None:
    problem = (_out_of_growth if field.kind is Kind.GROWTH else _out_of_bounds)(field, value)
    if problem:
        raise _wrong(field, problem)
    if -int(value.normalize().as_tuple().exponent) > field.digits:
        if field.digits == 0:
            raise _wrong(field, say(_("This must be a whole number.")))
        raise _wrong(field, say(_("At most {count} decimals."), count=field.digits))


def _out_of_growth(field: Field, value: Decimal) -> Sentence | None:
    if -100 < value <= field.most and value != 0:
        return None
    return say(_("Growth is above −100% and at most 1,000%, and not zero."))


def _out_of_bounds(field: Field, value: Decimal) -> Sentence | None:
    if field.kind is Kind.RATE and not 0 < value <= field.most:
        return say(_("A rate is above 0% and at most 100%."))
    if field.kind is Kind.MONEY and value <= 0:
        return say(_("This amount must be above zero."))
    if field.kind is Kind.COUNT and value < 1:
        return say(_("This must be one or more."))
    if value < 0:
        return say(_("This cannot be negative."))
    if field.kind is Kind.DAYS and value > field.most:
        return say(_("At most {count} days."), count=int(field.most))
    if value > field.most:
        return say(_("This is too large for a plan."))
    return None


def _wrong(field: Field, sentence: Sentence) -> WrongUse:
    hints = {
        Kind.RATE: _("Type it in percent, such as {example}."),
        Kind.MONEY: _("Type an amount, such as {example}."),
        Kind.COUNT: _("Type a whole number, such as {example}."),
        Kind.GROWTH: _("Type it in percent, such as {example}; with a minus where it is to fall."),
        Kind.DAYS: _("Type a number of days, such as {example}."),
    }
    return WrongUse(
        sentence, hint=say(hints[field.kind], example=field.example), code="wrong_field"
    )


def _bare(field: Field, text: str) -> str:
    tight = _SPACES.sub("", text.replace("−", "-"))
    unit = _UNITS.get(field.kind)
    return unit.sub("", tight, count=1) if unit else tight


def _number(bare: str, mark: str) -> Decimal | None:
    """A mark followed by groups of three is for thousands, unless the language says otherwise."""
    if len(bare) > _LONGEST:
        return None
    other = "," if mark == "." else "."
    if re.fullmatch(rf"[+-]?[1-9]\d{{0,2}}(\{other}\d{{3}})+(\{mark}\d*)?", bare):
        bare = bare.replace(other, "")
    elif bare.count(mark) > 1 and re.fullmatch(
        rf"[+-]?[1-9]\d{{0,2}}(\{mark}\d{{3}})+(\{other}\d*)?", bare
    ):
        bare = bare.replace(mark, "")
    elif mark in bare and other in bare:
        # Both, the other way round than the language has it: the last one is the decimal mark.
        first, last = (mark, other) if bare.rfind(other) > bare.rfind(mark) else (other, mark)
        if not re.fullmatch(rf"[+-]?\d{{1,3}}(\{first}\d{{3}})+\{last}\d*", bare):
            return None
        bare = bare.replace(first, "")
    bare = bare.replace(",", ".")
    return Decimal(bare) if _NUMBER.fullmatch(bare) else None
