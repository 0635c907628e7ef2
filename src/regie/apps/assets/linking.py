"""Say that an account is one's own, detach it, delete it: in self-service, and losing no figure."""

from __future__ import annotations

from decimal import Decimal

from django.db import IntegrityError, transaction

from regie.apps.accounts.models import User
from regie.apps.assets import policies
from regie.apps.assets.catalog import id_form, kind_of
from regie.apps.assets.models import MOST_AD_ACCOUNTS, Asset, Status
from regie.apps.audit import services as audit
from regie.apps.organisations.models import Organisation
from regie.kernel import clock
from regie.kernel.errors import NotFound, Refused
from regie.kernel.i18n import _, say

LONGEST_NAME = 200
AT_THE_LIMIT = "at_most_1000_ad_accounts"


@transaction.atomic
def link(
    *,
    actor: User | None,
    organisation: Organisation,
    platform: str,
    external_id: str,
    name: str = "",
    location: str = "",
) -> tuple[int, bool]:
    """The key of the account, and whether it was not linked before.

    An account that an import has met is the same account: its figures stay where they are.
    Raises ``WrongUse`` for an id of another form, ``Refused`` beyond what a manager may hold.
    """
    policies.check_can_link(actor=actor, organisation=organisation)
    form = id_form(platform)
    wanted = form.read(external_id)
    known = Asset.objects.filter(
        organisation=organisation, platform=platform, external_id__in=form.spellings(wanted)
    ).first()
    if known is not None and known.status == Status.LINKED:
        return known.pk, False
    said = {"status": Status.LINKED, "linked_at": clock.now(), "kind": kind_of(platform).name}
    if name.strip():
        said["name"] = name.strip()[:LONGEST_NAME]
    if location.strip():
        said["location"] = location.strip()[:80]
    try:
        with transaction.atomic():
            if known is None:
                known, _created = Asset.objects.update_or_create(
                    organisation=organisation, platform=platform, external_id=wanted,
                    defaults=said,
                    create_defaults={**said, "location": location.strip() or organisation.location},
                )  # fmt: skip
            else:
                Asset.objects.filter(pk=known.pk).update(**said)
    except IntegrityError as error:
        told = getattr(error.__cause__, "diag", None)
        if told is None or told.constraint_name != AT_THE_LIMIT:
            raise
        raise too_many() from error
    _note(actor, organisation.pk, "assets.linked", known.pk, platform, wanted)
    return known.pk, True


def too_many() -> Refused:
    return Refused(
        say(_("A manager holds at most {most} ad accounts."), most=Decimal(MOST_AD_ACCOUNTS)),
        hint=_("Detach some, or create another manager for a part of them."),
        code="too_many_ad_accounts",
    )


@transaction.atomic
def let_go(*, actor: User | None, asset_id: int, status: str) -> None:
    """``Status.DETACHED``: no longer one's own; ``Status.DELETED``: out of the console too.

    Figures that came in stay in the reports of the organisation.
    """
    asset = found(asset_id)
    policies.check_can_let_go(actor=actor, organisation=_owner(asset))
    Asset.objects.filter(pk=asset.pk).update(status=status, linked_at=None)
    _note(actor, asset.organisation_id, f"assets.{status}", asset.pk, asset.platform,
          asset.external_id)  # fmt: skip


def fold(*, actor: User | None, asset_id: int, into: int | None) -> None:
    """It turned out to be ``into`` and leaves the console; without ``into`` it comes back."""
    asset = Asset.objects.get(pk=asset_id)
    status = Status.DELETED if into is not None else Status.FOUND
    Asset.objects.filter(pk=asset_id).update(merged_into=into, status=status)
    action = "assets.folded" if into is not None else "assets.unfolded"
    _note(actor, asset.organisation_id, action, asset_id, asset.platform, str(asset))


def is_folded(asset_id: int) -> bool:
    return Asset.objects.filter(pk=asset_id, merged_into__isnull=False).exists()


@transaction.atomic
def rename(*, actor: User | None, asset_id: int, name: str, location: str) -> None:
    """What people call it; empty takes the platform's name again, that files know it by."""
    asset = found(asset_id)
    policies.check_can_link(actor=actor, organisation=_owner(asset))
    called = " ".join(name.split())[:LONGEST_NAME]
    wanted = {
        "called": "" if called == asset.name else called, "location": location.strip()[:80]
    }  # fmt: skip
    if wanted == {"called": asset.called, "location": asset.location}:
        return
    Asset.objects.filter(pk=asset.pk).update(**wanted)
    _note(actor, asset.organisation_id, "assets.renamed", asset.pk, asset.platform,
          called or str(asset.name))  # fmt: skip


def found(asset_id: int) -> Asset:
    """Raises ``NotFound`` for one that is absent, hidden or deleted."""
    asset = Asset.objects.exclude(status=Status.DELETED).filter(pk=asset_id).first()
    if asset is None:
        raise NotFound(_("There is no such account."))
    return asset


def _owner(asset: Asset) -> Organisation:
    """Raises ``NotFound`` for an asset that was only shared with the context."""
    owner = Organisation.objects.filter(pk=asset.organisation_id).first()
    if owner is None:
        raise NotFound(_("There is no such account."))
    return owner


def _note(
    actor: User | None, organisation_id: int, action: str, asset_id: int, platform: str, said: str
) -> None:
    audit.record(
        organisation_id=organisation_id,
        action=action,
        actor_id=actor.pk if actor else None,
        actor=str(actor) if actor else audit.OPERATOR,
        asset_id=asset_id,
        platform=platform,
        account=said,
    )
