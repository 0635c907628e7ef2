"""Roles by their last use: what a review looks at, role by role, and takes back with one click."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from regie.apps.access.batches import Once, give_each, pairs_of, withdraw_each
from regie.apps.access.effects import Effect, what_if_between
from regie.apps.access.giving_many import NotGiven
from regie.apps.access.granting import Given
from regie.apps.access.models import Grant
from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.organisations import services as organisations
from regie.apps.organisations.models import Organisation
from regie.apps.organisations.selectors import UNUSED, ReviewCard, today_in
from regie.domain.permissions.catalog import family
from regie.domain.permissions.catalog import role as built_in
from regie.kernel.errors import NotFound
from regie.kernel.i18n import Sentence


@dataclass(frozen=True)
class HeldRole:
    """``role`` is the family's name of it, or one of the organisation's own in its own words."""

    grant_id: int
    member_id: int
    person: str
    email: str
    organisation: str
    asset_id: int
    account: str
    kind: str
    platform: str
    role: Sentence | str
    given_on: date
    last_used_on: date | None
    ends_on: date | None
    is_unused: bool


@dataclass(frozen=True)
class Withdrawn:
    """A role as it was, so that it can be given back."""

    asset_id: int
    member_id: int
    role: str
    custom_role_id: int | None
    ends_on: date | None


def unused_roles(organisation: Organisation, *, most: int = 1_000) -> list[HeldRole]:
    """Roles in the branch that nobody has used for 90 days, the longest unused first."""
    found = _held(organisation).filter(_unused(organisation))
    return _cards(found.order_by("last_used_on", "granted_at", "pk")[:most], organisation)


def unused_count(organisation: Organisation) -> int:
    return _held(organisation).filter(_unused(organisation)).count()


def roles_of_member(organisation: Organisation, member_id: int) -> list[HeldRole]:
    """Every role that a member of the branch holds, those used lately last."""
    found = _held(organisation).filter(member_id=member_id)
    return _cards(found.order_by("last_used_on", "granted_at", "pk"), organisation)


@transaction.atomic
def sign_review(*, actor: User, organisation: Organisation) -> ReviewCard:
    """As that of organisations, with every role beside its last use."""
    held = _cards(_held(organisation).order_by("user__email", "pk"), organisation)
    return organisations.sign_review(
        actor=actor, organisation=organisation, roles=[_row(one) for one in held]
    )


@transaction.atomic
def withdraw_roles(
    *, actor: User, grant_ids: Collection[int]
) -> tuple[list[Withdrawn], list[NotGiven]]:
    """Each on its own: what is refused does not stop the others; what is gone is passed by."""
    answered = withdraw_each(actor=actor, grant_ids=grant_ids)
    people = {one.pk: str(one) for one in User.objects.filter(
        pk__in={one.user_id for one, _problem in answered})}  # fmt: skip
    done: list[Withdrawn] = []
    refused: list[NotGiven] = []
    for one, problem in answered:
        if problem is None:
            done.append(
                Withdrawn(one.asset_id, one.member_id, one.role, one.custom_role_id, one.ends_on)
            )
        elif not isinstance(problem, NotFound):
            label = assets.card(one.asset_id).label
            person = people.get(one.user_id, "")
            refused.append(NotGiven(person, label, problem.sentence, problem.hint))
    return done, refused


def what_if_withdrawn(
    *, actor: User, grant_ids: Collection[int]
) -> tuple[list[Effect], list[NotGiven]]:
    """Who would lose what by ``withdraw_roles``, and what would be refused."""
    there: dict[int, list[int]] = defaultdict(list)
    concerned = Grant.objects.filter(pk__in=grant_ids).order_by("user_id", "asset_id")
    for user_id, asset_id in concerned.values_list("user_id", "asset_id").distinct():
        there[user_id].append(asset_id)
    refused: list[NotGiven] = []

    def act() -> None:
        refused.extend(withdraw_roles(actor=actor, grant_ids=grant_ids)[1])

    return what_if_between(act, there), refused  # of those who hold them: nobody else loses


@transaction.atomic
def give_back(*, actor: User, withdrawn: Sequence[Withdrawn]) -> int:
    """How many are held again; what can't be given any more is left out."""
    alike: dict[tuple[Given, date | None], list[tuple[int, int]]] = defaultdict(list)
    for one in withdrawn:
        was = Given(one.role, one.custom_role_id)
        alike[was, one.ends_on].append((one.asset_id, one.member_id))
    answered = [
        one
        for (was, ends_on), keys in alike.items()
        for one in give_each(actor=actor, pairs=pairs_of(keys), given=was, ends_on=ends_on)
    ]
    return sum(isinstance(one.answer, Once) for one in answered)


def _held(organisation: Organisation) -> QuerySet[Grant]:
    today = today_in(organisation)
    return Grant.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today),
        Q(member__ends_on=None) | Q(member__ends_on__gte=today),
        organisation__path__startswith=organisation.path,
        member__removed_at=None,
    ).select_related("user", "organisation", "custom_role")


def _unused(organisation: Organisation) -> Q:
    since = today_in(organisation) - UNUSED
    return Q(last_used_on__lte=since) | Q(last_used_on=None, granted_at__date__lte=since)


def _cards(found: QuerySet[Grant], organisation: Organisation) -> list[HeldRole]:
    grants = list(found)
    cards = {one.key: one for one in assets.cards({one.asset_id for one in grants})}
    since = today_in(organisation) - UNUSED
    return [
        HeldRole(
            one.pk, one.member_id, str(one.user), one.user.email, one.organisation.name,
            card.key, card.label, card.kind, card.platform, _name(one, card.family),
            one.granted_at.date(), one.last_used_on, one.ends_on,
            is_unused=(one.last_used_on or one.granted_at.date()) <= since,
        )
        for one in grants
        if (card := cards.get(one.asset_id)) is not None
    ]  # fmt: skip


def _name(one: Grant, family_name: str) -> Sentence | str:
    if one.custom_role is not None:
        return one.custom_role.name
    known = {role.code for role in family(family_name).roles}
    return Sentence(built_in(family_name, one.role).label) if one.role in known else one.role


def _row(one: HeldRole) -> dict[str, Any]:
    """What is signed: in no language, so that its digest is the same for all readers."""
    return {
        "email": one.email,
        "account": one.account,
        "platform": one.platform,
        "role": one.role if isinstance(one.role, str) else one.role.message,
        "given_on": str(one.given_on),
        "last_used_on": str(one.last_used_on or ""),
        "ends_on": str(one.ends_on or ""),
        "is_unused": one.is_unused,
    }
