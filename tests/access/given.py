"""What tests of access begin with: acting as somebody, accounts, a partnership that shares."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from regie.apps.access import services
from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import Partnership, Share
from regie.apps.access.selectors import scope_of
from regie.apps.accounts.models import User
from regie.apps.organisations import selectors as organisations
from regie.apps.organisations.models import Member, Organisation, Role
from regie.apps.organisations.services import add_member
from regie.domain.permissions.catalog import role
from tests.cast import PASSWORD, Cast

VIEWER = role("ad_account", "VIEWER").permissions
CREATIVE = role("ad_account", "CREATIVE_MANAGER").permissions
CAMPAIGNS = role("ad_account", "CAMPAIGN_MANAGER").permissions


def colleague(name: str, organisation: Organisation, role: str = Role.EMPLOYEE) -> Member:
    """Somebody of the organisation who is not of the cast: the nth colleague of one of them."""
    email = f"{name.lower().replace(' ', '.')}@horizon.example"
    person = User.objects.create_user(email, PASSWORD, name=name)
    with operating():
        return add_member(actor=None, organisation=organisation, user=person, role=role)


def linked(
    actor: User, organisation: Organisation, external_id: str, name: str = "",
    platform: str = "linkedin_ads",
) -> int:  # fmt: skip
    """An ad account of LinkedIn, or of another platform, linked by ``actor``."""
    with acting_as(actor):
        key, _is_new = services.link_asset(
            actor=actor, organisation=organisation, platform=platform,
            external_id=external_id, name=name,
        )  # fmt: skip
    return key


def partners(cast: Cast) -> Partnership:
    """The network and Diane's studio, agreed by both; nothing is shared."""
    number = str(cast.studio.manager_number)
    with acting_as(cast.amelie):
        proposed = services.propose_partnership(
            actor=cast.amelie, organisation=cast.network, number=number
        )
    with acting_as(cast.diane):
        services.accept_partnership(actor=cast.diane, partnership_id=proposed.pk)
    return proposed


def shared(cast: Cast, partnership: Partnership, key: int, ceiling: frozenset[str]) -> Share:
    with acting_as(cast.amelie):
        (share,) = services.share_assets(
            actor=cast.amelie, partnership_id=partnership.pk, asset_ids=[key], ceiling=ceiling
        )
    return share


def figures_of(person: User) -> set[int]:
    """The assets whose figures ``person`` reads, whatever he acts for."""
    with acting_as(person):
        return set(scope_of(organisations.visible_organisations()).assets)


def rows_of(person: User | None) -> set[int]:
    """What plain SQL under the application role gives of the table of assets."""
    with acting_as(person) if person else nobody(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM assets_asset")
        return {key for (key,) in cursor.fetchall()}


@contextmanager
def nobody() -> Iterator[None]:
    yield
