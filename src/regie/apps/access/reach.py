"""Whose figures a person reads: the keys of assets that open them, worked out at each request.

Beside them stand the campaigns of others' accounts that work for him, by beneficiary rules.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence

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
_PARTNERSHIPS = """
    SELECT partnership_id, owner_id, rules::text FROM regie_partnerships_of_mine(%s::bigint[])
"""
_ROLES = """
    SELECT assigned, ceiling, rules::text, assets FROM regie_roles_of_mine(%s::bigint[])
"""
# Keys travel as bytes: reading a hundred thousand of them one by one would cost more than all else.
_KEYS = """
    SELECT regie_keys(%s::bigint[], %s::bigint[], %s::bigint[])
"""


def scope_of(organisations: Sequence[Organisation]) -> Scope:
    """The scope of the current context, narrowed to ``organisations`` and what is shared with them.

    What opens is decided here for whole branches and partnerships, and role by role. The keys are
    then asked of the database, which works the same out in its own way: what the context may not
    read adds nothing, whatever was worked out here.
    """
    asked = [organisation.pk for organisation in organisations]
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [asked])
        ((is_operator, asked),) = cursor.fetchall()
        whole, partnerships, single = asked, [], []
        own: list[int] = []
        if not is_operator:
            cursor.execute(_WHOLE, [asked])
            whole = [one for one, rules in cursor.fetchall() if _opens(None, None, rules)]
            seen = set(whole)  # what is shared within one's own branch opens nothing more
            cursor.execute(_PARTNERSHIPS, [asked])
            partnerships = [
                one
                for one, owner, rules in cursor.fetchall()
                if owner not in seen and _opens(None, None, rules)
            ]
            cursor.execute(_ROLES, [asked])
            roles = [
                (ceiling, keys)
                for assigned, ceiling, rules, keys in cursor.fetchall()
                if _opens(assigned, ceiling, rules)
            ]
            single = [key for _ceiling, keys in roles for key in keys]
            # What a partner shares has a ceiling; what works for its places stays with its owner.
            own = [key for ceiling, keys in roles if ceiling is None for key in keys]
        cursor.execute(_KEYS, [whole, partnerships, single])
        ((keys,),) = cursor.fetchall()
    assets = frozenset(_unpacked(keys))
    return Scope(frozenset(asked), assets, parts_of(whole, own, assets))


def _opens(
    assigned: Iterable[str] | None, ceiling: Iterable[str] | None, rules: str | None
) -> bool:
    held = None if assigned is None else frozenset(assigned)
    under = None if ceiling is None else frozenset(ceiling)
    return bool(given(_FIGURES, held, under, rules_of(rules)))


def _unpacked(keys: bytes) -> array[int]:
    found = array("q", keys)
    if sys.byteorder == "little":
        found.byteswap()
    return found
