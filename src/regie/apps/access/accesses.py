"""What one person may do with one asset, all paths together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from regie.apps.access.paths import Path, given, paths_to
from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.assets.selectors import AssetCard
from regie.domain.permissions import order
from regie.domain.permissions.catalog import family
from regie.domain.permissions.definitions import Permissions


@dataclass(frozen=True)
class Access:
    """What one person may do with one asset, and why."""

    user_id: int
    person: str
    email: str
    asset_id: int
    permissions: Permissions
    paths: tuple[Path, ...]


def permissions_on(user: User, asset_id: int) -> Permissions:
    """Empty where there is no such asset, or none that ``user`` may see."""
    found = why(user, asset_id)
    return found.permissions if found else order.NOTHING


def why(user: User, asset_id: int) -> Access | None:
    """The paths by which ``user`` comes to the asset. None where none leads there.

    Of somebody else only those learn it who administer the asset or his organisation.
    """
    paths = paths_to([asset_id], user_id=user.pk)
    return _accesses(paths)[0] if paths else None


def accesses_on(asset_ids: Sequence[int]) -> list[Access]:
    """Who may do what, person by person, as far as the current context may know."""
    return _accesses(paths_to(asset_ids))


def accesses_of(user_id: int, asset_ids: Sequence[int]) -> list[Access]:
    """What one person may do with each of these, as far as the current context may know."""
    return _accesses(paths_to(asset_ids, user_id=user_id))


def accesses_between(keys_of: Mapping[int, Collection[int]]) -> list[Access]:
    """What each of these people may do with his accounts, by user, as far as one may know."""
    return [
        one
        for user_id, keys in keys_of.items()
        for one in accesses_of(user_id, sorted(keys))
    ]  # fmt: skip


def _accesses(paths: Sequence[Path], families: Mapping[int, str] | None = None) -> list[Access]:
    if families is None:
        families = assets.families({path.asset_id for path in paths})
    everything = {key: family(name).all for key, name in families.items()}
    found: dict[tuple[int, int], list[Path]] = {}
    for path in paths:
        found.setdefault((path.asset_id, path.user_id), []).append(path)

    @cache  # thousands of people come by a handful of ways
    def gives(asset_id: int, *limits: Any) -> Permissions:
        return given(everything.get(asset_id, order.NOTHING), *limits)

    return [
        Access(
            user_id=user_id,
            person=of[0].person,
            email=of[0].email,
            asset_id=asset_id,
            permissions=order.union(
                gives(asset_id, path.assigned, path.ceiling, path.rules) for path in of
            ),
            paths=tuple(of),
        )
        for (asset_id, user_id), of in found.items()
    ]


def my_accesses(user: User, cards: Collection[AssetCard]) -> list[Access]:
    """What ``user`` may do with each of ``cards``: one read for a page of a list."""
    paths = paths_to([one.key for one in cards], user_id=user.pk)
    return _accesses(paths, {one.key: one.family for one in cards})
