"""Accounts of others that were shared with an organisation, found by the id that a file gives.

They are looked for past row security: whoever brings a file in may have been given none of them,
and must not make a second account of what is one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from regie.apps.access.accesses import permissions_on
from regie.apps.access.context import operating
from regie.apps.access.models import Share
from regie.apps.access.paths import given
from regie.apps.accounts.models import User
from regie.apps.organisations import policies as organisations
from regie.apps.organisations.models import Organisation
from regie.domain.permissions.catalog import family, label_of
from regie.domain.permissions.definitions import Permissions
from regie.kernel.errors import Forbidden, Refused
from regie.kernel.i18n import Sentence, _, say


@dataclass(frozen=True)
class SharedIn:
    """``most`` is what the ceiling and the rules of the owner leave to the partner."""

    key: int
    owner_id: int
    owner: str
    family: str
    external_id: str
    name: str
    currency: str
    most: Permissions

    @property
    def label(self) -> str:
        return self.name or self.external_id.removeprefix("name:")


def names_shared_in(organisation: Organisation, platforms: Collection[str]) -> set[tuple[str, str]]:
    """Platform and id, and platform and name, of all accounts that ``shared_in`` might find."""
    with operating():
        found = (
            Share.objects.filter(asset__platform__in=platforms, is_paused=False)
            .filter(partner_id__in=_line_and_branch(organisation))
            .values_list("asset__platform", "asset__external_id", "asset__name")
        )
        return {(platform, told) for platform, *both in found for told in both}


def shared_in(
    organisation: Organisation,
    *,
    platform: str,
    family_name: str,
    external_ids: Collection[str] = (),
    name: str = "",
) -> SharedIn | None:
    """The one account of that id, or of that name alone, that partners share here or above."""
    asked = {"asset__external_id__in": external_ids} if external_ids else {"asset__name": name}
    with operating():
        shares = list(
            Share.objects.filter(asset__platform=platform, is_paused=False, **asked)
            .filter(partner_id__in=_line_and_branch(organisation))
            .select_related("asset", "owner")
            .order_by("pk")
        )
        if len({one.asset_id for one in shares}) != 1:
            return None  # none, or several partners call one of theirs so
        asset, owner = shares[0].asset, shares[0].owner
        rules = Organisation.objects.filter(pk__in=organisations.line_of(owner)).exclude(policy=[])
        allowed = [frozenset(one.policy) for one in rules]
    known = family(family_name).all
    ceilings = (given(known, None, frozenset(one.ceiling), allowed) for one in shares)
    return SharedIn(
        asset.pk, owner.pk, owner.name, family_name, asset.external_id, asset.name,
        asset.currency, frozenset().union(*ceilings),
    )  # fmt: skip


def check_can_bring_figures(*, actor: User | None, shared: SharedIn) -> None:
    """Figures of somebody else's account: under its ceiling, and by who was given it."""
    wanted = family(shared.family).importing
    named = Sentence(label_of(shared.family, wanted))
    if wanted not in shared.most:
        raise Refused(
            say(_("{owner} shared “{account}” with you under a ceiling that does not let you bring "
                  "its figures in."), owner=shared.owner, account=shared.label),
            hint=say(_("Ask {owner} to add “{permission}” to the ceiling, or to bring the file in "
                       "itself."), owner=shared.owner, permission=named),
            code="above_ceiling",
        )  # fmt: skip
    if actor is not None and wanted not in permissions_on(actor, shared.key):
        raise Forbidden(
            say(_("{owner} shared “{account}” with your organisation, and you hold no role on it "
                  "that lets you bring its figures in."), owner=shared.owner, account=shared.label),
            hint=say(_("Ask an administrator for a role with “{permission}”."), permission=named),
        )  # fmt: skip


def _line_and_branch(organisation: Organisation) -> list[int]:
    below = Organisation.objects.filter(path__startswith=organisation.path)
    return [*organisations.line_of(organisation), *below.values_list("pk", flat=True)]
