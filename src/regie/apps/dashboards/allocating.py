"""What each advertising platform cost and brought, how the same total would be shared out, and
which budgets could go beyond it.

Our own orders and leads are those that name a campaign of the platform; without any, what the
platforms claim stands in, and is called so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from regie.domain.metrics.query import Answer, Query
from regie.domain.planning.allocation import CAP, Allocation, Channel, allocate
from regie.domain.planning.ceilings import WHOLE, Beyond, Ceiling, ceilings, check_margin
from regie.kernel.errors import WrongUse
from regie.kernel.fiscal import PLAIN, Calendar
from regie.kernel.i18n import Sentence, _, say
from regie.kernel.money import minor_digits, plain
from regie.kernel.periods import Period

OURS = ("orders", "leads_received", "mqls")
CLAIMED = ("conversions", "leads")
MEASURES = (*OURS, *CLAIMED)
VALUED = "orders"  # what each of them earned is known; a lead has no amount, and a claim no proof
CEILING_COLUMNS = (
    "revenue", "average_return", "own_elasticity", "marginal_return", "kept_of_one_more", "ceiling",
    "ceiling_bound", "revenue_at_ceiling", "gain", "no_ceiling_because",
)  # fmt: skip
Ask = Callable[[Query], Answer]
Counts = Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Allocated:
    """``measure`` is what is to be brought; ``unnamed`` how many of it name no platform.

    ``beyond`` is None where what is counted has no value of its own.
    """

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
    measure: str = "",
    cap: Decimal = CAP,
    margin: Decimal = WHOLE,
    calendar: Calendar = PLAIN,
) -> Allocated:
    """Without a ``measure``: orders where any name a platform's campaigns, else what is claimed.
    ``margin`` is the share of revenue that is kept.

    Raises ``WrongUse`` for a measure, a cap or a margin that is none.
    """
    check_margin(margin)
    if measure and measure not in MEASURES:
        raise WrongUse(
            say(_("“{text}” is nothing that budgets are shared out by."), text=measure),
            hint=say(_("Choose one of: {names}."), names=", ".join(MEASURES)),
        )
    asked = _Asking(ask, period, currency, calendar)
    for name in (measure,) if measure else ("orders", "conversions"):
        found = asked.counts(name)
        if any(found.get(slug) for slug in asked.spent):
            break
    channels = [
        Channel(slug, spend, _amount(found.get(slug)), asked.weeks_of(slug, name))
        for slug, spend in asked.spent.items()
    ]
    digits, beyond, notes = minor_digits(currency), None, list(asked.answer.notes)
    if name == VALUED:
        earned = asked.counts("revenue")
        beyond = ceilings(channels, earned, margin=margin, cap=cap, digits=digits)
        notes += [one for one in asked.notes_of("revenue") if one not in notes]
    return Allocated(
        allocation=allocate(channels, cap=cap, digits=digits),
        beyond=beyond,
        margin=margin,
        measure=name,
        period=period,
        weeks=len(asked.whole_weeks),
        currency=currency,
        unnamed=sum(
            (one or Decimal(0) for slug, one in found.items() if slug not in asked.spent),
            Decimal(0),
        ),
        notes=notes,
        provisional_from=asked.answer.provisional_from,
    )


def written_allocation(found: Allocated) -> dict[str, Any]:
    """Exact text, for the command and the API; what is not known is None."""
    said = found.allocation
    own_ceilings = found.beyond.ceilings if found.beyond else [None] * len(said.shares)
    return {
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
        "margin": plain(found.margin),
        "beyond": _written_beyond(found),
        "channels": [
            {
                "platform": one.channel.name,
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


class _Asking:
    """The questions of one allocation; each is put once."""

    def __init__(self, ask: Ask, period: Period, currency: str, calendar: Calendar) -> None:
        self._ask, self._period, self._currency, self._calendar = ask, period, currency, calendar
        self.answer = self._put(("spend",), ("platform",))
        rows = sorted(self.answer.rows, key=lambda row: row["spend"] or 0, reverse=True)
        self.spent = {
            str(row["platform"]): Decimal(row["spend"]) for row in rows if (row["spend"] or 0) > 0
        }
        self.whole_weeks = [
            start for start in calendar.steps(period, "week")
            if start >= period.start and calendar.step(start, "week").end <= period.end
        ]  # fmt: skip
        self._named: dict[str, str] | None = None
        self._by_week: dict[str, Mapping[tuple[str, date], Decimal]] = {}
        self._by_campaign: dict[str, Answer] = {}

    def counts(self, name: str) -> Counts:
        """Of each platform; under an empty name what names none. Where nothing names a platform,
        nothing is known of it."""
        if name in CLAIMED:
            rows = self._put((name,), ("platform",)).rows
            return {str(row["platform"]): row[name] for row in rows}
        answer = self._of_campaigns(name)
        found: dict[str, Decimal | None] = dict.fromkeys(self.spent)
        for row in answer.rows:
            if row[name] is None:
                continue  # leads of which nobody says how far they have come
            slug = self._platforms.get(str(row["campaign"]), "")
            found[slug] = (found.get(slug) or Decimal(0)) + row[name]
        return found

    def notes_of(self, name: str) -> Sequence[Sentence]:
        return self._of_campaigns(name).notes

    def weeks_of(self, slug: str, name: str) -> list[tuple[Decimal, Decimal]]:
        spend, count = self._weekly("spend"), self._weekly(name)
        return [
            (spend.get((slug, week), Decimal(0)), count.get((slug, week), Decimal(0)))
            for week in self.whole_weeks
        ]

    def _weekly(self, name: str) -> Mapping[tuple[str, date], Decimal]:
        if name not in self._by_week:
            by = "campaign" if name in OURS else "platform"
            rows = self._put((name,), (by, "week")).rows
            named = ((self._slug(row, by), row) for row in rows)
            self._by_week[name] = _added((slug, row["week"], row[name]) for slug, row in named)
        return self._by_week[name]

    def _slug(self, row: Mapping[str, Any], by: str) -> str:
        return str(row[by]) if by == "platform" else self._platforms.get(str(row[by]), "")

    @property
    def _platforms(self) -> dict[str, str]:
        """The platform of each campaign; none of an id that two platforms gave."""
        if self._named is None:
            rows = self._put(("spend",), ("platform", "campaign")).rows
            several: dict[str, set[str]] = defaultdict(set)
            for row in rows:
                if row["campaign"]:
                    several[str(row["campaign"])].add(str(row["platform"]))
            self._named = {name: min(ones) for name, ones in several.items() if len(ones) == 1}
        return self._named

    def _of_campaigns(self, name: str) -> Answer:
        if name not in self._by_campaign:
            self._by_campaign[name] = self._put((name,), ("campaign",))
        return self._by_campaign[name]

    def _put(self, metrics: tuple[str, ...], by: tuple[str, ...]) -> Answer:
        return self._ask(
            Query(metrics, by, self._period, currency=self._currency, calendar=self._calendar)
        )


def _added(rows: Iterable[tuple[str, Any, Any]]) -> dict[tuple[str, date], Decimal]:
    found: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for slug, week, value in rows:
        found[slug, week] += value or 0
    return found


def _amount(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


def _rounded(value: Decimal | None) -> str | None:
    return None if value is None else plain(round(value, 2))
