"""Accounts by their number: those that a list shows to the token's person, and no other."""

from __future__ import annotations

from collections.abc import Iterable

from regie.api.shapes import LARGEST
from regie.api.speaking import Call
from regie.apps.access import selectors as access
from regie.apps.assets import selectors as assets
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _


def account_of(request: Call, account_id: int) -> assets.AssetCard:
    """Of those that the token's person may see; a hidden one answers like an absent one."""
    if not accounts_among(request, [account_id]):
        raise NotFound(_("There is no such account."))
    return assets.card(account_id)


def accounts_among(request: Call, account_ids: Iterable[int]) -> list[int]:
    """Those of ``account_ids`` that the token's person may see, in order."""
    asked = {one for one in account_ids if 0 < one < LARGEST}
    return access.keys_listed([one.pk for one in request.organisations], among=asked)
