"""The accounts that files name: one's own, those of organisations below, and those of partners.

An account that a partner shared is his, whoever brings its figures in: they go into his books,
where his ceiling allows it, and no second account is made of it.
"""

from __future__ import annotations

from typing import Any

from regie.apps.access.selectors import (
    check_can_bring_figures,
    names_shared_in,
    shared_in,
)
from regie.apps.accounts.models import User
from regie.apps.assets import services as assets
from regie.apps.assets.selectors import kind_of, spellings
from regie.apps.connections.context import context_of
from regie.apps.connections.models import Import
from regie.apps.organisations.models import Organisation
from regie.ingestion.accounts import FoundAccount, KnownAccount
from regie.ingestion.files.refusal import UnreadableFile
from regie.kernel.errors import RegieError


class Book:
    """Finds or creates the asset of each account; ``before`` is the import as it was first read."""

    def __init__(
        self, actor: User | None, organisation: Organisation, *, before: Import | None = None
    ) -> None:
        self.actor, self.organisation = actor, organisation
        windows = before.windows if before is not None else []
        self._before = {int(one["asset_key"]) for one in windows}
        self._is_again = before is not None

    def resolve(self, accounts: Any) -> dict[str, KnownAccount]:
        """Raises ``UnreadableFile`` for figures of a partner that one may not bring in."""
        found: list[FoundAccount] = list(accounts)
        with context_of(self.actor):
            others = {one.ref: self._of_others(one) for one in self._perhaps_of_others(found)}
            known = {ref: one for ref, one in others.items() if one is not None}
            own = [one for one in found if one.ref not in known]
            return known | assets.resolve_accounts(self.organisation, own, is_again=self._is_again)

    def _perhaps_of_others(self, accounts: list[FoundAccount]) -> list[FoundAccount]:
        """Those to look at one by one; most often nobody shares any."""
        named = [one for one in accounts if one.ref]
        if self._is_again:
            return named
        shared = names_shared_in(self.organisation, {one.platform for one in named})
        return [one for one in named if shared & {(one.platform, name) for name in _names(one)}]

    def _of_others(self, account: FoundAccount) -> KnownAccount | None:
        if self._is_again:  # what was shared then may be no longer, and its figures stay where
            return assets.met_before(self.organisation, self._before, account)
        if assets.is_own(self.organisation, account):
            return None
        is_named, names = account.ref.startswith("name:"), _names(account)
        shared = shared_in(
            self.organisation,
            platform=account.platform,
            family_name=kind_of(account.platform).family,
            external_ids=() if is_named else names,
            name=names[0] if is_named else "",
        )
        if shared is None:
            return None
        try:
            check_can_bring_figures(actor=self.actor, shared=shared)
        except RegieError as error:
            raise UnreadableFile(error.sentence, hint=error.hint, code=error.code) from error
        return KnownAccount(shared.key, shared.currency, shared.owner_id)


def _names(account: FoundAccount) -> tuple[str, ...]:
    """Its id as files may write it, or the name that it has instead."""
    if account.ref.startswith("name:"):
        return (account.ref.removeprefix("name:"),)
    return spellings(account.platform, account.ref)
