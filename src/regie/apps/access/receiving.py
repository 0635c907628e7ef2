"""What single paths lead to: shared with some organisations, or given to the person there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from regie.apps.access.models import Share
from regie.apps.assets import selectors as assets
from regie.apps.organisations.models import Organisation

FEW = 2_000  # keys that a question still names one by one
EVERYTHING = ~Q(pk__in=())


@dataclass(frozen=True)
class Received:
    """``condition`` is one on assets; with ``is_many`` it names no single keys."""

    condition: Q
    is_many: bool


def received_by(organisations: Collection[int]) -> Received:
    """What is shared with these organisations, and what the person holds a role on there.

    Row security still decides which of it is seen.
    """
    asked = list(organisations)
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(assets) FROM regie_roles_of_mine(%s::bigint[])", [asked])
        given = [key for (key,) in cursor.fetchall()]
        cursor.execute(
            "SELECT partnership_id FROM regie_partnerships_of_mine(%s::bigint[]) "
            "WHERE NOT owner_id = ANY (%s::bigint[])",
            [asked, asked],
        )
        partnerships = [key for (key,) in cursor.fetchall()]
    shared = Share.objects.filter(partnership_id__in=partnerships, is_paused=False)
    if not partnerships or not shared[FEW : FEW + 1].exists():
        keys = list(shared.values_list("asset_id", flat=True)) if partnerships else []
        return Received(Q(pk__in={*keys, *given}), is_many=False)
    if not Organisation.objects.exclude(pk__in=asked).exists():
        return Received(EVERYTHING, is_many=True)  # that is seen at all: row security says it
    return Received(Q(pk__in=shared.values("asset_id")) | Q(pk__in=given), is_many=True)


def keys_listed(
    organisations: Collection[int], *, platform: str = "", among: Collection[int] | None = None,
    first: int = 0, most: int | None = None,
) -> list[int]:  # fmt: skip
    """Keys of the accounts that a list of these organisations shows, in order; ``most`` of them
    from ``first`` on.

    An account is listed where the person may know of it, whatever his role there opens. Whose
    *figures* he reads is narrower, and is a ``Scope``.
    """
    found = assets.shown(organisations, received=received_by(organisations).condition)
    if platform:
        found = found.filter(platform=platform)
    if among is not None:
        found = found.filter(pk__in=among)
    keys = found.order_by("pk").values_list("pk", flat=True)
    return list(keys[first : None if most is None else first + most])
