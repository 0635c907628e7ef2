"""The partial order of permission sets: what fits under a ceiling, and what comes out of a path.

A ceiling is a set: two roles may each hold something that the other has not, and then neither
is above the other.
"""

from __future__ import annotations

from collections.abc import Iterable

from regie.domain.permissions.definitions import Family, Permissions, Role

NOTHING: Permissions = frozenset()


def allowed(permissions: Permissions, ceiling: Permissions, policy: Permissions) -> Permissions:
    """What one path gives; an empty ``policy`` allows everything."""
    under = permissions & ceiling
    return under & policy if policy else under


def union(paths: Iterable[Permissions]) -> Permissions:
    """What several paths give together."""
    return NOTHING.union(*paths)


def fits(permissions: Permissions, ceiling: Permissions) -> bool:
    return permissions <= ceiling


def beyond(permissions: Permissions, ceiling: Permissions) -> Permissions:
    """What would have to be given up to fit."""
    return permissions - ceiling


def roles_within(family: Family, ceiling: Permissions) -> tuple[Role, ...]:
    """The roles that can be given under ``ceiling``, in the order of the family."""
    return tuple(one for one in family.roles if fits(one.permissions, ceiling))


def name_of(family: Family, permissions: Permissions) -> tuple[Role | None, Permissions]:
    """The widest role held whole, and what is held beside it. None where no role is whole."""
    within = [one for one in family.roles if one.permissions <= permissions]
    if not within:
        return None, permissions
    # The order of the family breaks ties: of two that hold as much, the first named.
    widest = max(within, key=lambda one: len(one.permissions))
    return widest, permissions - widest.permissions
