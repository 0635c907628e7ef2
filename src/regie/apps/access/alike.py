"""Accounts on which the same people may do the same: looked at once, however many they are.

Paths are made of places, organisations, partnerships, roles and shares. Two accounts of one owner
with the same roles and the same shares are alike, and where none of the five changes nobody gains
or loses anything. A thousand accounts and two thousand people are two million pairs of both, and a
handful of accounts that are not alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import connection, transaction

from regie.apps.access.accesses import Access, accesses_on
from regie.apps.access.effects import Effects, difference
from regie.apps.assets import selectors as assets

# When a role was last used says nothing about who may.
_SHAPES = """
    SELECT a.id, md5(concat_ws('|', a.organisation_id, a.kind, (
        SELECT string_agg(concat_ws(' ', g.member_id, g.share_id IS NULL, s.partner_id, g.role,
                                    g.permissions, g.ends_on), ',' ORDER BY g.member_id, g.id)
        FROM access_grant g LEFT JOIN access_share s ON s.id = g.share_id
        WHERE g.asset_id = a.id
    ), (
        SELECT string_agg(concat_ws(' ', s.partner_id, s.ceiling, s.is_paused), ','
                          ORDER BY s.partner_id, s.id)
        FROM access_share s WHERE s.asset_id = a.id
    )))
    FROM assets_asset a WHERE a.id = ANY (%s)
"""
_AROUND = """
    WITH line AS (
        SELECT DISTINCT above.id::bigint AS id FROM (
            SELECT o.path FROM assets_asset a
            JOIN organisations_organisation o ON o.id = a.organisation_id WHERE a.id = ANY (%s)
            UNION
            SELECT p.path FROM access_share s
            JOIN organisations_organisation p ON p.id = s.partner_id WHERE s.asset_id = ANY (%s)
        ) lower
        CROSS JOIN LATERAL unnest(string_to_array(trim(both '/' from lower.path), '/')) above(id)
    )
    SELECT md5(concat_ws('|',
        (SELECT string_agg(concat_ws(' ', id, user_id, organisation_id, role, ends_on), ','
                           ORDER BY id)
         FROM organisations_member WHERE organisation_id IN (SELECT id FROM line)),
        (SELECT string_agg(concat_ws(' ', id, path, policy, members_see_all, assigned_only_from,
                                     closed_at, time_zone), ',' ORDER BY id)
         FROM organisations_organisation WHERE id IN (SELECT id FROM line)),
        (SELECT string_agg(concat_ws(' ', id, owner_id, partner_id, state), ',' ORDER BY id)
         FROM access_partnership WHERE owner_id IN (SELECT id FROM line))))
"""


def people_on(asset_ids: Sequence[int]) -> dict[int, int]:
    """How many people may do anything with each."""
    shapes = _shapes(asset_ids)
    first = {shape: key for key, shape in reversed(shapes.items())}
    counts = dict.fromkeys(first.values(), 0)
    for one in accesses_on(sorted(counts)):
        counts[one.asset_id] += bool(one.permissions)
    return {key: counts[first[shape]] for key, shape in shapes.items()}


def what_if_on_many(change: Callable[[], object], asset_ids: Sequence[int]) -> Effects:
    """As ``what_if``, worked out once for accounts that were alike and still are afterwards."""
    around, was = _around(asset_ids), _shapes(asset_ids)
    families = assets.families(asset_ids)
    like: dict[int, int] = {}
    before: list[Access] = []
    after: list[Access] = []
    with transaction.atomic():
        point = transaction.savepoint()
        try:
            change()
            is_same, will = around == _around(asset_ids), _shapes(asset_ids)
            first: dict[tuple[str | None, str | None, str | None], int] = {}
            for key in sorted(set(asset_ids)):
                shape = was.get(key), will.get(key), families.get(key)
                if not (is_same and shape[0] == shape[1]):
                    like[key] = first.setdefault(shape, key)
            after = accesses_on(list(first.values())) if first else []
        finally:
            transaction.savepoint_rollback(point)
    if like:
        before = accesses_on(list(first.values()))
    return Effects(difference(before, after), like)


def _shapes(asset_ids: Sequence[int]) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(_SHAPES, [list(asset_ids)])
        return dict(cursor.fetchall())


def _around(asset_ids: Sequence[int]) -> str:
    """The organisations from which paths lead to these, and their people."""
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, [list(asset_ids)] * 2)
        ((digest,),) = cursor.fetchall()
    return str(digest)
