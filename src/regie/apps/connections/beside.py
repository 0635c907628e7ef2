"""Imports of other organisations that speak of the same accounts, such as those of a partner.

They are read past row security, for what stands in the warehouse only: nobody is shown any.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from regie.apps.access.context import operating
from regie.apps.assets import selectors as assets
from regie.apps.audit import services as audit
from regie.apps.connections.models import Import, State
from regie.domain.privacy.masking import without_addresses

_TOUCHING = (
    "SELECT id FROM connections_import WHERE EXISTS (SELECT FROM jsonb_array_elements(windows) w "
    "WHERE (w->>'asset_key')::bigint = ANY (%s))"
)


def standing(record: Import) -> list[Import]:
    """Imports that facts of the same accounts come from, in the order of their publication."""
    states = (State.PUBLISHED, State.SUPERSEDED)
    with operating():
        found = Import.objects.filter(pk__in=_touching(record), state__in=states)
        return [one for one in found.order_by("version", "pk") if one.file_ids]


def of_accounts(keys: Collection[int]) -> list[Import]:
    """As ``standing``, of some accounts."""
    with operating(), connection.cursor() as cursor:
        cursor.execute(_TOUCHING, [list(keys)])
        numbers = [key for (key,) in cursor.fetchall()]
        found = Import.objects.filter(
            pk__in=numbers, state__in=(State.PUBLISHED, State.SUPERSEDED)
        ).select_related("organisation")
        return list(found.order_by("version", "pk"))


def published_since(record: Import) -> list[Import]:
    """Imports of the same accounts that were published after ``record``."""
    with operating():
        found = Import.objects.filter(pk__in=_touching(record), state=State.PUBLISHED)
        return list(found.filter(version__gt=record.version))


def tell_owners(record: Import, action: str) -> None:
    """A line in the journal of everybody else into whose books ``record`` has brought figures."""
    with operating():
        cards = assets.cards(_of(record))
        for owner in sorted({one.organisation_id for one in cards} - {record.organisation_id}):
            audit.record(
                organisation_id=owner, action=action, actor_id=None,
                actor=f"{record.actor} ({record.organisation.name})",
                file=without_addresses(record.file_name),
                accounts=[one.label for one in cards if one.organisation_id == owner],
            )  # fmt: skip


def _touching(record: Import) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHING, [_of(record)])
        return [key for (key,) in cursor.fetchall()]


def _of(record: Import) -> list[int]:
    return sorted({int(window["asset_key"]) for window in record.windows})
