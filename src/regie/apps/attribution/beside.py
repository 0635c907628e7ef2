"""What advertising cost and what platforms claim, by the same units as the credits.

Both come from the report: money that was spent on a platform is laid beside the channel that its
visitors come through, and that of a campaign beside the visits that name it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from regie.apps.beneficiaries.selectors import opened
from regie.apps.dashboards import selectors as dashboards
from regie.domain.attribution.questions import NOTHING, Question
from regie.domain.facts import TOUCHES
from regie.domain.metrics.query import Filter, Query
from regie.domain.traffic.channels import CHANNEL_OF_PLATFORM
from regie.kernel.errors import RegieError
from regie.kernel.i18n import Sentence
from regie.kernel.scope import Scope

# What platforms claim of each kind of conversion, beside what they cost: of others, nothing.
METRICS = {
    "order": ("spend", "conversions", "conversion_value"), "lead": ("spend", "leads"),
    "mql": ("spend",), "sql": ("spend",), "call": ("spend",), "redemption": ("spend",),
}  # fmt: skip
REAL = {
    "order": ("orders", "revenue"), "lead": ("leads_received",), "mql": ("mqls",), "sql": ("sqls",),
    "call": ("calls",), "redemption": ("redemptions",),
}  # fmt: skip
CREATORS = "creators"
OWN = ("own_events", "own_event_value")
# By which the report splits what is laid beside each unit; others have no spend of their own.
SPLITS = {
    "channel": "platform", "platform": "platform", "media": "media", "campaign": "campaign",
    "content": "ad", "keyword": "keyword", "location": "location",
}  # fmt: skip


@dataclass(frozen=True)
class Paid:
    """One unit: None where the report says nothing of it."""

    spend: Decimal | None = None
    claimed: Decimal | None = None
    claimed_value: Decimal | None = None

    def __add__(self, other: Paid) -> Paid:
        return Paid(
            _sum(self.spend, other.spend), _sum(self.claimed, other.claimed),
            _sum(self.claimed_value, other.claimed_value),
        )  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One row of the report that a unit is laid beside: of a ``platform``, else it has a ``name``
    of its own."""

    platform: str
    name: str
    paid: Paid


@dataclass(frozen=True)
class Beside:
    """``units`` by their name in the credits; ``real`` is what the report knows of conversions.

    ``parts`` are the rows of the report that each unit is the sum of.

    ``refusals`` are what the report could not add up, in its own words.
    """

    units: Mapping[str, Paid]
    real: Decimal | None
    real_value: Decimal | None
    refusals: tuple[Sentence, ...] = ()
    parts: Mapping[str, Sequence[Part]] = field(default_factory=dict)

    @property
    def total(self) -> Paid:
        found = Paid()
        for one in self.units.values():
            found += one
        return found


def beside(question: Question, scope: Scope, units: list[str]) -> Beside:
    """For the days of the question; ``units`` are the names that credits have."""
    refusals: list[Sentence] = []
    wanted, known = METRICS.get(question.kind, ("spend",)), REAL.get(question.kind, OWN)
    real = _asked(known, "", question, scope, refusals)
    totals = real.totals if real else {}
    split = SPLITS.get(question.unit)
    rows: list[dict[str, Any]] = []
    if split:
        answer = _asked(wanted, split, question, scope, refusals)
        rows = list(answer.rows) if answer else []
    if question.unit == "channel" and any(row["platform"] == CREATORS for row in rows):
        rows = [row for row in rows if row["platform"] != CREATORS]
        rows += _creators(wanted, question, scope, refusals)
    names = {unit.casefold(): unit for unit in units}
    found: dict[str, Paid] = {}
    parts: dict[str, list[Part]] = defaultdict(list)
    for row in rows:
        paid = Paid(*(row.get(name) for name in wanted))
        # Where no platform claims leads our own answer in their place, and cost nothing.
        if paid == Paid() or (question.kind != "order" and paid.spend is None):
            continue
        name = _name(question.unit, row, names)
        found[name] = found.get(name, Paid()) + paid
        parts[name].append(_part(row, paid))
    return Beside(
        found, totals.get(known[0]), totals.get(known[1]) if len(known) > 1 else None,
        tuple(refusals), parts,
    )  # fmt: skip


def _part(row: Mapping[str, Any], paid: Paid) -> Part:
    """A creator's costs are rows of ads; all others are called as the report calls them."""
    names = (f"{split}{ending}" for split in ("ad", "campaign", "keyword", "location", "media")
             for ending in ("_label", ""))  # fmt: skip
    name = next((str(row[one]) for one in names if row.get(one)), "")
    return Part("" if name else str(row.get("platform") or ""), name, paid)


def _creators(
    wanted: tuple[str, ...], question: Question, scope: Scope, refusals: list[Sentence]
) -> list[dict[str, Any]]:
    """What each creator cost, with the channel that most visits came through which name her."""
    answer = _asked(wanted, "ad", question, scope, refusals, platform=CREATORS)
    rows = list(answer.rows) if answer else []
    met = _channels_of(question, scope)
    for row in rows:
        names = (str(row.get("ad_label") or ""), str(row["ad"] or ""))
        known = next((met[one.casefold()] for one in names if one.casefold() in met), "")
        row |= {"platform": CREATORS, "channel": known}
    return rows


def _channels_of(question: Question, scope: Scope) -> dict[str, str]:
    session = opened(scope)
    if not session.has(TOUCHES.name):
        return {}
    read = question.read
    found = session.rows(
        "SELECT lower(content), arg_max(channel, (visits, channel)) FROM ("
        f"SELECT content, channel, sum(visits) AS visits FROM {session.table(TOUCHES.name, read)} "
        "WHERE kind = 'visit' AND content <> '' AND channel <> '' AND date BETWEEN ? AND ? "
        "GROUP BY ALL) GROUP BY ALL", [read.start, read.end],
    )  # fmt: skip
    return {name.casefold(): channel for name, channel in found}


def _asked(
    metrics: tuple[str, ...], by: str, question: Question, scope: Scope, refusals: list[Sentence],
    *, platform: str = "",
) -> Any:  # fmt: skip
    said = {"event": question.happened if metrics == OWN else "", "platform": platform}
    which = tuple(Filter(name, (value,)) for name, value in said.items() if value)
    query = Query(
        metrics, by=(by,) if by else (), period=question.period, where=which,
        currency=question.currency,
    )  # fmt: skip
    try:
        return dashboards.answer(query, scope)
    except RegieError as refusal:
        # One figure that cannot be added up does not cost the page.
        refusals.append(refusal.sentence)
        return None


_NAMED: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "channel": lambda row: (
        row.get("channel") or CHANNEL_OF_PLATFORM.get(str(row["platform"]), "Paid Other")
    ),
    "platform": lambda row: str(row["platform"]),
    "media": lambda row: str(row["media"] or "paid"),
    "location": lambda row: str(row["location"] or NOTHING),
}


def _name(unit: str, row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The unit of the credits that a row is of: visits name a campaign or an ad, or its number."""
    if unit in _NAMED:
        said = _NAMED[unit](row)
        return names.get(said.casefold(), said)
    split = SPLITS[unit]
    number, label = str(row[split] or ""), str(row.get(f"{split}_label") or "")
    for one in (label, number):
        if one and one.casefold() in names:
            return names[one.casefold()]
    return label or number or NOTHING


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return other if one is None else one if other is None else one + other
