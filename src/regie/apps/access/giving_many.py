"""Give one role to several people on several accounts; each pair is given or refused on its own.

What was given can be taken back together, and what it replaced returns.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from regie.apps.access.accesses import accesses_on
from regie.apps.access.effects import Effect, difference
from regie.apps.access.granting import Given, give_role, withdraw_role
from regie.apps.access.models import Grant
from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.organisations.models import Member
from regie.kernel.errors import NotFound, Refused, RegieError
from regie.kernel.i18n import Sentence, _, say

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Once:
    """A role that was given; ``ended_on`` is its former last day where it was held before."""

    grant_id: int
    was_held: bool
    ended_on: date | None


@dataclass(frozen=True)
class NotGiven:
    person: str
    account: str
    problem: Sentence
    hint: Sentence


@dataclass(frozen=True)
class GivenMany:
    done: tuple[Once, ...]
    refused: tuple[NotGiven, ...]


@transaction.atomic
def give_roles(
    *,
    actor: User | None,
    asset_ids: Collection[int],
    member_ids: Collection[int],
    given: Given,
    ends_on: date | None = None,
) -> GivenMany:
    """Raises ``Refused`` for more than can be done at once."""
    cards = assets.cards(set(asset_ids))
    members = list(Member.objects.filter(pk__in=set(member_ids)).select_related("user"))
    if len(cards) * len(members) > MOST_AT_ONCE:
        raise Refused(
            say(_("At most {most} roles are given at once."), most=MOST_AT_ONCE),
            hint=_("Take fewer people, or fewer accounts."),
        )
    done: list[Once] = []
    refused: list[NotGiven] = []
    for card in cards:
        for member in members:
            try:
                with transaction.atomic():
                    done.append(_give(actor, card.key, member.pk, given, ends_on))
            except RegieError as error:
                refused.append(NotGiven(str(member.user), card.label, error.sentence, error.hint))
    return GivenMany(tuple(done), tuple(refused))


def what_if_given(
    *,
    actor: User | None,
    asset_ids: Collection[int],
    member_ids: Collection[int],
    given: Given,
    ends_on: date | None = None,
) -> tuple[list[Effect], GivenMany]:
    """What ``give_roles`` would do, and refuse; nothing stays of it."""
    keys = sorted(set(asset_ids))
    before = accesses_on(keys)
    with transaction.atomic():
        point = transaction.savepoint()
        try:
            tried = give_roles(
                actor=actor, asset_ids=keys, member_ids=member_ids, given=given, ends_on=ends_on
            )
            after = accesses_on(keys)
        finally:
            transaction.savepoint_rollback(point)
    return difference(before, after), tried


@transaction.atomic
def take_roles_back(*, actor: User | None, given: Sequence[Once]) -> int:
    """How many are as they were before; what was withdrawn since is left alone."""
    count = 0
    for one in given:
        held = Grant.objects.filter(pk=one.grant_id).first()
        if held is None:
            continue
        try:
            with transaction.atomic():
                if one.was_held:
                    was = Given(held.role, held.custom_role_id)
                    give_role(
                        actor=actor, asset_id=held.asset_id, member_id=held.member_id, given=was,
                        ends_on=one.ended_on,
                    )  # fmt: skip
                else:
                    withdraw_role(actor=actor, grant_id=one.grant_id)
                count += 1
        except (NotFound, Refused):
            continue
    return count


def _give(
    actor: User | None, asset_id: int, member_id: int, given: Given, ends_on: date | None
) -> Once:
    before = {
        one.pk: one.ends_on for one in Grant.objects.filter(asset_id=asset_id, member_id=member_id)
    }
    made = give_role(
        actor=actor, asset_id=asset_id, member_id=member_id, given=given, ends_on=ends_on
    )
    return Once(made.pk, made.pk in before, before.get(made.pk))
