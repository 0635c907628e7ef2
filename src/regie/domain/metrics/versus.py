"""Two campaigns or two ads laid side by side as if each had had the same budget.

Small numbers say little: beside each verdict stands how often chance alone would show such a gap.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from decimal import Decimal
from math import erfc, exp, lgamma, log, sqrt
from typing import Any

from regie.domain.metrics.catalog import metric
from regie.domain.metrics.ratios import value_of

FEW = 10  # of both together: below it nothing can be told
EXACT = 2000  # above it the normal approximation differs in no digit that is shown
NINE_IN_TEN = 1.6449  # standard deviations
OURS = frozenset({"cpa", "cost_per_mql", "cpl_received", "roas"})  # of what we received ourselves


@dataclass(frozen=True)
class Basis:
    """``counted`` is brought by a budget, ``rates`` are compared; ``judges`` are pairs of a rate
    and what it counts, the most telling first."""

    counted: tuple[str, ...]
    rates: tuple[str, ...]
    judges: tuple[tuple[str, str], ...]

    @property
    def metrics(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(("spend", "impressions", *self.counted, *self.rates)))


# Of campaigns our own orders and leads are known; of ads only what their platform claims.
CAMPAIGNS = Basis(
    ("leads_received", "mqls", "orders", "revenue", "conversions", "clicks"),
    ("cpl_received", "cost_per_mql", "cpa", "roas", "cpa_claimed", "cpc"),
    (("cpa", "orders"), ("cost_per_mql", "mqls"), ("cpl_received", "leads_received"),
     ("cpa_claimed", "conversions"), ("cpc", "clicks")),
)  # fmt: skip
ADS = Basis(
    ("conversions", "conversion_value", "leads", "clicks"),
    ("cpa_claimed", "roas_claimed", "cpl", "cpc", "ctr"),
    (("cpa_claimed", "conversions"), ("cpl", "leads"), ("cpc", "clicks")),
)


@dataclass(frozen=True)
class Side:
    """What one of the two brought, and what the budget of the other would have brought at its
    own pace. ``better`` names the rates at which it wins."""

    sums: Mapping[str, Any]
    rates: Mapping[str, Decimal | None]
    at_equal_budget: Mapping[str, Decimal | None]
    better: frozenset[str]


def versus(
    first: Mapping[str, Any], second: Mapping[str, Any], basis: Basis = CAMPAIGNS
) -> tuple[Side, Side]:
    """``first`` is laid at its own budget, and ``second`` at that of the first."""
    budget = first.get("spend")
    rates = [
        {name: value_of(metric(name), sums) for name in basis.rates} for sums in (first, second)
    ]
    none = [
        OURS | {rate for rate, count in basis.judges if sums.get(count) == 0}
        for sums in (first, second)
    ]
    return (
        Side(first, rates[0], _at(first, budget, basis), _wins(rates[0], rates[1], none[1])),
        Side(second, rates[1], _at(second, budget, basis), _wins(rates[1], rates[0], none[0])),
    )


def judge(
    first: Mapping[str, Any], second: Mapping[str, Any], basis: Basis
) -> tuple[str, str] | None:
    """The rate that decides and what it counts: the first of which either has any.

    What a platform does not report cannot be compared; of our own, none is none.
    """
    for rate, count in basis.judges:
        both = first.get(count), second.get(count)
        if any(both) and (rate in OURS or None not in both):
            return rate, count
    return None


def chance_of_gap(counts: tuple[int, int], budgets: tuple[Decimal, Decimal]) -> float:
    """How often two equally good ones would differ by as much or more, from 0 to 1.

    Of all that both brought, each would have its share of the budget: the exact binomial test of
    two Poisson rates (Przyborowski and Wilenski, 1940), two-sided.
    """
    total, budget = sum(counts), sum(budgets)
    if not total or min(budgets) <= 0:
        return 1.0
    share = float(budgets[0] / budget)
    if total > EXACT:
        apart = abs(counts[0] - total * share) / sqrt(total * share * (1 - share))
        return erfc(apart / sqrt(2))
    odds = [_binomial(total, k, share) for k in range(total + 1)]
    seen = odds[counts[0]] * (1 + 1e-7)  # its mirror may differ in the last bit
    return min(1.0, sum(one for one in odds if one <= seen))


def likely_range(count: int) -> tuple[float, float]:
    """Nine times in ten the pace behind ``count`` lies in it.

    Limits of a Poisson mean by Wilson and Hilferty (1931): right to a hundredth from ten on.
    """
    low, high = max(count, 1), count + 1
    below = low * (1 - 1 / (9 * low) - NINE_IN_TEN / (3 * sqrt(low))) ** 3 if count else 0.0
    return below, high * (1 - 1 / (9 * high) + NINE_IN_TEN / (3 * sqrt(high))) ** 3


def _binomial(total: int, k: int, share: float) -> float:
    ways = lgamma(total + 1) - lgamma(k + 1) - lgamma(total - k + 1)
    return exp(ways + k * log(share) + (total - k) * log(1 - share))


def at_budget(value: Any, spend: Any, budget: Any) -> Decimal | None:
    """What ``budget`` brings at the pace of ``value`` for ``spend``; None where there is none."""
    if value is None or not spend or spend < 0 or budget is None or budget < 0:
        return None
    return Decimal(value) * Decimal(budget) / Decimal(spend)


def _at(sums: Mapping[str, Any], budget: Any, basis: Basis) -> dict[str, Decimal | None]:
    spend = sums.get("spend")
    return {name: at_budget(sums.get(name), spend, budget) for name in basis.counted}


def _wins(
    mine: Mapping[str, Decimal | None], other: Mapping[str, Decimal | None], none: Set[str]
) -> frozenset[str]:
    """Of ``none`` the other is known to have brought nothing: a sale is better than that."""
    found = set()
    for name, here in mine.items():
        there = other[name]
        if here is None:
            continue
        lower = metric(name).better == "lower"
        wins = name in none if there is None else here < there if lower else here > there
        if wins:
            found.add(name)
    return frozenset(found)
