"""The people of a branch: found, filtered, a page at a time, however many there are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from regie.apps.organisations.models import Member, Organisation, Role
from regie.apps.organisations.policies import has_ended
from regie.apps.organisations.roles import today_in
from regie.kernel import clock

UNUSED = timedelta(days=90)
SOON = timedelta(days=30)
STATES = ("active", "ending", "ended", "unused", "without_second_factor")


@dataclass(frozen=True)
class Filter:
    """``only_here`` leaves out the organisations below."""

    text: str = ""
    role: str = ""
    state: str = ""
    only_here: bool = False


@dataclass(frozen=True)
class Person:
    """A membership as the list shows it; ``unused_days`` is None for one who was here lately."""

    member_id: int
    user_id: int
    name: str
    email: str
    role: str
    ends_on: date | None
    has_ended: bool
    ends_soon: bool
    organisation_id: int
    organisation: str
    joined_at: datetime | None
    last_active_on: date | None
    is_unused: bool
    has_second_factor: bool


def people_of(organisation: Organisation, wanted: Filter) -> QuerySet[Any]:
    """The memberships of the branch that match, by name; rows of ``person``."""
    today = today_in(organisation)
    found: QuerySet[Any] = (
        Member.objects.filter(removed_at=None)
        .select_related("user", "organisation")
        .annotate(
            has_second_factor=Exists(
                Authenticator.objects.filter(
                    user_id=OuterRef("user_id"),
                    type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN],
                )
            ),
            shown=Lower(
                Coalesce(NullIf("user__name", Value("")), "user__email", output_field=CharField())
            ),
        )
    )
    found = _branch(found, organisation, wanted)
    if wanted.text:
        words = wanted.text.split()
        for word in words:
            found = found.filter(Q(user__name__icontains=word) | Q(user__email__icontains=word))
    if wanted.role in Role.values:
        found = found.filter(role=wanted.role)
    return _in_state(found, wanted.state, today).order_by("shown", "pk")


def members_among(organisation: Organisation, member_ids: Collection[int]) -> list[int]:
    """Those of ``member_ids`` who belong to the branch and were not taken out, in order."""
    found = Member.objects.filter(
        pk__in=member_ids, organisation__path__startswith=organisation.path, removed_at=None
    )
    return sorted(found.values_list("pk", flat=True))


def person(member: Member) -> Person:
    """``member`` comes from ``people_of``."""
    today = today_in(member.organisation)
    ended = has_ended(member, now=clock.now())
    used = member.last_active_on or (member.joined_at.date() if member.joined_at else None)
    return Person(
        member_id=member.pk,
        user_id=member.user_id,
        name=member.user.name,
        email=member.user.email,
        role=member.role,
        ends_on=member.ends_on,
        has_ended=ended,
        ends_soon=not ended and member.ends_on is not None and member.ends_on <= today + SOON,
        organisation_id=member.organisation_id,
        organisation=member.organisation.name,
        joined_at=member.joined_at,
        last_active_on=member.last_active_on,
        is_unused=not ended and (used is None or used <= today - UNUSED),
        has_second_factor=bool(getattr(member, "has_second_factor", False)),
    )


def administrators_count(organisation: Organisation) -> int:
    """How many people administer it, from here or from above."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT regie_administrators(%s)", [organisation.pk])
        ((count,),) = cursor.fetchall()
    return int(count)


def _branch(found: QuerySet[Any], organisation: Organisation, wanted: Filter) -> QuerySet[Any]:
    if wanted.only_here:
        return found.filter(organisation=organisation)
    return found.filter(organisation__path__startswith=organisation.path)


def _in_state(found: QuerySet[Any], state: str, today: date) -> QuerySet[Any]:
    over = Q(ends_on__lt=today)
    ways = {
        "active": ~over | Q(ends_on=None),
        "ended": over,
        "ending": Q(ends_on__gte=today, ends_on__lte=today + SOON),
        "unused": (Q(ends_on=None) | ~over)
        & (
            Q(last_active_on__lte=today - UNUSED)
            | Q(last_active_on=None) & (Q(joined_at=None) | Q(joined_at__date__lte=today - UNUSED))
        ),
        "without_second_factor": Q(has_second_factor=False),
    }
    return found.filter(ways[state]) if state in ways else found
