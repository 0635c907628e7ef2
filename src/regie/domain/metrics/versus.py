"""Two publications for the same product, laid side by side as if each had had the same budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from regie.domain.metrics.catalog import metric
from regie.domain.metrics.ratios import value_of

COUNTED = ("leads_received", "orders", "revenue")
RATES = ("cpl_received", "cpa", "roas")


@dataclass(frozen=True)
class Side:
    """What one of the two brought, and what the budget of the other would have brought at its
    own pace. ``better`` names the rates at which it wins."""

    sums: Mapping[str, Any]
    rates: Mapping[str, Decimal | None]
    at_equal_budget: Mapping[str, Decimal | None]
    better: frozenset[str]


def versus(first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[Side, Side]:
    """``first`` is laid at its own budget, and ``second`` at that of the first."""
    budget = first.get("spend")
    rates = [{name: value_of(metric(name), sums) for name in RATES} for sums in (first, second)]
    return (
        Side(first, rates[0], _at(first, budget), _wins(rates[0], rates[1])),
        Side(second, rates[1], _at(second, budget), _wins(rates[1], rates[0])),
    )


def _at(sums: Mapping[str, Any], budget: Any) -> dict[str, Decimal | None]:
    spend = sums.get("spend")
    if not spend or budget is None:
        return dict.fromkeys(COUNTED)
    return {
        name: None if sums.get(name) is None
        else Decimal(sums[name]) * Decimal(budget) / Decimal(spend)
        for name in COUNTED
    }  # fmt: skip


def _wins(
    mine: Mapping[str, Decimal | None], other: Mapping[str, Decimal | None]
) -> frozenset[str]:
    """A rate that one has and the other has not is won: a sale is better than none."""
    found = set()
    for name in RATES:
        here, there = mine[name], other[name]
        if here is None:
            continue
        lower = metric(name).better == "lower"
        if there is None or (here < there if lower else here > there):
            found.add(name)
    return frozenset(found)
