"""The value of a metric from the sums of one row: a ratio is a sum over a sum, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Context, Decimal, DivisionByZero, InvalidOperation
from typing import Any

from regie.domain.metrics.catalog import metric
from regie.domain.metrics.definitions import Metric, Ratio, Sum

_EXACT = Context(prec=34)


def value_of(asked: Metric, sums: Mapping[str, Any]) -> Any:
    """None where a part is missing or nothing divides: never zero, never infinity."""
    return values_of(asked, {name: [value] for name, value in sums.items()}, 1)[0]


def values_of(asked: Metric, sums: Mapping[str, Sequence[Any]], rows: int) -> Sequence[Any]:
    """``value_of`` for so many rows at once: ``sums`` are columns."""
    if not isinstance(asked, Ratio):
        return sums.get(asked.name, (None,) * rows)
    tops = values_of(metric(asked.numerator), sums, rows)
    bottoms = values_of(metric(asked.denominator), sums, rows)
    if asked.scale != 1:
        tops = [None if top is None else _EXACT.multiply(top, asked.scale) for top in tops]
    found = _divided(tops, bottoms)
    if not asked.complement:
        return found
    return [None if one is None else _EXACT.subtract(Decimal(1), one) for one in found]


def _divided(tops: Sequence[Any], bottoms: Sequence[Any]) -> Sequence[Any]:
    try:
        return list(map(_EXACT.divide, tops, bottoms))
    except (TypeError, DivisionByZero, InvalidOperation):
        return [
            _EXACT.divide(top, bottom) if top is not None and bottom else None
            for top, bottom in zip(tops, bottoms, strict=True)
        ]


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


def parts_of(asked: Metric) -> tuple[str, ...]:
    """The figures that ``asked`` is divided from, or itself alone."""
    if isinstance(asked, Ratio):
        return (asked.numerator, asked.denominator)
    return (asked.name,)
