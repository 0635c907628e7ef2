"""What is known of an account and of its owner: read for pages, lists and figures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from typing import Any

from django.db import connection

from regie.apps.assets.catalog import kinds
from regie.apps.assets.models import Asset, Status
from regie.apps.organisations.models import Organisation
from regie.domain.platforms import name_of
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _

KEPT_CARDS = 4_096  # in this process, about a kilobyte each


@dataclass(frozen=True)
class AssetCard:
    """What pages and figures need to know of an account, a page or another asset."""

    key: int
    organisation_id: int
    organisation: str
    organisation_slug: str
    platform: str
    external_id: str
    name: str
    currency: str
    location: str
    time_zone: str = ""
    kind: str = "source"
    status: str = Status.FOUND
    called: str = ""
    owner_kind: str = ""

    @property
    def family(self) -> str:
        """The family of its permissions."""
        return kinds()[self.kind].family

    @property
    def is_linked(self) -> bool:
        return self.status == Status.LINKED

    @property
    def shown_id(self) -> str:
        """The platform's own id; empty where files gave a name only."""
        return "" if self.external_id.startswith("name:") else self.external_id

    @property
    def label(self) -> str:
        """What people here call it, else its name, else its id, else its platform's name."""
        told = self.called or self.name or self.external_id.removeprefix("name:")
        return told or name_of(self.platform)


def card(key: int) -> AssetCard:
    """Raises ``NotFound`` where there is no such asset, or none that may be seen."""
    found = cards([key])
    if not found:
        raise NotFound(_("There is no such account."))
    return found[0]


def cards(keys: Iterable[int]) -> list[AssetCard]:
    # Every question asks for them: written out, they come in a fifth of the time of models.
    with connection.cursor() as cursor:
        # As a text: an array of thousands of keys takes longer to be written than to be found.
        cursor.execute(_CARDS, [f"{{{','.join(map(str, keys))}}}"])
        return cards_of(cursor.fetchall())


def cards_of(rows: Sequence[tuple[Any, ...]]) -> list[AssetCard]:
    """Of rows that hold ``COLUMNS`` of an asset, then ``OWNER`` of its organisation or nulls."""
    others = owners_of({row[1] for row in rows if row[-5] is None})
    return [
        _card(row if row[-5] is not None else (*row[:-5], *astuple(others[row[1]])))
        for row in rows
        if row[-5] is not None or row[1] in others
    ]


@lru_cache(maxsize=KEPT_CARDS)
def _card(row: tuple[Any, ...]) -> AssetCard:
    """Of the same row the same card: to find it again is far quicker than to make it."""
    key, _owner, platform, number, name, currency, location, zone, kind, status, called = row[:11]
    owner, organisation, slug, place, owner_kind = row[-5:]
    return AssetCard(
        key, owner, organisation, slug, platform, number, name, currency, location or place, zone,
        kind, status, called, owner_kind,
    )  # fmt: skip


COLUMNS = (
    "id", "organisation_id", "platform", "external_id", "name", "currency", "location",
    "time_zone", "kind", "status", "called",
)  # fmt: skip
OWNER = "o.id, o.name, o.slug, o.location, o.kind"
# Of a partner's organisation no row may be seen: what is known of it is asked for apart.
WITH_OWNER = f"LEFT JOIN {Organisation._meta.db_table} o ON o.id = a.organisation_id"
_CARDS = (
    f"SELECT {', '.join(f'a.{name}' for name in COLUMNS)}, {OWNER} "
    f"FROM {Asset._meta.db_table} a {WITH_OWNER} WHERE a.id = ANY (%s::bigint[]) ORDER BY a.id"
)


@dataclass(frozen=True)
class Owner:
    """What one may know of the organisation that owns an asset: one's own, or a partner's."""

    id: int
    name: str
    slug: str
    location: str
    kind: str


def owners_of(organisation_ids: Collection[int]) -> dict[int, Owner]:
    """Those that the context may know; of a partner only its name and place are known."""
    if not organisation_ids:
        return {}
    columns = ("pk", "name", "slug", "location", "kind")
    own = Organisation.objects.filter(pk__in=organisation_ids).values_list(*columns)
    known = {row[0]: Owner(*row) for row in own}
    if missing := [one for one in organisation_ids if one not in known]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, name, slug, location, kind FROM regie_neighbours() WHERE id = ANY (%s)",
                [missing],
            )
            known |= {row[0]: Owner(*row) for row in cursor.fetchall()}
    return known


def places_of(keys: Collection[int]) -> list[tuple[int, str, str, str, int]]:
    """(key, slug of the owner, platform, location): what figures of accounts are split by; and the
    account that it turned out to be, 0 for none."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [f"{{{','.join(map(str, keys))}}}"])
        found = cursor.fetchall()
    others = owners_of({row[1] for row in found if row[5] is None})
    return [
        (key, others[owner].slug, platform, location or others[owner].location, same)
        if slug is None
        else (key, slug, platform, location or place, same)
        for key, owner, platform, location, same, slug, place in found
        if slug is not None or owner in others
    ]


_PLACES = (
    "SELECT a.id, a.organisation_id, a.platform, a.location, coalesce(a.merged_into_id, 0), "
    "o.slug, o.location "
    f"FROM {Asset._meta.db_table} a {WITH_OWNER} WHERE a.id = ANY (%s::bigint[]) ORDER BY a.id"
)
