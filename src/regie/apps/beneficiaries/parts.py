"""What of other people's accounts works for those whom a person reads whole."""

from __future__ import annotations

import json
from collections.abc import Collection

from django.db import connection

from regie.apps.assets.selectors import AssetCard
from regie.domain.permissions.definitions import VIEW
from regie.kernel.scope import Part, Scope

# The assignments are read under the application role; the function only says whose they are.
_PARTS = """
    SELECT a.asset_id, a.level, a.entity, a.starts_on, a.ends_on, s.slug, s.place, s.rules::text
    FROM beneficiaries_assignment a
    JOIN regie_served(%s::bigint[], %s::bigint[]) s ON s.rule_id = a.rule_id
"""
_LOCATIONS = """
    SELECT coalesce(array_agg(id), '{}') FROM assets_asset
    WHERE kind = 'location' AND id = ANY (%s::bigint[])
"""
_CARDS = """
    SELECT id, organisation_id, organisation, slug, platform, external_id, name, currency,
           location, time_zone, kind, status
    FROM regie_serving_accounts(%s::bigint[]) ORDER BY id
"""


def parts_of(
    organisations: Collection[int], given: Collection[int], assets: Collection[int]
) -> frozenset[Part]:
    """Parts that work for ``organisations``, which are read whole, or for locations ``given``.

    Accounts among ``assets`` are read whole anyway.
    """
    if not organisations and not given:
        return frozenset()
    with connection.cursor() as cursor:
        locations: list[int] = []
        if given:
            cursor.execute(_LOCATIONS, [list(given)])
            ((locations,),) = cursor.fetchall()
        cursor.execute(_PARTS, [list(organisations), locations])
        found = cursor.fetchall()
    return frozenset(
        Part(asset, level, entity, starts, ends, slug or "", place or "")
        for asset, level, entity, starts, ends, slug, place, rules in found
        if asset not in assets and _opens(rules)
    )


def _opens(rules: str | None) -> bool:
    """Whether the owner, and those above it, allow figures to be seen at all."""
    return all(VIEW in rule for rule in json.loads(rules)) if rules else True


def cards_of_parts(scope: Scope) -> list[AssetCard]:
    """The accounts of which ``scope`` has parts: their names, and nothing of what is in them."""
    asked = sorted(scope.sources - scope.assets)
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_CARDS, [asked])
        return [
            AssetCard(
                key, owner, organisation, slug, platform, number, name, currency, location, zone,
                kind, status,
            )
            for key, owner, organisation, slug, platform, number, name, currency, location, zone,
            kind, status in cursor.fetchall()
        ]  # fmt: skip
