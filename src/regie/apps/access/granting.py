"""Give a role on an asset, and take it back; each leaves a line in the journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from regie.apps.access import policies
from regie.apps.access.effects import Effect, what_if
from regie.apps.access.journal import note, tell_other_side
from regie.apps.access.keeping import check_keeper_stays
from regie.apps.access.models import CustomRole, Grant, Share
from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.organisations.models import Member, Organisation
from regie.domain.permissions.catalog import role as built_in
from regie.domain.permissions.definitions import Permissions
from regie.kernel.errors import NotFound, Refused
from regie.kernel.i18n import _


@dataclass(frozen=True)
class Given:
    """What is given: a role of the family, or one of the organisation's own (by its number)."""

    role: str = ""
    custom_role_id: int | None = None

    @classmethod
    def chosen(cls, value: str) -> Given:
        """As ``RoleChoice.value`` writes it."""
        own = value.removeprefix("own-")
        return cls(value) if own == value else cls(custom_role_id=int(own))

    def permissions(self, family_name: str) -> tuple[CustomRole | None, Permissions]:
        if self.custom_role_id is None:
            return None, built_in(family_name, self.role).permissions
        custom = CustomRole.objects.filter(pk=self.custom_role_id, family=family_name).first()
        if custom is None:
            raise NotFound(_("There is no such role."))
        return custom, frozenset(custom.permissions)


@transaction.atomic
def give_role(
    *,
    actor: User | None,
    asset_id: int,
    member_id: int,
    given: Given,
    ends_on: date | None = None,
) -> Grant:
    """``member_id`` works on the asset from now on; the same again changes its end only.

    Raises ``NotFound`` for what is hidden, ``Forbidden``, and ``Refused`` above a ceiling.
    """
    asset = assets.card(asset_id)
    member = Member.objects.select_related("organisation").filter(pk=member_id).first()
    if member is None:
        raise NotFound(_("There is no such member."))
    custom, permissions = given.permissions(asset.family)
    policies.check_can_give(actor=actor, asset_id=asset_id, member=member, permissions=permissions)
    share = _way_to(asset, member, permissions)
    role = "" if custom else given.role
    if ends_on is not None:
        _check_may_end(asset_id, member, share, role)
    try:
        with transaction.atomic():
            grant, _created = Grant.objects.update_or_create(
                asset_id=asset_id, member=member, share=share, role=role, custom_role=custom,
                defaults={
                    "owner_id": asset.organisation_id, "organisation_id": member.organisation_id,
                    "user_id": member.user_id, "permissions": sorted(permissions),
                    "ends_on": ends_on, **given_by(actor),
                },
            )  # fmt: skip
    except IntegrityError as error:  # the ceiling was lowered, or the share ended, just now
        raise Refused(_("This can’t be given any more: something changed meanwhile.")) from error
    _note(actor, grant, "access.granted")
    return grant


def given_by(actor: User | None) -> dict[str, Any]:
    """Columns of a grant."""
    return {
        "granted_by_id": actor.pk if actor else None, "granted_by": str(actor) if actor else ""
    }  # fmt: skip


def _check_may_end(asset_id: int, member: Member, share: Share | None, role: str) -> None:
    """A last day for a role that is held already may leave the account to nobody."""
    held = Grant.objects.filter(asset_id=asset_id, member=member, share=share, role=role)
    for one in held.filter(custom_role=None):
        check_keeper_stays(one)


def _way_to(asset: assets.AssetCard, member: Member, permissions: Permissions) -> Share | None:
    """None where the asset is of the member's own branch; else the share that allows it."""
    owner = Organisation.objects.filter(pk=asset.organisation_id).first()
    shares = Share.objects.filter(asset_id=asset.key, is_paused=False).order_by("pk")
    return way_among(asset, member, permissions, owner, shares.select_related("partner"))


def way_among(
    asset: assets.AssetCard, member: Member, permissions: Permissions,
    owner: Organisation | None, shares: Iterable[Share],
) -> Share | None:  # fmt: skip
    """As ``_way_to``, of an owner and of shares that were read already, with their partners."""
    branch = member.organisation.path
    if owner is not None and owner.path.startswith(branch):
        return None
    leading = [one for one in shares if one.partner.path.startswith(branch)]
    if not leading:
        raise NotFound(_("There is no such account among those of this member’s organisation."))
    fitting = [one for one in leading if permissions <= frozenset(one.ceiling)]
    if not fitting:
        policies.check_under_ceiling(
            family=asset.family, permissions=permissions, ceiling=frozenset(leading[0].ceiling),
            owner=asset.organisation,
        )  # fmt: skip
    return fitting[0]


@transaction.atomic
def withdraw_role(*, actor: User | None, grant_id: int) -> None:
    """Raises ``Refused`` for the last one who answers for what an account pays."""
    grant = Grant.objects.select_for_update().filter(pk=grant_id).first()
    if grant is None:
        raise NotFound(_("There is no such role."))
    member = Member.objects.select_related("organisation").filter(pk=grant.member_id).first()
    if member is not None:
        policies.check_can_give(
            actor=actor, asset_id=grant.asset_id, member=member, permissions=frozenset()
        )
    else:  # of a partner's person: the owner takes back what is his
        owner = Organisation.objects.filter(pk=grant.owner_id).first()
        if owner is None:
            raise NotFound(_("There is no such role."))
        policies.check_can_administer(actor=actor, organisation=owner)
    check_keeper_stays(grant)
    _note(actor, grant, "access.withdrawn")
    grant.delete()


def what_if_role_withdrawn(*, actor: User | None, grant_id: int) -> list[Effect]:
    """Who would lose what. Raises what ``withdraw_role`` raises."""
    there = list(Grant.objects.filter(pk=grant_id).values_list("asset_id", flat=True))
    return what_if(lambda: withdraw_role(actor=actor, grant_id=grant_id), there)


def what_if_role_given(
    *, actor: User | None, asset_id: int, member_id: int, given: Given, ends_on: date | None = None
) -> list[Effect]:
    """Who would gain what. Raises what ``give_role`` raises."""
    return what_if(
        lambda: give_role(
            actor=actor, asset_id=asset_id, member_id=member_id, given=given, ends_on=ends_on
        ),
        [asset_id],
    )


def _note(actor: User | None, grant: Grant, action: str) -> None:
    person = str(User.objects.filter(pk=grant.user_id).first() or "")
    role = grant.role or str(grant.custom_role)
    about = {"person": person, "person_id": grant.user_id, "asset_id": grant.asset_id, "role": role}
    note(actor, grant.organisation_id, action, **about)
    if grant.share_id is not None:
        share = Share.objects.filter(pk=grant.share_id).select_related("partnership").first()
        if share is not None:
            tell_other_side(actor, share.partnership, action, **about)
