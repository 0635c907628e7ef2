"""An account that is there twice, because a file came before it was shared or linked, becomes one.

The owner's own is kept. What files said of the other counts on days of which the one that is kept
has no figures of its own, so that each is counted once and none is lost; it can be taken back.
"""

from __future__ import annotations

from regie.apps.access import policies
from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.assets import services as owned
from regie.apps.assets.selectors import AssetCard
from regie.apps.beneficiaries import services as beneficiaries
from regie.apps.connections.doubled import settle
from regie.apps.connections.taking_back import owner_of, publishing
from regie.kernel.errors import NotFound, Refused
from regie.kernel.i18n import _


def merge_double(*, actor: User | None, asset_id: int) -> AssetCard:
    """The account that remains. Raises ``NotFound`` for one that is hidden or not one's own,
    ``Refused`` for one that is no double."""
    with publishing(actor) as engine:
        card = _own(actor, asset_id)
        same = assets.doubles_among([card]).get(asset_id)
        if same is None:
            raise Refused(
                _("This account is not there twice."),
                hint=_("An account that a file brought is one with a linked one of the same ID."),
                code="no_double",
            )
        with operating():
            owned.fold(actor=actor, asset_id=asset_id, into=same.key)
            settle(engine, asset_id, same.key)
            beneficiaries.assign_again({asset_id})
        return same


def split_double(*, actor: User | None, asset_id: int) -> None:
    """Takes ``merge_double`` back."""
    with publishing(actor) as engine:
        card = _own(actor, asset_id)
        if not owned.is_folded(asset_id):
            raise NotFound(_("There is nothing to take back."))
        with operating():
            owned.fold(actor=actor, asset_id=card.key, into=None)
            settle(engine, card.key, None)
            beneficiaries.assign_again({card.key})


def _own(actor: User | None, asset_id: int) -> AssetCard:
    card = assets.card(asset_id)
    owner = owner_of(card)
    if owner is None:
        raise NotFound(_("There is no such account."))
    policies.check_can_import(actor=actor, organisation=owner)
    return card
