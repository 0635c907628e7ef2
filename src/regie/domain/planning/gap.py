"""Why a sale cost more or less than planned: the price of displays, the clicks, the purchases.

CPA = CPM / 1000 / (click rate × conversion rate). Each effect is the mean over the six orders
in which the three can change, so none is favoured, and the shown effects add up to the cent.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

from regie.domain.planning import rounding
from regie.domain.planning.funnel import Assumptions, cost_per_sale
from regie.kernel.errors import Refused
from regie.kernel.i18n import _
from regie.kernel.money import minor_digits

FACTORS = ("cpm", "click_rate", "conversion_rate")


@dataclass(frozen=True)
class Actual:
    """What happened; None is "not known", which is not zero."""

    impressions: int | Decimal | None
    clicks: int | Decimal | None
    sales: int | Decimal | None
    spend: Decimal | None

    @property
    def cpm(self) -> Fraction | None:
        return _over(self.spend, self.impressions, 1000)

    @property
    def click_rate(self) -> Fraction | None:
        return _over(self.clicks, self.impressions)

    @property
    def conversion_rate(self) -> Fraction | None:
        return _over(self.sales, self.clicks)

    @property
    def cpa(self) -> Fraction | None:
        return _over(self.spend, self.sales)


def _over(
    top: int | Decimal | None, bottom: int | Decimal | None, scale: int = 1
) -> Fraction | None:
    if top is None or not bottom:
        return None
    return Fraction(top) * scale / Fraction(bottom)


@dataclass(frozen=True)
class Effect:
    """What one factor did to the cost of a sale, its own values beside."""

    name: str
    planned: Fraction
    actual: Fraction
    amount: Decimal


@dataclass(frozen=True)
class Gap:
    """``planned`` + the amounts of ``effects`` = ``actual``, to the cent."""

    planned: Decimal
    actual: Decimal
    effects: tuple[Effect, ...]

    @property
    def amount(self) -> Decimal:
        return self.actual - self.planned

    @property
    def main(self) -> Effect | None:
        """The effect that pushed most in the direction of the gap."""
        pushing = [one for one in self.effects if one.amount * self.amount > 0]
        return max(pushing, key=lambda one: abs(one.amount), default=None)


def split(assumptions: Assumptions, actual: Actual, currency: str) -> Gap:
    """Raises ``Refused`` with the reason where no cost of a sale can be compared."""
    planned = {name: Fraction(getattr(assumptions, name)) for name in FACTORS}
    happened = _known(actual)
    digits = minor_digits(currency)
    was, became = _cpa(planned), _cpa(happened)
    first, last = rounding.money(was, digits), rounding.money(became, digits)
    amounts = rounding.share_out(_effects(planned, happened), last - first, digits)
    return Gap(
        first,
        last,
        tuple(
            Effect(name, planned[name], happened[name], amount)
            for name, amount in zip(FACTORS, amounts, strict=True)
        ),
    )


def _known(actual: Actual) -> dict[str, Fraction]:
    if actual.impressions and actual.spend is None:
        raise Refused(
            _("What was spent in this period is not known in the currency of the plan."),
            hint=_("Bring the exchange rates, or plan in the currency of the spend."),
            code="no_rate",
        )
    if not actual.impressions or not actual.spend:
        raise Refused(
            _("Nothing was spent or shown in this period."),
            hint=_("Choose another period, or bring the files that cover this one."),
            code="no_delivery",
        )
    if not actual.clicks:
        raise Refused(
            _("No click is known for this period: the gap cannot be split."), code="no_clicks"
        )
    if not actual.sales:
        raise Refused(
            _("Nothing was sold in this period: there is no cost per sale to compare."),
            hint=_("Sales come from your own orders: bring them, or wait for the first."),
            code="no_sales",
        )
    found = {name: getattr(actual, name) for name in FACTORS}
    return {name: value for name, value in found.items() if value is not None}


def _cpa(factors: dict[str, Fraction]) -> Fraction:
    return cost_per_sale(factors["cpm"], factors["click_rate"], factors["conversion_rate"])


def _effects(planned: dict[str, Fraction], happened: dict[str, Fraction]) -> list[Fraction]:
    total = dict.fromkeys(FACTORS, Fraction(0))
    orders = list(permutations(FACTORS))
    for order in orders:
        current = dict(planned)
        before = _cpa(current)
        for name in order:
            current[name] = happened[name]
            after = _cpa(current)
            total[name] += after - before
            before = after
    return [total[name] / len(orders) for name in FACTORS]
