"""A total budget shared out anew among channels, by what each of them earned.

A euro more brings less than those before it: by how much, the weeks of each channel say where they
can; else averages stand in for it. Nothing moves further than the cap, and the total stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from heapq import heapify, heappop, heappush
from math import ceil, floor, log, sqrt

from regie.domain.metrics.versus import chance_of_gap
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _

FEW = 30  # conversions of a channel: below it a cost tells little
WEEKS = 8  # whole ones, for a curve
SPREAD = 0.1  # standard deviation of the logarithm of what was spent by week
SURE = 0.25  # standard error of the elasticity
DOUBT = 0.1  # how often chance alone may show the gap
STEPS = 2000  # parts in which the money is handed out
STEPS_EACH = 20  # at the least, for each channel: with thousands, a part must stay a part of one
CAP = Decimal("0.2")
CAPS = (Decimal("0.01"), Decimal("0.5"))


class Basis(Enum):
    CURVES = "curves"
    AVERAGES = "averages"


class Kept(Enum):
    """Why a channel keeps what it has."""

    UNKNOWN = "unknown"
    FEW = "few"
    FIXED = "fixed"


class Still(Enum):
    """Why nothing moves at all."""

    ALONE = "alone"  # fewer than two channels can be judged
    CHANCE = "chance"  # the dearest and the cheapest may differ by chance alone
    BEST = "best"  # no other sharing out brings more


@dataclass(frozen=True)
class Channel:
    """``spend`` in the report's currency, above zero, with the ``count`` that it brought; None is
    not known. ``weeks`` are both for each whole week. One that ``is_fixed`` is no budget that
    anybody could change."""

    name: str
    spend: Decimal
    count: Decimal | None
    weeks: Sequence[tuple[Decimal, Decimal]] = ()
    is_fixed: bool = False


@dataclass(frozen=True)
class Share:
    """``expected`` is for as many days as the budgets are of; ``elasticity`` is by which part of
    one percent results grow when the budget grows by one."""

    channel: Channel
    proposed: Decimal
    expected: Decimal | None
    elasticity: Decimal | None
    kept: Kept | None = None

    @property
    def difference(self) -> Decimal:
        return self.proposed - self.channel.spend

    @property
    def cost(self) -> Decimal | None:
        """What one conversion cost on average."""
        return self.channel.spend / self.channel.count if self.channel.count else None

    @property
    def marginal_cost(self) -> Decimal | None:
        """What one more costs at today's budget; None where no curve says so."""
        if self.cost is None or self.elasticity is None:
            return None
        return self.cost / self.elasticity


@dataclass(frozen=True)
class Best:
    """Where one more costs least, and which comes next. ``may_be_chance``: chance alone may show
    the gap between them; None where curves tell, whose doubt is not worked out."""

    first: Share
    second: Share
    may_be_chance: bool | None


@dataclass(frozen=True)
class Allocation:
    shares: Sequence[Share]
    cap: Decimal
    basis: Basis
    still: Still | None

    @property
    def total(self) -> Decimal:
        return sum((one.channel.spend for one in self.shares), Decimal(0))

    @property
    def moved(self) -> Decimal:
        """How much changes hands."""
        return sum((max(one.difference, Decimal(0)) for one in self.shares), Decimal(0))

    @property
    def now(self) -> Decimal:
        """What the channels that can be judged brought."""
        return sum((one.channel.count or Decimal(0) for one in self.judged), Decimal(0))

    @property
    def expected(self) -> Decimal:
        return sum((one.expected or Decimal(0) for one in self.judged), Decimal(0))

    @property
    def judged(self) -> list[Share]:
        return [one for one in self.shares if one.kept is None]

    @property
    def best(self) -> Best | None:
        """None where fewer than two can be judged: one alone is the best of nothing."""
        ranked = sorted(self.judged, key=self._rank)
        if len(ranked) < 2:
            return None
        first, second = ranked[:2]
        if self.basis is Basis.CURVES:
            return Best(first, second, None)
        return Best(first, second, _gap(first.channel, second.channel) >= DOUBT)

    def _rank(self, one: Share) -> Decimal:
        cost = one.marginal_cost if self.basis is Basis.CURVES else one.cost
        return cost or Decimal(0)  # of those that can be judged none is without


def allocate(channels: Sequence[Channel], *, cap: Decimal = CAP, digits: int = 2) -> Allocation:
    """How the same total would be shared out; ``digits`` are those of the currency.

    Raises ``WrongUse`` for a cap out of one to fifty percent.
    """
    check_cap(cap)
    kept = {one.name: _kept(one) for one in channels}
    judged = [one for one in channels if kept[one.name] is None]
    slopes = {one.name: elasticity(one.weeks) for one in judged}
    basis = Basis.CURVES if judged and None not in slopes.values() else Basis.AVERAGES
    if basis is Basis.AVERAGES:
        slopes = dict.fromkeys(slopes)
    proposed, still = _proposed(judged, slopes, basis, cap, digits)
    shares = [
        Share(
            one,
            proposed.get(one.name, one.spend),
            _expected(one, proposed[one.name], slopes[one.name]) if one.name in proposed else None,
            slopes.get(one.name),
            kept[one.name],
        )
        for one in channels
    ]
    return Allocation(shares, cap, basis, still)


def check_cap(cap: Decimal) -> None:
    if not CAPS[0] <= cap <= CAPS[1]:
        raise WrongUse(
            _("A budget can move by one to fifty percent in one go."), hint=_("Give 20 for 20 %.")
        )


def elasticity(weeks: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    """The slope of results on budget, both as logarithms, from above 0 to 1; None where weeks are
    too few, too much alike, too scattered, or show no more for more.

    Ordinary least squares. Weeks that brought nothing have no logarithm: to leave them out would
    flatter, so that they make it None.
    """
    spent = [(float(spend), float(count)) for spend, count in weeks if spend > 0]
    if len(spent) < WEEKS or any(count <= 0 for _spend, count in spent):
        return None
    points = [(log(spend), log(count)) for spend, count in spent]
    size = len(points)
    middle = (sum(x for x, _y in points) / size, sum(y for _x, y in points) / size)
    square = sum((x - middle[0]) ** 2 for x, _y in points)
    if sqrt(square / size) < SPREAD:
        return None
    slope = sum((x - middle[0]) * (y - middle[1]) for x, y in points) / square
    rest = sum((y - middle[1] - slope * (x - middle[0])) ** 2 for x, y in points)
    if sqrt(rest / (size - 2) / square) > SURE:
        return None
    found = round(Decimal(slope), 2)
    return min(found, Decimal(1)) if found > 0 else None


def _kept(one: Channel) -> Kept | None:
    if one.is_fixed:
        return Kept.FIXED
    if one.count is None:
        return Kept.UNKNOWN
    return Kept.FEW if one.count < FEW else None


def _proposed(
    judged: Sequence[Channel],
    slopes: dict[str, Decimal | None],
    basis: Basis,
    cap: Decimal,
    digits: int,
) -> tuple[dict[str, Decimal], Still | None]:
    as_is = {one.name: one.spend for one in judged}
    if len(judged) < 2:
        return as_is, Still.ALONE
    if basis is Basis.AVERAGES and _may_be_chance(judged):
        return as_is, Still.CHANCE
    found = _shared_out(judged, slopes, cap, digits)
    brought = [sum(_expected(one, to[one.name], slopes[one.name]) for one in judged)
               for to in (as_is, found)]  # fmt: skip
    return (found, None) if brought[1] > brought[0] else (as_is, Still.BEST)


def _may_be_chance(judged: Sequence[Channel]) -> bool:
    """Of many, some two always lie far apart: the dearest and the cheapest are the widest apart of
    all pairs, and each pair is one more chance for it (Bonferroni)."""
    in_order = sorted(judged, key=lambda one: one.spend / (one.count or 1))
    pairs = len(judged) * (len(judged) - 1) // 2
    return _gap(in_order[0], in_order[-1]) * pairs >= DOUBT


def _gap(one: Channel, other: Channel) -> float:
    counts = (round(one.count or 0), round(other.count or 0))
    return chance_of_gap(counts, (one.spend, other.spend))


def _shared_out(
    judged: Sequence[Channel], slopes: dict[str, Decimal | None], cap: Decimal, digits: int
) -> dict[str, Decimal]:
    """All begin at their least; each part of the rest goes where it brings most."""
    unit = Decimal(1).scaleb(-digits)
    now = [int(one.spend // unit) for one in judged]  # what is smaller than a cent stays
    least = [ceil(amount * (1 - cap)) for amount in now]
    most = [floor(amount * (1 + cap)) for amount in now]
    given, rest = list(least), sum(now) - sum(least)
    part = max(1, rest // max(STEPS, STEPS_EACH * len(judged)))
    waiting = [(_rank(one, slopes[one.name], given[n] / (now[n] or 1)), n)
               for n, one in enumerate(judged) if given[n] < most[n]]  # fmt: skip
    heapify(waiting)
    while rest:
        _first, n = heappop(waiting)
        more = min(part, rest, most[n] - given[n])
        given[n] += more
        rest -= more
        if given[n] < most[n]:
            one = judged[n]
            heappush(waiting, (_rank(one, slopes[one.name], given[n] / now[n]), n))
    return {one.name: one.spend + (given[n] - now[n]) * unit for n, one in enumerate(judged)}


def _rank(one: Channel, slope: Decimal | None, part: float) -> tuple[float, float]:
    """The more a euro brings at ``part`` of today's budget, the sooner it is served; of equals,
    the one that has least of what it had."""
    bend = float(1 if slope is None else slope)
    return -bend * float(one.count or 0) / float(one.spend) * float(part) ** (bend - 1), part


def _expected(one: Channel, budget: Decimal, slope: Decimal | None) -> Decimal:
    part = budget / one.spend
    return (one.count or Decimal(0)) * (part if slope is None else part**slope)
