"""Share assets with a partner under a ceiling, raise and lower it, stop sharing.

What the partner's people may do follows at once: nothing of it is stored. Only the owner shares,
so that a partner never passes on what was shared with him.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction

from regie.apps.access import policies
from regie.apps.access.accesses import Access, accesses_between, accesses_on
from regie.apps.access.alike import what_if_on_many
from regie.apps.access.effects import Effect, difference, what_if, what_if_between
from regie.apps.access.holders import holders_on
from regie.apps.access.journal import note, note_effects, tell_other_side
from regie.apps.access.keeping import check_page_has_keeper
from regie.apps.access.models import Partnership, PartnershipState, Share
from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.organisations.models import Organisation
from regie.domain.permissions.catalog import known
from regie.domain.permissions.definitions import Permissions
from regie.kernel.errors import NotFound, Refused, WrongUse
from regie.kernel.i18n import _, say


@transaction.atomic
def share_assets(
    *,
    actor: User | None,
    partnership_id: int,
    asset_ids: Collection[int],
    ceiling: Collection[str],
) -> list[Share]:
    """All of ``asset_ids`` under one ceiling, or none of them; those shared already keep theirs.

    Raises ``NotFound`` for an asset that the owner of the partnership doesn't own.
    """
    partnership = _partnership(actor, partnership_id)
    cards = [assets.card(one) for one in sorted(set(asset_ids))]
    shared: list[Share] = []
    for card in cards:
        if card.organisation_id != partnership.owner_id:
            raise NotFound(_("There is no such account among your own."))
        if not card.is_linked:
            raise Refused(
                say(_("{account} is not linked: nobody has said that it is yours."),
                    account=card.label),
                hint=_("Link it first, then share it."),
            )  # fmt: skip
        if not Share.objects.filter(partnership=partnership, asset_id=card.key).exists():
            check_page_has_keeper(card)
        share, created = Share.objects.get_or_create(
            partnership=partnership, asset_id=card.key,
            defaults={
                "owner_id": partnership.owner_id, "partner_id": partnership.partner_id,
                "ceiling": _ceiling(card.family, ceiling), "shared_by": str(actor or ""),
            },
        )  # fmt: skip
        if created:
            shared.append(share)
            _note(actor, share, partnership, "access.shared", card.label)
    return shared


def note_share(
    *, actor: User, partnership_id: int, asset: assets.AssetCard, was: Collection[str],
    ceiling: Collection[str], before: Sequence[Access],
) -> None:  # fmt: skip
    """The owner’s lines of a share that the database made for who answered a request; one for each
    person concerned where it raises ``was``, an earlier ceiling."""
    action = "access.ceiling_set" if was else "access.shared"
    note(actor, asset.organisation_id, action, asset_id=asset.key, account=asset.label,
         ceiling=sorted(ceiling), partnership_id=partnership_id)  # fmt: skip
    if was:
        effects = difference(before, accesses_on([asset.key]))
        note_effects(actor, asset.organisation_id, effects, because=action)


@transaction.atomic
def set_ceiling(*, actor: User | None, share_id: int, ceiling: Collection[str]) -> list[Effect]:
    """Raise or lower: it holds from the next request on. A line for each person concerned."""
    share, partnership = _share(actor, share_id)
    card = assets.card(share.asset_id)
    before = accesses_on([share.asset_id])
    share.ceiling = _ceiling(card.family, ceiling)
    share.save(update_fields=["ceiling"])
    effects = difference(before, accesses_on([share.asset_id]))
    _note(actor, share, partnership, "access.ceiling_set", card.label)
    note_effects(actor, share.owner_id, effects, because="access.ceiling_set")
    return effects


@transaction.atomic
def stop_sharing(*, actor: User | None, share_id: int) -> list[Effect]:
    """The roles that the partner gave on the asset end too."""
    share, partnership = _share(actor, share_id)
    card = assets.card(share.asset_id)
    there = holders_on([card.key])
    before = accesses_between(there)
    _note(actor, share, partnership, "access.unshared", card.label)
    share.delete()
    effects = difference(before, accesses_between(there))
    note_effects(actor, partnership.owner_id, effects, because="access.unshared")
    return effects


def what_if_shared(
    *, actor: User | None, partnership_id: int, asset_ids: Collection[int],
    ceiling: Collection[str],
) -> Sequence[Effect]:  # fmt: skip
    """Who would gain what by ``share_assets``, and raises what it raises."""
    return what_if_on_many(
        lambda: share_assets(
            actor=actor, partnership_id=partnership_id, asset_ids=asset_ids, ceiling=ceiling
        ),
        sorted(set(asset_ids)),
    )


def what_if_ceiling(*, actor: User | None, share_id: int, ceiling: Collection[str]) -> list[Effect]:
    """Who would gain and lose what by ``set_ceiling``."""
    share = _share(actor, share_id)[0]
    return what_if(
        lambda: set_ceiling(actor=actor, share_id=share_id, ceiling=ceiling), [share.asset_id]
    )


def what_if_unshared(*, actor: User | None, share_ids: Sequence[int]) -> list[Effect]:
    shares = [_share(actor, one)[0] for one in share_ids]

    def all_of_them() -> None:
        for share in shares:
            stop_sharing(actor=actor, share_id=share.pk)

    return what_if_between(all_of_them, holders_on([one.asset_id for one in shares]))


def _ceiling(family: str, codes: Collection[str]) -> list[str]:
    found: Permissions = known(family, codes)
    if not found:
        raise WrongUse(
            _("A ceiling leaves at least one permission."),
            hint=_("To leave none, stop sharing."),
        )
    return sorted(found)


def _partnership(actor: User | None, partnership_id: int) -> Partnership:
    found = Partnership.objects.filter(pk=partnership_id).first()
    owner = Organisation.objects.filter(pk=found.owner_id).first() if found else None
    if found is None or owner is None:
        raise NotFound(_("There is no such partnership."))
    policies.check_can_administer(actor=actor, organisation=owner)
    if found.state != PartnershipState.ACTIVE:
        raise Refused(_("This partnership is not active: nothing can be shared through it."))
    return found


def _share(actor: User | None, share_id: int) -> tuple[Share, Partnership]:
    share = Share.objects.select_for_update().filter(pk=share_id).first()
    if share is None:  # absent, or a partner's look at what is not his to change
        raise NotFound(_("There is no such share."))
    return share, _partnership(actor, share.partnership_id)


def _note(
    actor: User | None, share: Share, partnership: Partnership, action: str, account: str
) -> None:
    about = {"asset_id": share.asset_id, "account": account, "ceiling": list(share.ceiling),
             "partnership_id": partnership.pk}  # fmt: skip
    note(actor, partnership.owner_id, action, **about)
    tell_other_side(actor, partnership, action, **about)
