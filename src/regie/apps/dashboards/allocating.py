"""What each platform, or each campaign, cost and brought, how the same total would be shared out,
and which budgets could go beyond it.

Our own orders and leads are those that name the campaign, or one of the platform; without any, what
the platforms claim stands in, and is called so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from regie.apps.dashboards.spenders import BYS, CLAIMED, OURS, Ask, Spender, asking
from regie.domain.planning.allocation import CAP, FEW, Allocation, Channel, allocate
from regie.domain.planning.ceilings import WHOLE, Beyond, Ceiling, ceilings, check_margin
from regie.kernel.errors import WrongUse
from regie.kernel.fiscal import PLAIN, Calendar
from regie.kernel.i18n import Sentence, _, say
from regie.kernel.money import minor_digits, plain
from regie.kernel.periods import Period

MEASURES = (*OURS, *CLAIMED)
VALUED = "orders"  # what each of them earned is known; a lead has no amount, and a claim no proof
CEILING_COLUMNS = (
    "revenue", "average_return", "own_elasticity", "marginal_return", "kept_of_one_more", "ceiling",
    "ceiling_bound", "revenue_at_ceiling", "gain", "no_ceiling_because",
)  # fmt: skip


@dataclass(frozen=True)
class Allocated:
    """``by`` is what the budgets are of, ``spenders`` each of them by the name of its channel;
    ``measure`` is what is to be brought, ``unnamed`` how many of it name none of them.

    ``twins`` are ids of campaigns that several accounts have, ``accounts`` then names them.
    ``beyond`` is None where what is counted has no value of its own.
    """

    by: str
    spenders: Mapping[str, Spender]
    twins: frozenset[str]
    accounts: Mapping[int, str]
    allocation: Allocation
    beyond: Beyond | None
    margin: Decimal
    measure: str
    period: Period
    weeks: int  # whole ones
    currency: str
    unnamed: Decimal
    notes: list[Sentence]
    provisional_from: date | None

    @property
    def is_claimed(self) -> bool:
        return self.measure in CLAIMED

    @property
    def not_offered(self) -> str:
        """Why no ceiling is: what is `claimed`, or what has `no_value`; empty where they are."""
        if self.beyond is not None:
            return ""
        return "claimed" if self.is_claimed else "no_value"


def allocated(
    ask: Ask,
    *,
    period: Period,
    currency: str,
    by: str = "platform",
    measure: str = "",
    cap: Decimal = CAP,
    margin: Decimal = WHOLE,
    calendar: Calendar = PLAIN,
) -> Allocated:
    """``by`` platform or campaign. Without a ``measure``: orders where any name a campaign of
    theirs, else what is claimed. ``margin`` is the share of revenue that is kept.

    Raises ``WrongUse`` for what budgets are not of, for a measure, a cap or a margin that is none.
    """
    check_margin(margin)
    check_by(by)
    if measure and measure not in MEASURES:
        raise WrongUse(
            say(_("“{text}” is nothing that budgets are shared out by."), text=measure),
            hint=say(_("Choose one of: {names}."), names=", ".join(MEASURES)),
        )
    asked = asking(by, ask, period, currency, calendar)
    for name in (measure,) if measure else ("orders", "conversions"):
        found = asked.counts(name)
        if any(found.get(key) for key in asked.spent):
            break
    channels = [
        Channel(key, spend, count, asked.weeks_of(key, name) if (count or 0) >= FEW else (),
                is_fixed=asked.spenders[key].is_rest)
        for key, spend in asked.spent.items() for count in [_amount(found.get(key))]
    ]  # fmt: skip
    digits, beyond, notes = minor_digits(currency), None, list(asked.answer.notes)
    if name == VALUED:
        earned = asked.counts("revenue")
        beyond = ceilings(channels, earned, margin=margin, cap=cap, digits=digits)
        notes += [one for one in asked.notes_of("revenue") if one not in notes]
    twins = asked.twins
    return Allocated(
        by=by,
        spenders=asked.spenders,
        twins=twins,
        accounts=asked.accounts() if twins else {},
        allocation=allocate(channels, cap=cap, digits=digits),
        beyond=beyond,
        margin=margin,
        measure=name,
        period=period,
        weeks=len(asked.whole_weeks),
        currency=currency,
        unnamed=sum(
            (one or Decimal(0) for key, one in found.items() if key not in asked.spent),
            Decimal(0),
        ),
        notes=notes,
        provisional_from=asked.answer.provisional_from,
    )


def check_by(by: str) -> None:
    if by not in BYS:
        raise WrongUse(
            say(_("Budgets are shared out by platform or by campaign, not by “{text}”."), text=by),
            hint=say(_("Choose one of: {names}."), names=", ".join(BYS)),
        )


def written_allocation(found: Allocated) -> dict[str, Any]:
    """Exact text, for the command and the API; what is not known is None."""
    said = found.allocation
    own_ceilings = found.beyond.ceilings if found.beyond else [None] * len(said.shares)
    best = said.best
    return {
        "by": found.by,
        "period": str(found.period),
        "currency": found.currency,
        "measure": found.measure,
        "is_claimed": found.is_claimed,
        "cap": plain(said.cap),
        "basis": said.basis.value,
        "nothing_moves_because": said.still.value if said.still else None,
        "total": plain(said.total),
        "moved": plain(said.moved),
        "counted": plain(said.now),
        "expected": _rounded(said.expected),
        "named_no_platform": plain(found.unnamed),
        "best_may_be_chance": best.may_be_chance if best else None,
        "margin": plain(found.margin),
        "beyond": _written_beyond(found),
        "channels": [
            {
                **_written_spender(found, one.channel.name),
                "is_best": best is not None and one is best.first,
                "now": plain(one.channel.spend),
                "proposed": plain(one.proposed),
                "difference": plain(one.difference),
                "counted": None if one.channel.count is None else plain(one.channel.count),
                "expected": _rounded(one.expected),
                "cost": _rounded(one.cost),
                "marginal_cost": _rounded(one.marginal_cost),
                "elasticity": None if one.elasticity is None else plain(one.elasticity),
                "kept_because": one.kept.value if one.kept else None,
                **_written_ceiling(own),
            }
            for one, own in zip(said.shares, own_ceilings, strict=True)
        ],
        "notes": [str(note) for note in found.notes],
        "provisional_from": str(found.provisional_from) if found.provisional_from else None,
    }  # fmt: skip


def _written_spender(found: Allocated, key: str) -> dict[str, Any]:
    """A campaign by its name and its id, as answers write it; its account where several have one of
    that id."""
    one = found.spenders[key]
    account = found.accounts.get(one.account or 0) if one.campaign in found.twins else None
    return {
        "platform": one.platform,
        "campaign": one.name if found.by == "campaign" else None,
        "campaign_id": one.campaign or None,
        "account": account,
    }


def _written_beyond(found: Allocated) -> dict[str, Any]:
    """Sums of the channels that can be judged; without any, nothing is known."""
    said = found.beyond
    known = said if said and said.judged else None
    return {
        "not_offered_because": found.not_offered or None,
        "now": plain(known.spent) if known else None,
        "ceiling": plain(known.budget) if known else None,
        "revenue": plain(known.revenue) if known else None,
        "revenue_at_ceiling": _rounded(known.revenue_there) if known else None,
        "gain": _rounded(known.gain) if known else None,
    }


def _written_ceiling(one: Ceiling | None) -> dict[str, Any]:
    if one is None:
        return dict.fromkeys(CEILING_COLUMNS)
    return {
        "revenue": None if one.revenue is None else plain(one.revenue),
        "average_return": _rounded(one.average_return),
        "own_elasticity": None if one.elasticity is None else plain(one.elasticity),
        "marginal_return": _rounded(one.marginal_return),
        "kept_of_one_more": _rounded(one.kept_of_one_more),
        "ceiling": None if one.budget is None else plain(one.budget),
        "ceiling_bound": one.bound.value if one.bound else None,
        "revenue_at_ceiling": _rounded(one.revenue_there),
        "gain": _rounded(one.gain),
        "no_ceiling_because": one.unjudged.value if one.unjudged else None,
    }


def _amount(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _rounded(value: Decimal | None) -> str | None:
    return None if value is None else plain(round(value, 2))
