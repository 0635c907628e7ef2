"""What a change of people, or of the rule of what they see, would change for each: tried first.

Nothing stays of a trial, letters neither. Only those whom the change concerns are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.db import transaction

from regie.apps.access.accesses import Access, accesses_of
from regie.apps.access.effects import Effect, difference
from regie.apps.access.receiving import keys_listed
from regie.apps.accounts.models import User
from regie.apps.organisations import selectors as organisations
from regie.apps.organisations import services
from regie.apps.organisations.models import Member, Organisation, Role
from regie.apps.organisations.services import Done, LineAnswer, Removed, Wanted

Result = TypeVar("Result")
MOST_PEOPLE = 100
MOST_PAIRS = 20_000  # of a person and an account that a trial looks at


@dataclass(frozen=True)
class Trial(Generic[Result]):
    """``result`` is what the act would answer; ``is_whole`` whether all whom it concerns, and all
    their accounts, were looked at."""

    result: Result
    effects: Sequence[Effect]
    is_whole: bool


def what_if_one_changed(
    *, actor: User, member_id: int, role: str, ends_on: date | None
) -> Trial[Member]:
    """Raises what ``change_member`` raises."""
    return _tried(
        lambda: services.change_member(
            actor=actor, member_id=member_id, role=role, ends_on=ends_on
        ),
        _members(pk=member_id),
    )


def what_if_one_removed(*, actor: User, member_id: int) -> Trial[Removed]:
    """Raises what ``remove_member`` raises."""
    return _tried(
        lambda: services.remove_member(actor=actor, member_id=member_id), _members(pk=member_id)
    )


def what_if_changed(
    *, actor: User, member_ids: Collection[int], role: str, ends_on: date | None
) -> Trial[Done]:
    """By another manager role, or another last day."""
    return _tried(
        lambda: services.change_members(
            actor=actor, member_ids=member_ids, role=role, ends_on=ends_on
        ),
        _members(pk__in=set(member_ids)),
    )


def what_if_removed(*, actor: User, member_ids: Collection[int]) -> Trial[Done]:
    """By being taken out."""
    return _tried(
        lambda: services.remove_members(actor=actor, member_ids=member_ids),
        _members(pk__in=set(member_ids)),
    )


def what_if_brought(
    *, actor: User, organisation: Organisation, people: Sequence[Wanted], language: str,
    address: str,
) -> Trial[list[LineAnswer]]:  # fmt: skip
    """By a list of people. Who is invited by it gains nothing before he has accepted."""
    emails = {one.email.strip().casefold() for one in people}
    here = _members(organisation=organisation)
    return _tried(
        lambda: services.bring_people(
            actor=actor, organisation=organisation, people=people, language=language,
            address=address,
        ),
        [one for one in here if one.user.email.casefold() in emails],
    )  # fmt: skip


def what_if_access_set(
    *, actor: User, organisation: Organisation, see_all: bool, until: date | None
) -> Trial[int]:
    """By what members see. With ``until``, what changes on that day; the result is how many get a
    letter now."""
    concerned = [one for one in _members(organisation=organisation)
                 if one.role != Role.ADMINISTRATOR]  # fmt: skip

    def act() -> int:
        letters = services.set_access(
            actor=actor, organisation=organisation, see_all=see_all, until=until
        )
        if see_all and until is not None:  # as it stands once the day has come
            services.set_access(actor=actor, organisation=organisation, see_all=False, until=None)
        return letters

    return _tried(act, concerned)


def _members(**of: Any) -> list[Member]:
    found = Member.objects.filter(removed_at=None, **of).select_related("user", "organisation")
    return list(found.order_by("pk"))


def _tried(act: Callable[[], Result], concerned: Sequence[Member]) -> Trial[Result]:
    looked_at = concerned[:MOST_PEOPLE]
    users = sorted({one.user_id for one in looked_at})
    keys = _keys(looked_at)
    most = MOST_PAIRS // max(1, len(users))
    before = _accesses(users, keys[:most])
    with transaction.atomic():
        point = transaction.savepoint()
        try:
            result = act()
            after = _accesses(users, keys[:most])
        finally:
            transaction.savepoint_rollback(point)
    is_whole = len(looked_at) == len(concerned) and len(keys) <= most
    return Trial(result, difference(before, after), is_whole)


def _keys(members: Iterable[Member]) -> list[int]:
    """Of the accounts that they can come to by these memberships."""
    places = {one.organisation_id: one.organisation for one in members}
    branches = {one.pk for place in places.values() for one in organisations.branch_of(place)}
    return keys_listed(branches) if branches else []


def _accesses(users: Iterable[int], keys: Sequence[int]) -> list[Access]:
    return [one for user_id in users for one in accesses_of(user_id, keys)]
