"""Who answers for an account: billing admins of ad accounts, super admins of pages.

The database keeps the rule at the end of every transaction (migration 0016): where the last billing
admin goes in whatever way, the nearest administrator follows. Here it is told beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from regie.apps.access.models import Grant
from regie.apps.assets import selectors as assets
from regie.apps.assets.selectors import AssetCard
from regie.apps.organisations.models import Member, Organisation, Role
from regie.apps.organisations.selectors import today_in
from regie.domain.permissions.catalog import family
from regie.kernel.errors import Refused
from regie.kernel.i18n import _, say


def keepers_of(asset_id: int, *, without: int = 0) -> list[int]:
    """Users who keep the asset, as far as the context may know; ``without`` leaves one role out.

    An ad account is kept for good, without a last day; a page by whoever is there today.
    """
    card = assets.card(asset_id)
    keeper = family(card.family).keeper
    if not keeper:
        return []
    line = Organisation.objects.filter(pk=card.organisation_id).values_list("path", flat=True)
    here = [int(one) for path in line for one in path.strip("/").split("/")]
    found = Grant.objects.filter(
        asset_id=asset_id, role=keeper, share=None, organisation_id__in=here, user__is_active=True
    ).exclude(pk=without)
    open_there = Q(organisation__closed_at=None) | Q(member__role=Role.ADMINISTRATOR)
    held = found.filter(open_there).select_related("member", "organisation")
    for_good = card.family == "ad_account"
    return sorted(
        {
            one.user_id
            for one in held
            if _lasts((one.ends_on, one.member.ends_on), one.organisation, for_good=for_good)
        }
    )


def _lasts(ends: Iterable[date | None], where: Organisation, *, for_good: bool) -> bool:
    days = [one for one in ends if one is not None]
    return not days if for_good else all(one >= today_in(where) for one in days)


def check_keeper_stays(grant: Grant) -> None:
    """Before ``grant`` goes, or is given a last day: an ad account is never without a billing
    admin. A page may lose its last super admin."""
    card = assets.card(grant.asset_id)
    if card.family != "ad_account" or not card.is_linked or grant.share_id is not None:
        return
    if grant.role != family(card.family).keeper:
        return
    held = keepers_of(card.key)
    if grant.user_id in held and not keepers_of(card.key, without=grant.pk):
        raise Refused(
            _("This is the account’s last billing admin."),
            hint=_("Give this role to somebody else first."),
        )


def check_page_has_keeper(card: AssetCard) -> None:
    """Nobody outside comes to a page before it has a super admin here."""
    if card.family == "page" and not keepers_of(card.key):
        raise Refused(
            say(_("{page} has no super admin yet."), page=card.label),
            hint=_("Give somebody of yours that role on it first."),
            code="no_super_admin",
        )


def nearest_administrators(line: Iterable[int]) -> list[Member]:
    """Of these organisations, the lowest first: those who may keep what is linked there."""
    found = Member.objects.filter(
        organisation_id__in=list(line), role=Role.ADMINISTRATOR, ends_on=None, user__is_active=True
    )
    return list(found.order_by("-organisation__path", "pk"))
