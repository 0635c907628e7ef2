"""What the pages of the console show: shares, partnerships, roles that can be given, members."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Count

from regie.apps.access.models import CustomRole, Grant, Partnership, PartnershipState, Share, Side
from regie.apps.assets import selectors as assets
from regie.apps.assets.selectors import AssetCard
from regie.apps.organisations.models import Member, Organisation
from regie.domain.permissions.catalog import family
from regie.domain.permissions.definitions import Permissions
from regie.domain.permissions.order import roles_within
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _


@dataclass(frozen=True)
class PartnershipCard:
    """``side`` is what the reader's organisation is in it: owner (it shares) or partner."""

    id: int
    side: str
    other_id: int
    other: str
    other_number: str
    state: str
    waits_for_me: bool
    proposed_at: datetime
    shares: int


@dataclass(frozen=True)
class ShareCard:
    id: int
    partnership_id: int
    asset: AssetCard
    partner_id: int
    partner: str
    ceiling: Permissions
    is_paused: bool
    grants: int


@dataclass(frozen=True)
class RoleChoice:
    """A role that can be given on an asset; ``value`` is what a form sends."""

    value: str
    label: str
    permissions: Permissions
    is_custom: bool = False


@dataclass(frozen=True)
class GrantCard:
    id: int
    role: str
    custom_role: str
    ends_on: date | None
    last_used_on: date | None


def partnerships_of(organisation: Organisation) -> list[PartnershipCard]:
    """Those that stand or wait for an answer, the waiting ones first."""
    found = Partnership.objects.exclude(state=PartnershipState.ENDED)
    found = found.filter(owner=organisation) | found.filter(partner=organisation)
    counted = found.annotate(number=Count("shares")).order_by("-state", "-proposed_at", "pk")
    names = _neighbours({one.owner_id for one in counted} | {one.partner_id for one in counted})
    return [_card(one, organisation, names, one.number) for one in counted]


def partnership(partnership_id: int, organisation: Organisation) -> PartnershipCard:
    """Raises ``NotFound`` where there is none of ``organisation``'s."""
    found = Partnership.objects.annotate(number=Count("shares")).filter(pk=partnership_id).first()
    if found is None or organisation.pk not in (found.owner_id, found.partner_id):
        raise NotFound(_("There is no such partnership."))
    return _card(found, organisation, _neighbours({found.owner_id, found.partner_id}), found.number)


def _card(
    found: Partnership, organisation: Organisation, names: dict[int, tuple[str, str]], shares: int
) -> PartnershipCard:
    is_owner = found.owner_id == organisation.pk
    other = found.partner_id if is_owner else found.owner_id
    answers = Side.PARTNER if found.proposed_by == Side.OWNER else Side.OWNER
    side = Side.OWNER if is_owner else Side.PARTNER
    name, number = names.get(other, ("", ""))
    return PartnershipCard(
        id=found.pk, side=side.value, other_id=other, other=name, other_number=number,
        state=found.state, proposed_at=found.proposed_at, shares=shares,
        waits_for_me=found.state == PartnershipState.PROPOSED and answers == side,
    )  # fmt: skip


def _neighbours(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Names and manager numbers of partners, and of one's own."""
    own = Organisation.objects.filter(pk__in=ids).values_list("pk", "name", "manager_number")
    found = {key: (name, number or "") for key, name, number in own}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name, coalesce(manager_number, '') FROM regie_neighbours() "
            "WHERE id = ANY (%s)",
            [list(ids)],
        )
        return found | {key: (name, number) for key, name, number in cursor.fetchall()}


def shares_of(*, partnership_id: int = 0, asset_id: int = 0) -> list[ShareCard]:
    """Those that the context may see, by the name of the account."""
    found = Share.objects.all()
    found = found.filter(partnership_id=partnership_id) if partnership_id else found
    found = found.filter(asset_id=asset_id) if asset_id else found
    shares = list(found.order_by("pk"))
    # Counted by itself: joined, the wall is asked about every role there is.
    held = Grant.objects.filter(share__in=shares).values_list("share_id")
    numbers = dict(held.annotate(number=Count("pk")))
    cards = {one.key: one for one in assets.cards({one.asset_id for one in shares})}
    names = _neighbours({one.partner_id for one in shares})
    return sorted(
        (
            ShareCard(
                one.pk, one.partnership_id, cards[one.asset_id], one.partner_id,
                names.get(one.partner_id, ("", ""))[0], frozenset(one.ceiling), one.is_paused,
                numbers.get(one.pk, 0),
            )
            for one in shares
            if one.asset_id in cards
        ),
        key=lambda one: (one.asset.label, one.id),
    )  # fmt: skip


def share(share_id: int) -> ShareCard:
    """Raises ``NotFound`` where there is none, or none that may be seen."""
    found = Share.objects.filter(pk=share_id).first()
    cards = shares_of(partnership_id=found.partnership_id, asset_id=found.asset_id) if found else []
    if not cards:
        raise NotFound(_("There is no such share."))
    return cards[0]


def roles_to_give(
    asset: AssetCard, organisation: Organisation, ceiling: Permissions | None
) -> list[RoleChoice]:
    """Roles of the family and of the organisation's line, those under ``ceiling`` only."""
    found = family(asset.family)
    within = found.roles if ceiling is None else roles_within(found, ceiling)
    choices = [RoleChoice(one.code, one.label, one.permissions) for one in within]
    line = [int(part) for part in organisation.path.strip("/").split("/")]
    own = CustomRole.objects.filter(organisation_id__in=line, family=asset.family)
    for one in own.order_by("name"):
        held = frozenset(one.permissions)
        if ceiling is None or held <= ceiling:
            choices.append(RoleChoice(f"own-{one.pk}", one.name, held, is_custom=True))
    return choices


def members_to_give(organisation: Organisation) -> list[tuple[int, str]]:
    """Number and name of those who can be given a role here: all members, by name."""
    found = Member.objects.filter(organisation=organisation, removed_at=None)
    rows = found.order_by("user__name", "user__email").values_list(
        "pk", "user__name", "user__email"
    )
    return [(key, name or email) for key, name, email in rows]


def grants_on(asset_id: int, grant_ids: Collection[int]) -> dict[int, GrantCard]:
    """Those of the roles on an asset that the context may see, by their number."""
    found = Grant.objects.filter(asset_id=asset_id, pk__in=grant_ids)
    found = found.select_related("custom_role")
    return {
        one.pk: GrantCard(
            one.pk, one.role, one.custom_role.name if one.custom_role else "", one.ends_on,
            one.last_used_on,
        )
        for one in found
    }  # fmt: skip


def grants_in(organisation_ids: Collection[int], grant_ids: Collection[int]) -> set[int]:
    """Those of the roles that members of these organisations hold."""
    found = Grant.objects.filter(pk__in=grant_ids, organisation_id__in=organisation_ids)
    return set(found.values_list("pk", flat=True))
