"""Roles of an organisation's own as its pages list them, with who holds each."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from regie.apps.access.models import CustomRole, Grant
from regie.apps.assets import selectors as assets
from regie.apps.organisations import policies as organisations
from regie.apps.organisations.models import Organisation
from regie.domain.permissions.definitions import Permissions
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _


@dataclass(frozen=True)
class CustomRoleCard:
    """``holders`` counts the times that it was given, as far as the reader may know."""

    id: int
    organisation_id: int
    organisation: str
    family: str
    name: str
    permissions: Permissions
    holders: int


@dataclass(frozen=True)
class Holder:
    person: str
    email: str
    asset_id: int
    account: str


def custom_roles_of(organisation: Organisation) -> list[CustomRoleCard]:
    """Its own and those it has from above, by name."""
    line = organisations.line_of(organisation)
    found = CustomRole.objects.filter(organisation_id__in=line)
    counted = found.annotate(number=Count("grants")).order_by("family", "name", "pk")
    names = dict(Organisation.objects.filter(pk__in=line).values_list("pk", "name"))
    return [
        CustomRoleCard(
            one.pk, one.organisation_id, names.get(one.organisation_id, ""), one.family, one.name,
            frozenset(one.permissions), one.number,
        )
        for one in counted
    ]  # fmt: skip


def custom_role(role_id: int, organisation: Organisation) -> CustomRoleCard:
    """Raises ``NotFound`` where there is none of the organisation's own."""
    own = [one for one in custom_roles_of(organisation) if one.organisation_id == organisation.pk]
    found = next((one for one in own if one.id == role_id), None)
    if found is None:
        raise NotFound(_("There is no such role."))
    return found


def holders_of(role_id: int) -> list[Holder]:
    """Who was given it, and on what, as far as the context may know."""
    found = list(Grant.objects.filter(custom_role_id=role_id).select_related("user").order_by("pk"))
    labels = {one.key: one.label for one in assets.cards({one.asset_id for one in found})}
    rows = (
        Holder(str(one.user), one.user.email, one.asset_id, labels.get(one.asset_id, ""))
        for one in found
    )
    return sorted(rows, key=lambda one: (one.person, one.account))
