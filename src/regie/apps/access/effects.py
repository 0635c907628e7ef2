"""Who gains and who loses what: before a change is made, and in the journal once it is.

A change is tried by making it in a savepoint that is rolled back: what is shown beforehand is what
the same code would do, not what another believes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import overload

from django.db import transaction

from regie.apps.access.accesses import Access, accesses_between, accesses_on
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


class Effects(Sequence[Effect]):
    """Effects by account, then person; those of accounts that are alike are held once.

    ``held`` are those of the first of each, and ``like`` says of each account which that is. A
    thousand accounts and two thousand people are two million effects, and a handful held.
    """

    def __init__(self, held: Sequence[Effect], like: Mapping[int, int] | None = None) -> None:
        self.held = held
        of: dict[int, list[Effect]] = {}
        for one in held:
            of.setdefault(one.asset_id, []).append(one)
        alike = {key: key for key in of} if like is None else like
        self._of = of
        self.like = {key: alike[key] for key in sorted(alike) if alike[key] in of}

    def __len__(self) -> int:
        return sum(len(self._of[first]) for first in self.like.values())

    def __iter__(self) -> Iterator[Effect]:
        for key, first in self.like.items():
            for one in self._of[first]:
                yield one if key == first else replace(one, asset_id=key)

    @overload
    def __getitem__(self, index: int) -> Effect: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Effect]: ...
    def __getitem__(self, index: int | slice) -> Effect | Sequence[Effect]:
        if isinstance(index, int):
            return list(self)[index]
        start, stop, step = index.indices(len(self))
        return list(islice(self, start, stop, step)) if step > 0 else list(self)[index]

    def accounts_with(self, effects: Iterable[Effect]) -> int:
        """On how many accounts there is any of ``effects``, which are some of those held."""
        times = Counter(self.like.values())
        return sum(times[key] for key in {one.asset_id for one in effects})


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
    return _tried(change, lambda: accesses_on(asset_ids))


def what_if_between(
    change: Callable[[], object], keys_of: Mapping[int, Collection[int]]
) -> list[Effect]:
    """As ``what_if``, of a change that concerns these users on these accounts of theirs alone."""
    return _tried(change, lambda: accesses_between(keys_of))


def _tried(change: Callable[[], object], look: Callable[[], Iterable[Access]]) -> list[Effect]:
    before = look()
    with transaction.atomic():
        point = transaction.savepoint()
        try:
            change()
            after = look()
        finally:
            transaction.savepoint_rollback(point)
    return difference(before, after)
