"""Many roles given or withdrawn in a few statements, each of them decided on its own.

The same policies decide as for one role. What hangs on the order of one after the other, such as
the last billing admin of an account, goes one by one; so does all where somebody else was quicker.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from regie.apps.access.granting import Given, give_role, given_by, way_among, withdraw_role
from regie.apps.access.journal import tell_other_side
from regie.apps.access.models import CustomRole, Grant, Share
from regie.apps.access.policies import Giver
from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.assets.selectors import AssetCard
from regie.apps.audit import services as audit
from regie.apps.organisations.models import Member, Organisation
from regie.domain.permissions.catalog import family
from regie.domain.permissions.definitions import Permissions
from regie.kernel.errors import RegieError


@dataclass(frozen=True)
class Once:
    """A role that was given; ``ended_on`` is its former last day where it was held before."""

    grant_id: int
    was_held: bool
    ended_on: date | None


@dataclass(frozen=True)
class Pair:
    """``member`` is to have the role on ``card``; ``answer`` says what became of it."""

    card: AssetCard
    member: Member
    answer: Once | RegieError | None = None


def pairs_of(keys: Iterable[tuple[int, int]]) -> list[Pair]:
    """Of an asset and a member each, in the same order; what is absent or hidden is left out."""
    wanted = list(keys)
    cards = {one.key: one for one in assets.cards({asset_id for asset_id, _member in wanted})}
    found = Member.objects.filter(pk__in={member_id for _asset, member_id in wanted})
    members = {one.pk: one for one in found.select_related("user", "organisation")}
    return [
        Pair(cards[asset_id], members[member_id])
        for asset_id, member_id in wanted
        if asset_id in cards and member_id in members
    ]


@transaction.atomic
def give_each(
    *, actor: User | None, pairs: Sequence[Pair], given: Given, ends_on: date | None
) -> list[Pair]:
    """The same pairs, with what became of each."""
    ground = _Ground(actor, {one.card.key for one in pairs}, given)
    sound: dict[int, Grant] = {}
    answers: dict[int, Once | RegieError] = {}
    for at, pair in enumerate(pairs):
        try:
            sound[at] = ground.grant(pair, ends_on)
        except RegieError as error:
            answers[at] = error
    held = _held(sound.values())
    alone = [
        at for at, one in sound.items()
        if ends_on is not None and _slot(one) in held and _is_keeper(one, pairs[at].card)
    ]  # fmt: skip
    together = {at: one for at, one in sound.items() if at not in set(alone)}
    try:
        with transaction.atomic():
            answers |= _write(actor, together, held)
    except IntegrityError:  # one of them came, went or lost its share meanwhile
        alone = list(sound)
    for at in alone:
        answers[at] = _alone(lambda at=at: _give(actor, pairs[at], given, ends_on))  # type: ignore[misc]
    return [replace(pair, answer=answers[at]) for at, pair in enumerate(pairs)]


@transaction.atomic
def withdraw_each(
    *, actor: User | None, grant_ids: Collection[int]
) -> list[tuple[Grant, RegieError | None]]:
    """Those that are there, each with why it stays, in the order of their keys."""
    found = Grant.objects.filter(pk__in=grant_ids).select_for_update(of=("self",)).order_by("pk")
    grants = list(found.select_related("custom_role"))
    cards = {one.key: one for one in assets.cards({one.asset_id for one in grants})}
    there = Member.objects.filter(pk__in={one.member_id for one in grants})
    members = {one.pk: one for one in there.select_related("organisation")}
    giver = Giver(actor, cards)
    answers: dict[int, RegieError | None] = {}
    gone: list[Grant] = []
    for one in grants:
        card, member = cards.get(one.asset_id), members.get(one.member_id)
        if card is None or member is None or _is_keeper(one, card):
            answers[one.pk] = _alone(lambda one=one: withdraw_role(actor=actor, grant_id=one.pk))  # type: ignore[misc]
            continue
        try:
            giver.check(asset_id=card.key, member=member, permissions=frozenset())
        except RegieError as error:
            answers[one.pk] = error
        else:
            gone.append(one)
    _note(actor, gone, "access.withdrawn")
    Grant.objects.filter(pk__in=[one.pk for one in gone]).delete()
    return [(one, answers.get(one.pk)) for one in grants]


class _Ground:
    """What decides about all the pairs of one act, read once."""

    def __init__(self, actor: User | None, asset_ids: Collection[int], given: Given) -> None:
        self._giver, self._given, self._by = Giver(actor, asset_ids), given, given_by(actor)
        self._kinds: dict[str, tuple[CustomRole | None, Permissions]] = {}
        self._owners = {one.pk: one for one in Organisation.objects.all()}
        self._shares: dict[int, list[Share]] = defaultdict(list)
        found = Share.objects.filter(asset_id__in=asset_ids, is_paused=False).order_by("pk")
        for one in found.select_related("partner", "partnership"):
            self._shares[one.asset_id].append(one)

    def grant(self, pair: Pair, ends_on: date | None) -> Grant:
        """As it is to be, not saved. Raises what ``give_role`` raises."""
        card, member = pair.card, pair.member
        if card.family not in self._kinds:
            self._kinds[card.family] = self._given.permissions(card.family)
        custom, permissions = self._kinds[card.family]
        self._giver.check(asset_id=card.key, member=member, permissions=permissions)
        owner, shares = self._owners.get(card.organisation_id), self._shares.get(card.key, ())
        return Grant(
            asset_id=card.key, member=member, custom_role=custom, ends_on=ends_on,
            share=way_among(card, member, permissions, owner, shares),
            role="" if custom else self._given.role, permissions=sorted(permissions),
            owner_id=card.organisation_id, organisation_id=member.organisation_id,
            user_id=member.user_id, **self._by,
        )  # fmt: skip


Slot = tuple[int, int, int | None, str, int | None]


def _slot(one: Grant) -> Slot:
    """What the same role on the same account has in common."""
    return one.asset_id, one.member_id, one.share_id, one.role, one.custom_role_id


def _held(wanted: Collection[Grant]) -> dict[Slot, Grant]:
    found = Grant.objects.filter(
        asset_id__in={one.asset_id for one in wanted},
        member_id__in={one.member_id for one in wanted},
    )
    return {_slot(one): one for one in found}


def _is_keeper(one: Grant, card: AssetCard) -> bool:
    """Whether ``keeping`` may have something to say of it."""
    return one.share_id is None and one.role != "" and one.role == family(card.family).keeper


def _write(
    actor: User | None, wanted: Mapping[int, Grant], held: Mapping[Slot, Grant]
) -> dict[int, Once]:
    new = [one for one in wanted.values() if _slot(one) not in held]
    Grant.objects.bulk_create(new, batch_size=2_000)
    again: dict[tuple[str, ...], list[int]] = defaultdict(list)
    answers: dict[int, Once] = {}
    for at, one in wanted.items():
        before = held.get(_slot(one))
        if before is None:
            answers[at] = Once(one.pk, False, None)
            continue
        answers[at] = Once(before.pk, True, before.ends_on)
        again[tuple(one.permissions)].append(before.pk)
    any_of = next(iter(wanted.values()), None)
    for permissions, keys in again.items():
        Grant.objects.filter(pk__in=keys).update(
            permissions=list(permissions), ends_on=any_of.ends_on if any_of else None,
            **given_by(actor),
        )  # fmt: skip
    _note(actor, wanted.values(), "access.granted")
    return answers


def _note(actor: User | None, grants: Iterable[Grant], action: str) -> None:
    """As for one: a line in the journal of the member's side, and of the owner's over a share."""
    noted = list(grants)
    people = {one.pk: str(one) for one in User.objects.filter(pk__in={g.user_id for g in noted})}
    shares = Share.objects.filter(pk__in={g.share_id for g in noted if g.share_id})
    partnerships = {one.pk: one.partnership for one in shares.select_related("partnership")}
    lines: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in noted:
        about = {
            "person": people.get(one.user_id, ""), "person_id": one.user_id,
            "asset_id": one.asset_id, "role": one.role or str(one.custom_role),
        }  # fmt: skip
        lines[one.organisation_id].append(about)
        if one.share_id in partnerships:
            tell_other_side(actor, partnerships[one.share_id], action, **about)
    for organisation_id, details in lines.items():
        audit.record_each(
            organisation_id=organisation_id, action=action,
            actor_id=actor.pk if actor else None,
            actor=str(actor) if actor else audit.OPERATOR, details=details,
        )  # fmt: skip


def _give(actor: User | None, pair: Pair, given: Given, ends_on: date | None) -> Once:
    there = Grant.objects.filter(asset_id=pair.card.key, member=pair.member)
    before = {one.pk: one.ends_on for one in there}
    made = give_role(
        actor=actor, asset_id=pair.card.key, member_id=pair.member.pk, given=given, ends_on=ends_on
    )
    return Once(made.pk, made.pk in before, before.get(made.pk))


def _alone(act: Callable[[], Any]) -> Any:
    try:
        with transaction.atomic():
            return act()
    except RegieError as error:
        return error
