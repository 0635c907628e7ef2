"""Who gains and who loses what: before a change is made, and in the journal once it is.

A change is tried by making it in a savepoint that is rolled back: what is shown beforehand is what
the same code would do, not what another believes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from regie.apps.access.accesses import Access, accesses_on
from regie.domain.permissions import order
from regie.domain.permissions.definitions import Permissions


@dataclass(frozen=True)
class Effect:
    """What changes for one person on one asset."""

    user_id: int
    person: str
    email: str
    asset_id: int
    gained: Permissions
    lost: Permissions


def difference(before: Iterable[Access], after: Iterable[Access]) -> list[Effect]:
    """One effect for each person and asset whose permissions are no longer the same."""
    was = {(one.asset_id, one.user_id): one for one in before}
    will = {(one.asset_id, one.user_id): one for one in after}
    found = []
    for key in was.keys() | will.keys():
        one = will.get(key) or was[key]
        old = was[key].permissions if key in was else order.NOTHING
        new = will[key].permissions if key in will else order.NOTHING
        if old != new:
            found.append(
                Effect(one.user_id, one.person, one.email, one.asset_id, new - old, old - new)
            )
    return sorted(found, key=lambda one: (one.asset_id, one.person, one.user_id))


def what_if(change: Callable[[], object], asset_ids: Sequence[int]) -> list[Effect]:
    """What ``change`` would do to whoever comes to ``asset_ids``; nothing stays of it.

    Raises what ``change`` raises: what will be refused is refused now.
    """
    before = accesses_on(asset_ids)
    with transaction.atomic():
        point = transaction.savepoint()
        try:
            change()
            after = accesses_on(asset_ids)
        finally:
            transaction.savepoint_rollback(point)
    return difference(before, after)
