"""How the planner writes what it reckons: rates as typed, money, and where a benchmark is from."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regie.domain.planning.benchmarks import Benchmark, Kind
from regie.domain.planning.fields import FIELDS
from regie.domain.planning.fields import Kind as FieldKind
from regie.kernel.money import minor_digits, plain
from regie.ui import figures

FEWEST, MOST = 0, 4


def decimal_mark() -> str:
    return "," if figures.locale().startswith("fr") else "."


def typed(name: str, value: Decimal) -> str:
    """``value`` as one would type it into the field: 0.005 is ``0,5`` in a field of percent."""
    if FIELDS[name].kind is FieldKind.RATE:
        value = value * 100
    return plain(value).replace(".", decimal_mark())


def exact(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def rate(value: Decimal | Fraction) -> str:
    """As many decimals as the rate has, at least none and at most four; measured rates have two."""
    if isinstance(value, Fraction):
        return figures.percent(exact(value), digits=2)
    digits = -int((value * 100).normalize().as_tuple().exponent)
    return figures.percent(value, digits=max(FEWEST, min(MOST, digits)))


def money(value: Decimal | Fraction, currency: str) -> str:
    """Prices of less than a cent keep the digits that were typed."""
    if isinstance(value, Fraction):
        return figures.money(exact(value), currency)
    typed_digits = -int(value.normalize().as_tuple().exponent)
    return figures.money(value, currency, digits=max(minor_digits(currency), typed_digits))


def assumption(name: str, value: Decimal | Fraction, currency: str) -> str:
    return money(value, currency) if name == "cpm" else rate(value)


def label(name: str) -> str:
    return _(FIELDS[name].label)


def source_of(found: Benchmark) -> str:
    """Where a benchmark is from and when."""
    title = found.titles.get((get_language() or "en")[:2]) or found.titles.get("en", "")
    if found.kind is Kind.OWN:
        return title
    noted = figures.day(found.noted)
    if found.dated is None:
        return _("{source}, undated, noted {day}").format(source=title, day=noted)
    return _("{source}, {date}, noted {day}").format(
        source=title, date=figures.day(found.dated), day=noted
    )


def benchmark(found: Benchmark) -> str:
    value = assumption(found.field, found.value, found.currency)
    if found.kind is Kind.HIGH:
        return _("Above average from {value}: {source}").format(
            value=value, source=source_of(found)
        )
    return _("{value}: {source}").format(value=value, source=source_of(found))


def hope(found: Benchmark, value: Decimal, currency: str) -> str:
    """The sentence that flags optimism against one benchmark."""
    said = {
        "field": label(found.field),
        "value": assumption(found.field, value, currency),
        "usual": assumption(found.field, found.value, found.currency or currency),
        "source": source_of(found),
    }
    if found.kind is Kind.HIGH:
        return _("{field}: {value} is above the usual average ({source}).").format(**said)
    if found.kind is Kind.OWN:
        return _("{field}: {value} is better than the {usual} you measured ({source}).").format(
            **said
        )
    return _("{field}: {value} is more hopeful than {usual} ({source}).").format(**said)
