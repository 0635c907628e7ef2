"""What a move, a merger, a closing or an opening would change, said before it is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from regie.apps.organisations.models import Member, Organisation, Role
from regie.apps.organisations.policies import has_ended
from regie.apps.organisations.policies import line_of as ids_of_line
from regie.kernel import clock


@dataclass(frozen=True)
class Consequences:
    """``gain`` and ``lose`` are people who would begin or cease to see the branch."""

    branch: int
    gain: tuple[str, ...]
    lose: tuple[str, ...]
    people: tuple[str, ...] = ()
    children: tuple[str, ...] = ()


def of_move(organisation: Organisation, to: Organisation | None) -> Consequences:
    before = set(ids_of_line(organisation)[:-1])
    after = set(ids_of_line(to)) if to else set()
    inside = _people(Organisation.objects.filter(path__startswith=organisation.path), all_=True)
    kept = inside | _seeing(before & after)
    return Consequences(
        branch=Organisation.objects.filter(path__startswith=organisation.path).count(),
        gain=_names(_seeing(after - before) - kept),
        lose=_names(_seeing(before - after) - kept - _seeing(after)),
    )


def of_merger(organisation: Organisation, into: Organisation) -> Consequences:
    moved = of_move(organisation, into)
    there = Member.objects.filter(organisation=into).values("user_id")
    members = Member.objects.filter(organisation=organisation).exclude(user_id__in=there)
    children = Organisation.objects.filter(parent=organisation).exclude(pk=into.pk)
    return Consequences(
        branch=moved.branch,
        gain=moved.gain,
        lose=moved.lose,
        people=_names({(one.user_id, str(one.user)) for one in members.select_related("user")}),
        children=tuple(children.order_by("name").values_list("name", flat=True)),
    )


def of_closing(organisation: Organisation) -> Consequences:
    """Those who work in the branch lose it; who administers it, or sees it from above, does not."""
    branch = Organisation.objects.filter(path__startswith=organisation.path, closed_at=None)
    kept = _seeing(ids_of_line(organisation)[:-1]) | _people(
        branch, all_=True, role=Role.ADMINISTRATOR
    )
    return Consequences(
        branch=branch.count(), gain=(), lose=_names(_people(branch, all_=True) - kept)
    )


def of_opening(organisation: Organisation) -> Consequences:
    """Those who lost it when it was closed get in again, with the roles that they had."""
    branch = Organisation.objects.filter(
        path__startswith=organisation.path, closed_at=organisation.closed_at
    )
    kept = _seeing(ids_of_line(organisation)[:-1]) | _people(
        branch, all_=True, role=Role.ADMINISTRATOR
    )
    return Consequences(
        branch=branch.count(), gain=_names(_people(branch, all_=True) - kept), lose=()
    )


def _seeing(organisations: Iterable[int]) -> set[tuple[int, str]]:
    """Who sees all that is below these organisations."""
    return _people(Organisation.objects.filter(pk__in=list(organisations)), all_=False)


def _people(
    organisations: QuerySet[Organisation], *, all_: bool, role: str = ""
) -> set[tuple[int, str]]:
    found = Member.objects.filter(organisation__in=organisations).select_related(
        "user", "organisation"
    )
    if role:
        found = found.filter(role=role)
    if not all_:
        found = found.filter(Q(role=Role.ADMINISTRATOR) | Q(organisation__members_see_all=True))
    now = clock.now()
    return {(one.user_id, str(one.user)) for one in found if not has_ended(one, now=now)}


def _names(people: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(sorted(name for _id, name in people))
