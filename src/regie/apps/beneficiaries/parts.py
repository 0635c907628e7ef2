"""What of other people's accounts works for those whom a person reads whole."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import connection

from regie.apps.assets.selectors import AssetCard
from regie.domain.permissions.definitions import VIEW
from regie.kernel.scope import Part, Scope

# The assignments are read under the application role; the function only says whose they are.
_PARTS = """
    SELECT a.asset_id, a.level, a.entity, a.starts_on, a.ends_on, s.slug, s.place, a.source,
           a.location, s.beneficiary, s.named, s.rules::text
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


_PORTIONS = """
    SELECT asset_id, level, entity, starts_on, ends_on, source, location, beneficiary, named
    FROM regie_beneficiaries(%s::bigint[])
"""
_OWN = """
    SELECT asset_id, beneficiary, named FROM regie_own_beneficiaries(%s::bigint[])
"""


@dataclass(frozen=True)
class Portions:
    """``parts`` of accounts that are read whole, with whom each works for; what is left of the
    accounts in ``own`` works for their owner, below whom there is nobody. ``names`` by key."""

    parts: frozenset[Part]
    own: Mapping[int, str]
    names: Mapping[str, str]


def portions_of(scope: Scope) -> Portions:
    """For whom the accounts of ``scope`` work, as whoever reads an account whole may know."""
    asked = sorted(scope.assets)
    with connection.cursor() as cursor:
        cursor.execute(_PORTIONS, [asked])
        parts = frozenset(
            Part(asset, level, entity, starts, ends, "", "", source, location, key, name)
            for asset, level, entity, starts, ends, source, location, key, name in cursor.fetchall()
        )
        cursor.execute(_OWN, [asked])
        own = cursor.fetchall()
    names = {one.beneficiary: one.named for one in (*scope.parts, *parts)}
    names |= {key: name for _asset, key, name in own}
    return Portions(parts, {asset: key for asset, key, _name in own}, names)


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
        Part(asset, level, entity, starts, ends, slug or "", place or "", *rest)
        for asset, level, entity, starts, ends, slug, place, *rest, rules in found
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
