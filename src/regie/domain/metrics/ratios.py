"""The value of a metric from the sums of one row: a ratio is a sum over a sum, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, localcontext
from typing import Any

from regie.domain.metrics.catalog import metric
from regie.domain.metrics.definitions import Metric, Ratio, Sum

DIGITS = 34


def value_of(asked: Metric, sums: Mapping[str, Any]) -> Any:
    """None where a part is missing or nothing divides: never zero, never infinity."""
    if isinstance(asked, Ratio):
        return _ratio(asked, sums)
    value = sums.get(asked.name)
    if value is None and isinstance(asked, Sum) and asked.otherwise:
        return sums.get(asked.otherwise)
    return value


def _ratio(asked: Ratio, sums: Mapping[str, Any]) -> Decimal | None:
    top = value_of(metric(asked.numerator), sums)
    bottom = value_of(metric(asked.denominator), sums)
    if top is None or not bottom:
        return None
    with localcontext() as context:
        context.prec = DIGITS
        value = Decimal(top) * asked.scale / Decimal(bottom)
        return 1 - value if asked.complement else value
