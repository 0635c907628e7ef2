"""The reverse funnel: sales ← visits ← impressions ← budget, and the same road back.

The course calls visits "leads"; they are clicks, and everywhere else a lead is a contact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from regie.domain.planning import rounding
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _
from regie.kernel.money import minor_digits

# Beyond this no medium on earth can deliver, and a rate was surely mistyped.
MOST_IMPRESSIONS = 10**15


@dataclass(frozen=True)
class Assumptions:
    """Rates as fractions (2 % is 0.02); ``cpm`` is the price of 1,000 impressions."""

    conversion_rate: Decimal
    click_rate: Decimal
    cpm: Decimal

    def __post_init__(self) -> None:
        for rate in (self.conversion_rate, self.click_rate):
            if not 0 < rate <= 1:
                raise WrongUse(_("A rate is above 0% and at most 100%."))
        if not (self.cpm.is_finite() and self.cpm > 0):
            raise WrongUse(_("This amount must be above zero."))

    def changed(self, **shares: Decimal) -> Assumptions:
        """Each named assumption multiplied by ``1 + share``; a rate never passes 100 %."""
        values = {name: getattr(self, name) * (1 + share) for name, share in shares.items()}
        return replace(
            self,
            **{name: value if name == "cpm" else min(value, Decimal(1))
               for name, value in values.items()},
        )  # fmt: skip

    @property
    def cpa(self) -> Fraction:
        return cost_per_sale(
            Fraction(self.cpm), Fraction(self.click_rate), Fraction(self.conversion_rate)
        )


def cost_per_sale(cpm: Fraction, click_rate: Fraction, conversion_rate: Fraction) -> Fraction:
    return cpm / 1000 / (click_rate * conversion_rate)


@dataclass(frozen=True)
class Forecast:
    """Unrounded; read it through ``shown``."""

    assumptions: Assumptions
    sales: Fraction
    visits: Fraction
    impressions: Fraction
    budget: Fraction

    @property
    def cpa(self) -> Fraction:
        return self.budget / self.sales

    @property
    def cpc(self) -> Fraction:
        return self.budget / self.visits

    def shown(self, currency: str) -> Shown:
        digits = minor_digits(currency)
        return Shown(
            sales=rounding.whole(self.sales),
            visits=rounding.whole_up(self.visits),
            impressions=rounding.whole_up(self.impressions),
            budget=rounding.money(self.budget, digits),
            cpa=rounding.money(self.cpa, digits),
            cpc=rounding.money(self.cpc, digits),
        )


@dataclass(frozen=True)
class Shown:
    """What a page writes: people and displays whole, money in its smallest unit."""

    sales: int
    visits: int
    impressions: int
    budget: Decimal
    cpa: Decimal
    cpc: Decimal


def for_goal(goal: int | Decimal | Fraction, assumptions: Assumptions) -> Forecast:
    """What it takes to reach ``goal`` sales."""
    sales = Fraction(goal)
    visits = sales / Fraction(assumptions.conversion_rate)
    impressions = visits / Fraction(assumptions.click_rate)
    budget = impressions / 1000 * Fraction(assumptions.cpm)
    return Forecast(assumptions, sales, visits, impressions, budget)


def for_budget(budget: Decimal | Fraction, assumptions: Assumptions) -> Forecast:
    """What ``budget`` can be expected to sell."""
    spent = Fraction(budget)
    impressions = spent / Fraction(assumptions.cpm) * 1000
    visits = impressions * Fraction(assumptions.click_rate)
    sales = visits * Fraction(assumptions.conversion_rate)
    return Forecast(assumptions, sales, visits, impressions, spent)


def check(forecast: Forecast) -> None:
    """Refuse what adds up and still makes no sense."""
    if forecast.impressions > MOST_IMPRESSIONS:
        raise WrongUse(
            _("This plan needs more impressions than any medium can deliver."),
            hint=_("Check the two rates and the goal."),
        )
