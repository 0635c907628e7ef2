"""Keeps what the standing rules of an account come to, whenever they or its campaigns change."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import connection, transaction

from regie.apps.assets.selectors import cards as asset_cards
from regie.apps.beneficiaries.campaigns import entities_of
from regie.apps.beneficiaries.models import Assignment, Rule
from regie.apps.beneficiaries.traffic import LONGEST, keep_traffic
from regie.domain.beneficiaries import rules as domain
from regie.domain.beneficiaries.assigning import Outcome, assign
from regie.domain.beneficiaries.traffic import TRAFFIC
from regie.kernel import clock

UNKEPT = 2**62


@transaction.atomic
def assign_again(assets: Collection[int] | None = None) -> None:
    """Of the owners of these accounts, or of all, those that have rules. To be called as the local
    operator.

    Campaigns that nobody has assigned yet work for nobody: they wait in the dark.
    """
    owners = set(Rule.objects.filter(stands=True).values_list("organisation_id", flat=True))
    owners |= set(Assignment.objects.values_list("organisation_id", flat=True))
    if assets is not None and owners:
        owners &= {card.organisation_id for card in asset_cards(assets)}
    for owner in sorted(owners):
        ruled = Rule.objects.filter(organisation_id=owner, stands=True)
        kept = Assignment.objects.filter(organisation_id=owner).exclude(level=TRAFFIC)
        keys = set(ruled.values_list("asset_id", flat=True))
        keys |= set(kept.values_list("asset_id", flat=True))
        _lock(owner)
        for key in sorted(keys if assets is None else keys & {*assets}):
            _keep_campaigns(key)
        keep_traffic(owner, _rules_of(owner))


def keep(asset_id: int, owner_id: int) -> None:
    """Write the assignments of one account, and of what came by its campaigns; one at a time."""
    _lock(owner_id)
    _keep_campaigns(asset_id)
    keep_traffic(owner_id, _rules_of(owner_id))


def _lock(owner_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7100, %s::integer)", [owner_id % 2**31])


def _keep_campaigns(asset_id: int) -> None:
    rules = standing(asset_id)
    outcome = outcome_of(asset_id, rules)
    Assignment.objects.filter(asset_id=asset_id).exclude(level=TRAFFIC).delete()
    owner = {rule.pk: rule.organisation_id for rule in rules}
    Assignment.objects.bulk_create(
        [
            Assignment(
                organisation_id=owner[one.rule.id], asset_id=asset_id, rule_id=one.rule.id,
                level=one.entity.level, entity=one.entity.id, starts_on=one.starts,
                ends_on=one.ends,
            )
            for one in outcome.assignments
            if len(one.entity.id) <= LONGEST
        ],
        batch_size=2_000,
    )  # fmt: skip


def _rules_of(owner_id: int) -> dict[int, tuple[int, domain.Rule]]:
    """Standing rules by number, with the account that each is of."""
    found = Rule.objects.filter(organisation_id=owner_id, stands=True).order_by("pk")
    return {rule.pk: (rule.asset_id, to_domain(rule, 0)) for rule in found}


def standing(asset_id: int) -> list[Rule]:
    return list(Rule.objects.filter(asset_id=asset_id, stands=True).order_by("pk"))


def outcome_of(asset_id: int, rules: Sequence[Rule]) -> Outcome:
    """What ``rules`` come to on the account as it is now; rules not kept yet may be among them."""
    known = [to_domain(rule, place) for place, rule in enumerate(rules)]
    return assign(known, entities_of(asset_id), clock.today())


def to_domain(rule: Rule, place: int) -> domain.Rule:
    """``place`` stands for the number of a rule that is not kept yet: it comes after all others."""
    return domain.Rule(
        rule.pk or UNKEPT + place, rule.level, rule.way, rule.value, serves_of(rule),
        rule.starts_on, rule.ends_on,
    )  # fmt: skip


def serves_of(rule: Rule) -> tuple[str, int | None]:
    return ("location", rule.location_id) if rule.location_id else ("place", rule.serves_id)
