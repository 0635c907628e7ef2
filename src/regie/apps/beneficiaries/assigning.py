"""Keeps what the standing rules of an account come to, whenever they or its campaigns change."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import connection, transaction

from regie.apps.beneficiaries.campaigns import entities_of
from regie.apps.beneficiaries.models import Assignment, Rule
from regie.domain.beneficiaries import rules as domain
from regie.domain.beneficiaries.assigning import Outcome, assign
from regie.kernel import clock

UNKEPT = 2**62


@transaction.atomic
def assign_again(assets: Collection[int] | None = None) -> None:
    """Of these accounts, or of all, those that have rules. To be called as the local operator.

    Campaigns that nobody has assigned yet work for nobody: they wait in the dark.
    """
    found = Assignment.objects.all()
    ruled = Rule.objects.filter(stands=True)
    if assets is not None:
        ruled, found = ruled.filter(asset_id__in=assets), found.filter(asset_id__in=assets)
    keys = set(ruled.values_list("asset_id", flat=True))
    keys |= set(found.values_list("asset_id", flat=True))
    for key in sorted(keys):
        keep(key)


def keep(asset_id: int) -> Outcome:
    """Write the assignments of one account; one at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7100, %s::integer)", [asset_id % 2**31])
    rules = standing(asset_id)
    outcome = outcome_of(asset_id, rules)
    Assignment.objects.filter(asset_id=asset_id).delete()
    owner = {rule.pk: rule.organisation_id for rule in rules}
    Assignment.objects.bulk_create(
        [
            Assignment(
                organisation_id=owner[one.rule.id], asset_id=asset_id, rule_id=one.rule.id,
                level=one.entity.level, entity=one.entity.id, starts_on=one.starts,
                ends_on=one.ends,
            )
            for one in outcome.assignments
        ],
        batch_size=2_000,
    )  # fmt: skip
    return outcome


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
