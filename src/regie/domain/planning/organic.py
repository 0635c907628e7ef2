"""The funnel of a post that is not paid for: all rates are of views, step rates come second.

"3 % click" means 3 of 100 views, never 3 of 100 shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from regie.domain.planning import rounding
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _

STEPS = ("share_rate", "organic_click_rate", "organic_conversion_rate")


@dataclass(frozen=True)
class Step:
    """``of_views`` is the rate of all views, ``of_step`` that of the step before."""

    name: str
    count: int
    of_views: Fraction
    of_step: Fraction


def funnel(views: int, rates: dict[str, Decimal]) -> list[Step]:
    """Shares, clicks and purchases of ``views``; ``rates`` are of views, named as ``STEPS``."""
    steps, before = [], Fraction(1)
    for name in STEPS:
        rate = Fraction(rates[name])
        steps.append(Step(name, rounding.whole(views * rate), rate, rate / before))
        before = rate
    return steps


def check(rates: dict[str, Decimal]) -> None:
    """People may click without sharing, but nobody buys without a click."""
    if rates["organic_conversion_rate"] > rates["organic_click_rate"]:
        raise WrongUse(
            _("More people would buy than click."),
            hint=_("All rates are of views: the rate of purchases is at most that of clicks."),
        )


def views_for(purchases: int, rates: dict[str, Decimal]) -> int:
    """Displays that ``purchases`` need."""
    return rounding.whole_up(Fraction(purchases) / Fraction(rates["organic_conversion_rate"]))


def cost_of(views: int, cpm: Decimal, digits: int = 2) -> Decimal:
    """What ``views`` would cost if they had to be bought."""
    return rounding.money(Fraction(views) / 1000 * Fraction(cpm), digits)
