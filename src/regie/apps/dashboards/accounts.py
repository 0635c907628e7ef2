"""The accounts that an answer speaks of: their cards are read when it does, and of no other."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from regie.apps.assets import selectors as assets
from regie.apps.assets.selectors import AssetCard
from regie.apps.beneficiaries.selectors import cards_of_parts
from regie.apps.dashboards import labels
from regie.kernel.scope import Scope


class Accounts:
    """The accounts of ``scope``, for one question or several of one request."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._known: dict[int, AssetCard] = {}
        self._asked: set[int] = set()
        self._has_parts = False

    def cards(self, keys: Iterable[int]) -> dict[int, AssetCard]:
        """By key; those outside the scope are not among them."""
        wanted = set(keys) & self._scope.sources
        self._read(wanted - self._asked)
        return {key: self._known[key] for key in wanted if key in self._known}

    def named(self, values: Collection[str]) -> list[str]:
        """Keys, as text, of the accounts whose id or name is one of ``values``."""
        met = assets.keys_named(values) | (self._scope.sources - self._scope.assets)
        return labels.accounts_named(self.cards(met).values(), values)

    def _read(self, keys: set[int]) -> None:
        self._asked |= keys
        if own := keys & self._scope.assets:
            self._known |= {one.key: one for one in assets.cards(own)}
        if keys - own and not self._has_parts:
            self._has_parts = True
            self._known |= {one.key: one for one in cards_of_parts(self._scope)}
