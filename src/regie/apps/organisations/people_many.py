"""Change what many people are, or take them out, in a few statements.

What one is refused does not stop the others. Administrators go last, and together too as long as
somebody is left who administers; where nobody would be, they go one by one and the last one stays.
Whoever acts goes after all others, as the rest would not be his to do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.organisations import policies
from regie.apps.organisations.models import Member, Organisation, Role
from regie.apps.organisations.people import (
    Removed,
    change_member,
    check_still_headed,
    details_of,
    remove_member,
    take_out,
)
from regie.apps.organisations.roles import check_role
from regie.kernel import clock
from regie.kernel.errors import Forbidden, Refused, RegieError
from regie.kernel.i18n import Sentence

Become = tuple[str, date | None]  # a role, and the last day
Details = dict[str, Any]


@dataclass(frozen=True)
class Done:
    """What became of each of several memberships: those changed, and those refused with why."""

    changed: tuple[str, ...]
    refused: tuple[tuple[str, Sentence], ...]
    removed: tuple[Removed, ...] = ()


@dataclass(frozen=True)
class _Way:
    """``write`` changes the row it is given, without saving it, and says what the journal will,
    or None where nothing changes; ``alone`` does the same to one, with every check."""

    action: str
    write: Callable[[Member], Details | None]
    alone: Callable[[int], object]


def change_members(
    *, actor: User, member_ids: Iterable[int], role: str, ends_on: date | None
) -> Done:
    wanted = list(member_ids)
    return _done(wanted, become(actor=actor, wanted=dict.fromkeys(wanted, (role, ends_on))))


def become(*, actor: User, wanted: Mapping[int, Become]) -> dict[int, tuple[str, Sentence | None]]:
    """Each membership by its key: whose it is, and why it could not become what was wanted.

    Those that are not there, or hidden, are left out.
    """

    def write(member: Member) -> Details | None:
        policies.check_is_open(member.organisation)
        role, ends_on = wanted[member.pk]
        check_role(organisation=member.organisation, role=role, ends_on=ends_on)
        before = (member.role, member.ends_on)
        if before == (role, ends_on):
            return None
        member.role, member.ends_on = role, ends_on
        return details_of(member) | {"before": {"role": before[0], "ends_on": str(before[1] or "")}}

    def alone(member_id: int) -> object:
        role, ends_on = wanted[member_id]
        return change_member(actor=actor, member_id=member_id, role=role, ends_on=ends_on)

    return _each(actor, wanted, _Way("organisations.member_changed", write, alone))


def remove_members(*, actor: User, member_ids: Iterable[int]) -> Done:
    wanted = list(member_ids)
    removed: dict[int, Removed] = {}

    def write(member: Member) -> Details:
        removed[member.pk] = Removed(member.pk, member.role, member.ends_on)
        told = details_of(member)
        take_out(member)
        return told

    def alone(member_id: int) -> None:
        removed[member_id] = remove_member(actor=actor, member_id=member_id)

    told = _each(actor, wanted, _Way("organisations.member_removed", write, alone))
    return _done(wanted, told, removed)


def _done(
    wanted: Iterable[int], told: Mapping[int, tuple[str, Sentence | None]],
    removed: Mapping[int, Removed] | None = None,
) -> Done:  # fmt: skip
    met = [(key, *told[key]) for key in dict.fromkeys(wanted) if key in told]
    return Done(
        tuple(name for _key, name, problem in met if problem is None),
        tuple((name, problem) for _key, name, problem in met if problem is not None),
        tuple(removed[key] for key, _name, problem in met if problem is None and key in removed)
        if removed
        else (),
    )


@transaction.atomic
def _each(
    actor: User, member_ids: Iterable[int], way: _Way
) -> dict[int, tuple[str, Sentence | None]]:
    order = list(dict.fromkeys(member_ids))
    members = _members(order)
    there = [members[one] for one in order if one in members]
    heads = [one for one in there if one.role == Role.ADMINISTRATOR]
    told, written = _tried(actor, [one for one in there if one.role != Role.ADMINISTRATOR], way)
    _keep(actor, way.action, written)
    told |= _heads(actor, [one for one in heads if one.user_id != actor.pk], way)
    for own in (one for one in heads if one.user_id == actor.pk):
        told[own.pk] = (str(own.user), _alone(way, own.pk))
    return told


def _heads(
    actor: User, heads: list[Member], way: _Way
) -> dict[int, tuple[str, Sentence | None]]:  # fmt: skip
    try:
        with transaction.atomic():
            told, written = _tried(actor, heads, way)
            _keep(actor, way.action, written)
            for place in {one.organisation_id: one.organisation for one, _said in written}.values():
                check_still_headed(place)
    except Refused:
        return {one.pk: (str(one.user), _alone(way, one.pk)) for one in heads}
    return told


def _tried(
    actor: User, members: Iterable[Member], way: _Way
) -> tuple[dict[int, tuple[str, Sentence | None]], list[tuple[Member, Details]]]:
    """What becomes of each, and the rows that change, which are not saved yet."""
    told: dict[int, tuple[str, Sentence | None]] = {}
    written: list[tuple[Member, Details]] = []
    rights: dict[int, Sentence | None] = {}
    for member in members:
        problem = _refused(actor, member.organisation, rights)
        if problem is None:
            try:
                details = way.write(member)
            except RegieError as error:
                problem = error.sentence
            else:
                written += [(member, details)] if details is not None else []
        told[member.pk] = (str(member.user), problem)
    return told, written


def _members(keys: Iterable[int]) -> dict[int, Member]:
    """With their organisations locked, in the order of their keys, before the rows are read."""
    there = Member.objects.filter(pk__in=list(keys), removed_at=None)
    places = {
        one.pk: one
        for one in Organisation.objects.select_for_update(no_key=True)
        .filter(pk__in=set(there.values_list("organisation_id", flat=True)))
        .order_by("pk")
    }
    found = [one for one in there.select_related("user") if one.organisation_id in places]
    for one in found:
        one.organisation = places[one.organisation_id]
    return {one.pk: one for one in found}


def _refused(
    actor: User, organisation: Organisation, rights: dict[int, Sentence | None]
) -> Sentence | None:
    """Why ``actor`` may change nobody there; asked once for each organisation."""
    if organisation.pk not in rights:
        rights[organisation.pk] = None
        try:
            policies.check_can_administer(actor=actor, organisation=organisation, now=clock.now())
        except Forbidden as error:
            rights[organisation.pk] = error.sentence
    return rights[organisation.pk]


def _keep(actor: User, action: str, written: Iterable[tuple[Member, Details]]) -> None:
    alike: dict[tuple[str, date | None, bool], list[Member]] = defaultdict(list)
    lines: dict[int, list[Details]] = defaultdict(list)
    for member, details in written:
        alike[member.role, member.ends_on, member.removed_at is not None].append(member)
        lines[member.organisation_id].append(details)
    for (role, ends_on, _is_out), members in alike.items():
        Member.objects.filter(pk__in=[one.pk for one in members]).update(
            role=role, ends_on=ends_on, removed_at=members[0].removed_at
        )
    for organisation_id, details_of_each in lines.items():
        audit.record_each(
            organisation_id=organisation_id, action=action, actor_id=actor.pk, actor=str(actor),
            details=details_of_each,
        )  # fmt: skip


def _alone(way: _Way, key: int) -> Sentence | None:
    try:
        with transaction.atomic():
            way.alone(key)
    except RegieError as error:
        return error.sentence
    return None
