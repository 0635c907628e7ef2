"""Accounts that were met twice: by a file, and linked elsewhere, before the two knew of each other.

Only what the context sees is compared, so that nobody learns of an account by owning its number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q

from regie.apps.assets.cards import AssetCard, cards
from regie.apps.assets.catalog import spellings
from regie.apps.assets.models import Asset, Status


def doubles_among(found: Iterable[AssetCard]) -> dict[int, AssetCard]:
    """Of accounts that files made: the one linked account of another organisation that each is."""
    listed = list(found)
    ids = {
        one.key: spellings(one.platform, one.external_id)
        for one in listed
        if one.status == Status.FOUND and one.shown_id
    }
    asked = {one.key: one for one in listed if one.key in ids}
    if not asked:
        return {}
    linked = Asset.objects.filter(
        status=Status.LINKED,
        platform__in={one.platform for one in asked.values()},
        external_id__in={spelling for written in ids.values() for spelling in written},
    ).values_list("pk", "organisation_id", "platform", "external_id")
    met: dict[int, list[int]] = {}
    for key, owner, platform, number in linked:
        for one in asked.values():
            same = one.platform == platform and number in ids[one.key]
            if same and one.organisation_id != owner:
                met.setdefault(one.key, []).append(key)
    # Of several it could be either: that is for people to say.
    alone = {key: others[0] for key, others in met.items() if len(others) == 1}
    known = {one.key: one for one in cards(set(alone.values()))}
    return {key: known[other] for key, other in alone.items() if other in known}


def folded_among(keys: Collection[int] | None) -> list[tuple[int, int]]:
    """(key of a double, that of the account it became) where either is among ``keys``; all of them
    without ``keys``."""
    found = Asset.objects.filter(merged_into__isnull=False)
    if keys is not None:
        found = found.filter(Q(pk__in=keys) | Q(merged_into_id__in=keys))
    return [(key, same) for key, same in found.order_by("pk").values_list("pk", "merged_into_id")]


def doubles_of(key: int) -> list[AssetCard]:
    """Accounts that became part of ``key``, as far as the context sees them."""
    return cards(Asset.objects.filter(merged_into_id=key).values_list("pk", flat=True))
