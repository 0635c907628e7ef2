"""Reads about assets; row security already hides those of others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from regie.apps.assets.models import Asset


@dataclass(frozen=True)
class AssetCard:
    """What figures need to know of an account."""

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


def cards(keys: Iterable[int]) -> list[AssetCard]:
    found = Asset.objects.filter(pk__in=list(keys)).select_related("organisation")
    return [
        AssetCard(
            asset.pk, asset.organisation_id, asset.organisation.name, asset.organisation.slug,
            asset.platform, asset.external_id, asset.name, asset.currency,
            asset.location or asset.organisation.location, asset.time_zone,
        )
        for asset in found.order_by("pk")
    ]  # fmt: skip


def accounts_on(organisation_id: int, platform: str) -> list[str]:
    """Names (or numbers, where there is no name) of the accounts met on ``platform``."""
    found = Asset.objects.filter(organisation_id=organisation_id, platform=platform)
    return sorted({asset.name or asset.external_id for asset in found} - {""})
