"""Beyond the total: up to which budget the last unit of money of a channel pays for itself.

A budget may grow as long as one more brings back more than it costs, and a fixed cap alone would
hold back what earns. What one more brings is told by the weeks of the channel or not at all, and
only around what was spent: nothing is said beyond one step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from math import ceil, floor

from regie.domain.planning.allocation import CAP, FEW, Channel, check_cap, elasticity
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _

WHOLE = Decimal(1)  # of revenue: before the costs of what was sold


class Unjudged(Enum):
    """Why nobody can say what one more would bring."""

    UNKNOWN = "unknown"  # what the channel brought is not known
    FEW = "few"  # it brought too few
    VALUE = "no_value"  # nothing was earned by what it brought
    CURVE = "no_curve"  # its weeks do not tell


class Bound(Enum):
    """Where a ceiling comes from."""

    PAYS = "pays"  # beyond it, one more brings back less than it costs
    MOST = "most"  # one more pays there still: one step goes no further
    LEAST = "least"  # the last one does not pay there either: one step goes no lower


@dataclass(frozen=True)
class Ceiling:
    """``revenue`` is what the results of the channel earned, in the currency of what was spent;
    ``budget`` is the ceiling, in cents that exist."""

    channel: Channel
    revenue: Decimal | None
    margin: Decimal
    elasticity: Decimal | None = None
    budget: Decimal | None = None
    bound: Bound | None = None
    unjudged: Unjudged | None = None

    @property
    def average_return(self) -> Decimal | None:
        return None if self.revenue is None else self.revenue / self.channel.spend

    @property
    def marginal_return(self) -> Decimal | None:
        """What one more brings back at today's budget: worth of one result × elasticity × results
        ÷ spent."""
        if self.average_return is None or self.elasticity is None:
            return None
        return self.average_return * self.elasticity

    @property
    def kept_of_one_more(self) -> Decimal | None:
        return None if self.marginal_return is None else self.marginal_return * self.margin

    @property
    def difference(self) -> Decimal | None:
        return None if self.budget is None else self.budget - self.channel.spend

    @property
    def revenue_there(self) -> Decimal | None:
        """What the channel would earn with the ceiling for its budget."""
        if self.budget is None or self.revenue is None or self.elasticity is None:
            return None
        return self.revenue * (self.budget / self.channel.spend) ** self.elasticity

    @property
    def gain(self) -> Decimal | None:
        """What is kept of the further revenue, less what is spent more."""
        if self.revenue_there is None or self.revenue is None or self.difference is None:
            return None
        return self.margin * (self.revenue_there - self.revenue) - self.difference


@dataclass(frozen=True)
class Beyond:
    """Sums are of the channels that can be judged."""

    ceilings: Sequence[Ceiling]
    margin: Decimal
    cap: Decimal

    @property
    def judged(self) -> list[Ceiling]:
        return [one for one in self.ceilings if one.unjudged is None]

    @property
    def spent(self) -> Decimal:
        return _sum(one.channel.spend for one in self.judged)

    @property
    def budget(self) -> Decimal:
        return _sum(one.budget for one in self.judged)

    @property
    def revenue(self) -> Decimal:
        return _sum(one.revenue for one in self.judged)

    @property
    def revenue_there(self) -> Decimal:
        return _sum(one.revenue_there for one in self.judged)

    @property
    def gain(self) -> Decimal:
        return _sum(one.gain for one in self.judged)


def ceilings(
    channels: Sequence[Channel],
    revenue: Mapping[str, Decimal | None],
    *,
    margin: Decimal = WHOLE,
    cap: Decimal = CAP,
    digits: int = 2,
) -> Beyond:
    """The ceiling of each channel; ``revenue`` is of each by name, ``margin`` which share of it is
    kept, ``digits`` are those of the currency.

    Raises ``WrongUse`` for a margin that is no share, and for a cap out of one to fifty percent.
    """
    check_margin(margin)
    check_cap(cap)
    found = [_ceiling(one, revenue.get(one.name), margin, cap, digits) for one in channels]
    return Beyond(found, margin, cap)


def check_margin(margin: Decimal) -> None:
    if not 0 < margin <= WHOLE:
        raise WrongUse(
            _("The share of revenue that is kept is above 0% and at most 100%."),
            hint=_("Give 40 where 40 % of revenue is left once what was sold is paid."),
        )


def _ceiling(
    one: Channel, revenue: Decimal | None, margin: Decimal, cap: Decimal, digits: int
) -> Ceiling:
    slope = elasticity(one.weeks)
    unjudged = _unjudged(one, revenue, slope)
    if unjudged or slope is None or revenue is None:
        return Ceiling(one, revenue, margin, unjudged=unjudged)
    at_today = margin * revenue / one.spend * slope
    budget, bound = _budget(one.spend, at_today, slope, cap, Decimal(1).scaleb(-digits))
    return Ceiling(one, revenue, margin, slope, budget, bound)


def _unjudged(one: Channel, revenue: Decimal | None, slope: Decimal | None) -> Unjudged | None:
    if one.count is None:
        return Unjudged.UNKNOWN
    if one.count < FEW:
        return Unjudged.FEW
    if revenue is None or revenue <= 0:
        return Unjudged.VALUE
    return Unjudged.CURVE if slope is None else None


def _budget(
    spend: Decimal, at_today: Decimal, slope: Decimal, cap: Decimal, unit: Decimal
) -> tuple[Decimal, Bound]:
    """``at_today`` is what is kept of one more at today's budget. At another it is that × (budget
    ÷ spend) ^ (slope − 1), which is 1 at spend × ``at_today`` ^ (1 ÷ (1 − slope))."""
    now = int(spend // unit)  # what is smaller than a cent stays, as in a proposal
    least, most = ceil(now * (1 - cap)), floor(now * (1 + cap))

    def kept(given: int) -> Decimal:
        return at_today * (Decimal(given) / now) ** (slope - 1) if given else at_today

    def amount(given: int) -> Decimal:
        return spend + (given - now) * unit

    if kept(most) > 1:
        return amount(most), Bound.MOST
    if kept(least) < 1:
        return amount(least), Bound.LEAST
    if slope == 1:
        return spend, Bound.PAYS  # each one brings back what it costs, whatever the budget
    given = floor(now * at_today ** (1 / (1 - slope)))
    return amount(min(max(given, least), most)), Bound.PAYS


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((one for one in amounts if one is not None), Decimal(0))
