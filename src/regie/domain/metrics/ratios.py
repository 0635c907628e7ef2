"""The value of a metric from the sums of one row: a ratio is a sum over a sum, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Context, Decimal
from typing import Any

from regie.domain.metrics.catalog import metric
from regie.domain.metrics.definitions import Metric, Ratio, Sum

_EXACT = Context(prec=34)


def value_of(asked: Metric, sums: Mapping[str, Any]) -> Any:
    """None where a part is missing or nothing divides: never zero, never infinity."""
    if isinstance(asked, Ratio):
        return _ratio(asked, sums)
    return sums.get(asked.name)


def stand_in(names: Iterable[str], totals: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Of the sums ``names``, those that no total has, and what answers in their place.

    All rows of an answer rest on the same source: claims of one platform are never beside our
    own figures for another, as if they were of one kind.
    """
    asked = {name: metric(name) for name in names}
    return {
        name: one.otherwise
        for name, one in asked.items()
        if isinstance(one, Sum) and one.otherwise
        and all(total.get(name) is None for total in totals)
    }  # fmt: skip


def _ratio(asked: Ratio, sums: Mapping[str, Any]) -> Decimal | None:
    top = value_of(metric(asked.numerator), sums)
    bottom = value_of(metric(asked.denominator), sums)
    if top is None or not bottom:
        return None
    value = _EXACT.divide(_EXACT.multiply(Decimal(top), Decimal(asked.scale)), Decimal(bottom))
    return _EXACT.subtract(Decimal(1), value) if asked.complement else value


def parts_of(asked: Metric) -> tuple[str, ...]:
    """The figures that ``asked`` is divided from, or itself alone."""
    if isinstance(asked, Ratio):
        return (asked.numerator, asked.denominator)
    return (asked.name,)
