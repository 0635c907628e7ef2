"""Whose figures a person reads: the keys of assets that open them, worked out at each request.

Beside them stand the campaigns of others' accounts that work for him, by beneficiary rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from struct import iter_unpack

from django.db import connection

from regie.apps.access.paths import given, rules_of
from regie.apps.beneficiaries.selectors import parts_of
from regie.apps.organisations.models import Organisation
from regie.domain.permissions.definitions import VIEW, Permissions
from regie.kernel.scope import Scope

_FIGURES: Permissions = frozenset({VIEW})

_ASKED = """
    SELECT regie_is_operator(), coalesce(array_agg(id), '{}') FROM organisations_organisation
    WHERE id = ANY (%s::bigint[])
"""
_WHOLE = """
    SELECT organisation_id, rules::text FROM regie_read_whole(%s::bigint[])
"""
_PATHS = """
    SELECT assigned, ceiling, rules::text, assets FROM regie_paths_of_mine(%s::bigint[])
"""
# Keys travel as bytes: reading a hundred thousand of them one by one would cost more than all else.
_KEYS = """
    SELECT string_agg(int8send(id), '') FROM (
        SELECT id FROM assets_asset WHERE organisation_id = ANY (%s::bigint[])
        UNION ALL
        SELECT id FROM assets_asset WHERE id = ANY (%s::bigint[])
    ) met
"""


def scope_of(organisations: Sequence[Organisation]) -> Scope:
    """The scope of the current context, narrowed to ``organisations`` and what is shared with them.

    The keys are read under the application role, so that row security has had its say too: an
    asset that the context may not see adds nothing, whatever was worked out here.
    """
    asked = [organisation.pk for organisation in organisations]
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [asked])
        ((is_operator, asked),) = cursor.fetchall()
        own: list[int] = []
        if is_operator:
            whole, single = asked, []
        else:
            cursor.execute(_WHOLE, [asked])
            whole = [one for one, rules in cursor.fetchall() if _opens(None, None, rules)]
            cursor.execute(_PATHS, [asked])
            open_paths = [
                (ceiling, keys)
                for assigned, ceiling, rules, keys in cursor.fetchall()
                if _opens(assigned, ceiling, rules)
            ]
            single = [key for _ceiling, keys in open_paths for key in keys]
            # What a partner shares has a ceiling; what works for its places stays with its owner.
            own = [key for ceiling, keys in open_paths if ceiling is None for key in keys]
        cursor.execute(_KEYS, [whole, single])
        ((keys,),) = cursor.fetchall()
    assets = frozenset(_unpacked(keys))
    return Scope(frozenset(asked), assets, parts_of(whole, own, assets))


def _opens(
    assigned: Iterable[str] | None, ceiling: Iterable[str] | None, rules: str | None
) -> bool:
    held = None if assigned is None else frozenset(assigned)
    under = None if ceiling is None else frozenset(ceiling)
    return bool(given(_FIGURES, held, under, rules_of(rules)))


def _unpacked(keys: bytes | None) -> Iterable[int]:
    return (key for (key,) in iter_unpack(">q", keys or b""))
