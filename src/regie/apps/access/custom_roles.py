"""Roles of an organisation's own, beside those that platforms know."""

from __future__ import annotations

from collections.abc import Collection

from django.db import IntegrityError, transaction

from regie.apps.access import policies
from regie.apps.access.accesses import accesses_on
from regie.apps.access.effects import Effect, difference, what_if
from regie.apps.access.journal import note, note_effects
from regie.apps.access.models import CustomRole, Grant
from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.organisations.models import Organisation
from regie.domain.permissions.catalog import known
from regie.kernel.errors import NotFound, Refused, WrongUse
from regie.kernel.i18n import _, say

LONGEST = 60


@transaction.atomic
def create_role(
    *,
    actor: User | None,
    organisation: Organisation,
    family: str,
    name: str,
    permissions: Collection[str],
) -> CustomRole:
    """Members of ``organisation`` and of those below it can be given it."""
    policies.check_can_administer(actor=actor, organisation=organisation)
    written = _written(family, name, permissions)
    try:
        with transaction.atomic():
            made = CustomRole.objects.create(
                organisation=organisation, family=family, name=written[0], permissions=written[1]
            )
    except IntegrityError as error:
        raise _taken(written[0]) from error
    note(actor, organisation.pk, "access.role_created", name=made.name,
         permissions=made.permissions)  # fmt: skip
    return made


@transaction.atomic
def change_role(
    *, actor: User | None, role_id: int, name: str, permissions: Collection[str]
) -> list[Effect]:
    """Whoever holds it has the new permissions at once, under the ceilings that hold for him."""
    role = _found(actor, role_id)
    role.name, role.permissions = _written(role.family, name, permissions)
    held = Grant.objects.filter(custom_role=role)
    touched = _touched(role)
    before = accesses_on(touched)
    _check_under_ceilings(role)
    try:
        with transaction.atomic():
            role.save(update_fields=["name", "permissions"])
    except IntegrityError as error:
        raise _taken(role.name) from error
    held.update(permissions=role.permissions)
    effects = difference(before, accesses_on(touched))
    note(actor, role.organisation_id, "access.role_changed", name=role.name,
         permissions=role.permissions)  # fmt: skip
    note_effects(actor, role.organisation_id, effects, because="access.role_changed")
    return effects


def what_if_role(
    *, actor: User | None, role_id: int, name: str, permissions: Collection[str]
) -> list[Effect]:
    """Who would gain and lose what by ``change_role``."""
    return what_if(
        lambda: change_role(actor=actor, role_id=role_id, name=name, permissions=permissions),
        _touched(_found(actor, role_id)),
    )


@transaction.atomic
def remove_role(*, actor: User | None, role_id: int) -> None:
    role = _found(actor, role_id)
    if Grant.objects.filter(custom_role=role).exists():
        raise Refused(
            _("Somebody still holds this role."), hint=_("Withdraw it from everybody first.")
        )
    note(actor, role.organisation_id, "access.role_removed", name=role.name)
    role.delete()


def _found(actor: User | None, role_id: int) -> CustomRole:
    role = CustomRole.objects.select_related("organisation").filter(pk=role_id).first()
    if role is None:
        raise NotFound(_("There is no such role."))
    policies.check_can_administer(actor=actor, organisation=role.organisation)
    return role


def _touched(role: CustomRole) -> list[int]:
    held = Grant.objects.filter(custom_role=role)
    return list(held.values_list("asset_id", flat=True).distinct())


def _check_under_ceilings(role: CustomRole) -> None:
    """Where a partner's account is held by it, the role stays under that ceiling."""
    held = Grant.objects.filter(custom_role=role).exclude(share=None)
    for grant in held.select_related("share").order_by("pk"):
        if grant.share is not None:
            policies.check_under_ceiling(
                family=role.family, permissions=frozenset(role.permissions),
                ceiling=frozenset(grant.share.ceiling),
                owner=assets.card(grant.asset_id).organisation,
            )  # fmt: skip


def _taken(name: str) -> Refused:
    return Refused(say(_("There already is a role “{name}”."), name=name))


def _written(family: str, name: str, permissions: Collection[str]) -> tuple[str, list[str]]:
    said = " ".join(name.split())
    if not said or len(said) > LONGEST:
        raise WrongUse(_("A role needs a name of at most 60 letters."))
    chosen = sorted(known(family, permissions))
    if not chosen:
        raise WrongUse(_("A role needs at least one permission."))
    return said, chosen
