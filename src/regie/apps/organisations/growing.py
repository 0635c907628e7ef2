"""Rows of the tree as a page lists them, with who is there, and the latest changes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from regie.apps.organisations.models import Member, Organisation, TreeChange
from regie.apps.organisations.steering import UNDONE_WITHIN
from regie.kernel import clock


@dataclass(frozen=True)
class TreeRow:
    """``depth`` counts from the highest organisation that one sees."""

    id: int
    name: str
    slug: str
    kind: str
    depth: int
    line: str
    manager_number: str | None
    people: int
    is_closed: bool


@dataclass(frozen=True)
class ChangeCard:
    id: int
    kind: str
    organisation: str
    actor: str
    at: datetime


def tree_of(organisations: Sequence[Organisation]) -> list[TreeRow]:
    """In the order of a tree, siblings by name; ``line`` says where each one stands."""
    counted = (
        Member.objects.filter(organisation__in=organisations, removed_at=None)
        .values("organisation_id")
        .annotate(count=Count("pk"))
        .values_list("organisation_id", "count")
    )
    people = dict(counted)
    below: dict[int | None, list[Organisation]] = {}
    known = {one.pk for one in organisations}
    for one in organisations:
        above = one.parent_id if one.parent_id in known else None
        below.setdefault(above, []).append(one)
    rows: list[TreeRow] = []

    def add(parent_id: int | None, depth: int, line: str) -> None:
        for one in sorted(below.get(parent_id, ()), key=lambda found: (found.name, found.pk)):
            rows.append(
                TreeRow(
                    one.pk, one.name, one.slug, one.kind, depth, line, one.manager_number,
                    people.get(one.pk, 0), one.closed_at is not None,
                )
            )  # fmt: skip
            add(one.pk, depth + 1, f"{line} / {one.name}" if line else one.name)

    add(None, 0, "")
    return rows


def latest_changes(organisations: Sequence[Organisation], *, limit: int = 5) -> list[ChangeCard]:
    """What can still be taken back, newest first."""
    found = TreeChange.objects.select_related("organisation").filter(
        organisation__in=organisations, undone_at=None, at__gt=clock.now() - UNDONE_WITHIN
    )
    return [
        ChangeCard(one.pk, one.kind, one.organisation.name, one.actor, one.at)
        for one in found.order_by("-at", "-pk")[:limit]
    ]
