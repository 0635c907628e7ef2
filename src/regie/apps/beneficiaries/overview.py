"""The rules of an account as their keepers see them, and what one more would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from regie.apps.accounts.models import User
from regie.apps.assets.selectors import AssetCard
from regie.apps.beneficiaries.assigning import UNKEPT, outcome_of, serves_of, standing
from regie.apps.beneficiaries.models import Assignment, Change, Label, Rule
from regie.apps.beneficiaries.ruling import NewRule, checked, may_rule
from regie.apps.beneficiaries.targets import Target, Targets, targets
from regie.domain.beneficiaries.assigning import Assignment as Working
from regie.domain.beneficiaries.assigning import Outcome
from regie.domain.beneficiaries.rules import Entity
from regie.domain.beneficiaries.traffic import TRAFFIC
from regie.kernel import clock

CHANGES = 5


@dataclass(frozen=True)
class RuleCard:
    """``count`` is what works by it today; ``serves`` is None once that left the branch."""

    id: int
    level: str
    way: str
    value: str
    serves: Target | None
    starts: date | None
    ends: date | None
    count: int = 0
    is_idle: bool = False


@dataclass(frozen=True)
class ChangeCard:
    id: int
    at: datetime
    actor: str
    added: int
    removed: int
    is_undone: bool


@dataclass(frozen=True)
class Overview:
    """``rules`` in their order of precedence; the entities are by name."""

    card: AssetCard
    rules: Sequence[RuleCard]
    campaigns: int
    assigned: int
    unmatched: Sequence[Entity]
    doubles: Sequence[tuple[Entity, Sequence[RuleCard]]]
    changes: Sequence[ChangeCard]
    labels: int
    assignments: Sequence[Working] = ()


@dataclass(frozen=True)
class Preview:
    """``gained`` works by the new rule on some day; ``kept`` fits, and a more exact rule has it.

    ``taken`` of what is gained works today for somebody else by another rule.
    """

    card: AssetCard
    serves: Target
    gained: Sequence[Entity]
    kept: Sequence[Entity]
    taken: Sequence[Entity]


def overview(*, actor: User | None, asset_id: int) -> Overview:
    """Raises ``NotFound`` or ``Forbidden``."""
    card = may_rule(actor=actor, asset_id=asset_id)
    rules = standing(asset_id)
    outcome = outcome_of(asset_id, rules)
    cards = _cards(card, rules, outcome)
    by_id = {one.id: one for one in cards}
    today = clock.today()
    working = {one.entity for one in outcome.assignments if one.holds(today)}
    elsewhere = _advertised(asset_id, today)
    working |= {one for one in outcome.unmatched if one.id in elsewhere}
    return Overview(
        card=card,
        rules=cards,
        campaigns=len(working | {*outcome.unmatched}),
        assigned=len(working),
        unmatched=[one for one in outcome.unmatched if one not in working],
        doubles=[(one.entity, [by_id[rule.id] for rule in one.rules]) for one in outcome.doubles],
        changes=_changes(asset_id),
        labels=Label.objects.filter(asset_id=asset_id).count(),
        assignments=outcome.assignments,
    )


def _advertised(asset_id: int, today: date) -> set[str]:
    """Campaigns that visits and orders name, and of which rules of an ad account speak."""
    found = Assignment.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=today), Q(ends_on=None) | Q(ends_on__gte=today),
        asset_id=asset_id, level=TRAFFIC,
    ).exclude(rule__asset_id=asset_id)  # fmt: skip
    return set(found.values_list("entity", flat=True).distinct()) - {""}


def _cards(card: AssetCard, rules: Sequence[Rule], outcome: Outcome) -> list[RuleCard]:
    known = targets(card.organisation_id)
    places = {one.organisation_id: one for one in known if not one.is_location}
    locations = {one.location_id: one for one in known if one.is_location}
    today = clock.today()
    counts = Counter(one.rule.id for one in outcome.assignments if one.holds(today))
    idle = {rule.id for rule in outcome.idle}
    found = {
        rule.pk: RuleCard(
            rule.pk, rule.level, rule.way, rule.value,
            locations.get(rule.location_id) if rule.location_id else places.get(rule.serves_id),
            rule.starts_on, rule.ends_on, counts[rule.pk], rule.pk in idle,
        )
        for rule in rules
    }  # fmt: skip
    return [found[rule.id] for rule in outcome.order]


def _changes(asset_id: int) -> list[ChangeCard]:
    found = Change.objects.filter(asset_id=asset_id).order_by("-pk")[:CHANGES]
    return [
        ChangeCard(one.pk, one.at, one.actor, one.added, one.removed, one.undone_at is not None)
        for one in found
    ]


def preview(*, actor: User | None, asset_id: int, new: NewRule) -> Preview:
    """What ``new`` would give, beside the rules that are there. Nothing is kept."""
    card = may_rule(actor=actor, asset_id=asset_id)
    among = Targets(card.organisation_id)
    rule = checked(card, new, among)
    before = standing(asset_id)
    was, would = outcome_of(asset_id, before), outcome_of(asset_id, [*before, rule])
    number, today = UNKEPT + len(before), clock.today()
    gained = list(dict.fromkeys(one.entity for one in would.assignments if one.rule.id == number))
    others = {
        one.entity for one in was.assignments
        if one.holds(today) and one.rule.serves != serves_of(rule)
    }  # fmt: skip
    fitting = would.matched.get(number, ())
    has = set(gained)
    return Preview(
        card=card,
        serves=among.named(new.beneficiary),
        gained=gained,
        kept=[one for one in fitting if one not in has],
        taken=[one for one in gained if one in others],
    )


def ruled_accounts(organisations: Collection[int]) -> dict[int, int]:
    """How many rules stand for each account of these organisations that has some."""
    found = Rule.objects.filter(organisation_id__in=organisations, stands=True)
    return {
        row["asset_id"]: row["n"]
        for row in found.values("asset_id").annotate(n=Count("pk")).order_by("asset_id")
    }


def assignments(found: Overview) -> list[tuple[object, ...]]:
    """Rows (level, id, name, campaign, beneficiary, from, to, by, value), by name; of those that
    work for nobody today the last five are empty."""
    serving = {one.id: one.serves for one in found.rules}
    rows: list[tuple[object, ...]] = []
    for one in found.assignments:
        serves = serving.get(one.rule.id)
        rows.append(
            (*_row(one.entity), serves.key if serves else "", one.starts or "", one.ends or "",
             one.rule.way, one.rule.value)
        )  # fmt: skip
    rows += [(*_row(one), "", "", "", "", "") for one in found.unmatched]
    return sorted(rows, key=lambda row: (str(row[0]), str(row[2]).casefold(), str(row[5])))


def _row(one: Entity) -> tuple[str, str, str, str]:
    return one.level, one.id.removeprefix("name:"), one.name, one.campaign
