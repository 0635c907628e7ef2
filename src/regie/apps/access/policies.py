"""Who may give, share, bring in: asked by services before they write anything."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from regie.apps.access.accesses import accesses_of
from regie.apps.access.paths import rules_over
from regie.apps.accounts.models import User
from regie.apps.organisations import policies as organisations
from regie.apps.organisations.models import Member, Organisation, Role
from regie.domain.permissions import order
from regie.domain.permissions.catalog import label_of
from regie.domain.permissions.definitions import VIEW, Permissions
from regie.kernel import clock
from regie.kernel.errors import Forbidden, Refused
from regie.kernel.i18n import Sentence, _, say

MANAGE = "access.manage"


def check_can_administer(*, actor: User | None, organisation: Organisation) -> None:
    """The local operator may; of people only administrators, here or above."""
    if actor is not None:
        organisations.check_can_administer(actor=actor, organisation=organisation, now=clock.now())


def check_can_import(*, actor: User | None, organisation: Organisation) -> None:
    """Whoever sees the whole organisation: a file may speak of any of its accounts.

    Raises ``Refused`` where figures are for nobody.
    """
    if actor is None:
        return
    if not sees_whole(actor=actor, organisation=organisation, now=clock.now()):
        raise Forbidden(
            _("You may not bring files in for this organisation."),
            hint=_("Ask one of its administrators: a file may speak of accounts that you don’t "
                   "see."),
        )  # fmt: skip
    if not all(VIEW in rule for rule in rules_over(organisation)):
        raise Refused(
            _("This organisation allows nobody to see figures: no file can come in."),
            hint=_("Its administrators say what is allowed at all on the page of roles."),
        )


def sees_whole(*, actor: User, organisation: Organisation, now: datetime) -> bool:
    """By one's place, here or above, and not by single roles."""
    return any(
        place.role == Role.ADMINISTRATOR or _is_open_to_members(place.organisation, now)
        for place in live_places(actor=actor, organisation=organisation, now=now)
    )


def _is_open_to_members(organisation: Organisation, now: datetime) -> bool:
    """The day from which members see only what they were given is one of the organisation."""
    until = organisation.assigned_only_from
    today = now.astimezone(ZoneInfo(organisation.time_zone)).date()
    return organisation.members_see_all and (until is None or today < until)


def live_places(*, actor: User, organisation: Organisation, now: datetime) -> list[Member]:
    """Memberships that count: not ended, and in an open organisation unless one administers it."""
    return [
        place
        for place in organisations.places(actor=actor, organisation=organisation, now=now)
        if place.organisation.closed_at is None or place.role == Role.ADMINISTRATOR
    ]


def check_can_give(
    *, actor: User | None, asset_id: int, member: Member, permissions: Permissions
) -> None:
    """Administrators of the member's organisation; else who manages access, up to what he holds."""
    Giver(actor, [asset_id]).check(asset_id=asset_id, member=member, permissions=permissions)


class Giver:
    """``actor`` as somebody who gives roles on ``asset_ids``: what decides is read once for all."""

    def __init__(self, actor: User | None, asset_ids: Collection[int]) -> None:
        self.actor = actor
        self._asset_ids = asset_ids
        self._places: dict[int, tuple[bool, bool]] = {}

    def check(self, *, asset_id: int, member: Member, permissions: Permissions) -> None:
        """Raises ``Forbidden``."""
        if self.actor is None:
            return
        administers, belongs = self._place(self.actor, member.organisation)
        if administers:
            return
        held = self._held.get(asset_id, order.NOTHING)
        if MANAGE not in held or not belongs:
            raise Forbidden(
                _("You may not give roles here."),
                hint=_("Administrators give roles, and whoever manages access to the account."),
            )
        if not order.fits(permissions, held):
            raise Forbidden(_("Nobody gives more than he holds himself."))

    def _place(self, actor: User, organisation: Organisation) -> tuple[bool, bool]:
        """Whether he administers it, and whether he belongs to it."""
        if organisation.pk not in self._places:
            asked: dict[str, Any] = {"actor": actor, "organisation": organisation}
            asked["now"] = clock.now()
            administers = organisations.administers(**asked)
            self._places[organisation.pk] = (administers, bool(live_places(**asked)))
        return self._places[organisation.pk]

    @cached_property
    def _held(self) -> dict[int, Permissions]:
        if self.actor is None:
            return {}
        found = accesses_of(self.actor.pk, list(self._asset_ids))
        return {one.asset_id: one.permissions for one in found}


def check_under_ceiling(
    *, family: str, permissions: Permissions, ceiling: Permissions, owner: str
) -> None:
    """Raises ``Refused`` with what the ceiling leaves out."""
    beyond = order.beyond(permissions, ceiling)
    if beyond:
        raise Refused(
            say(_("The ceiling of this share leaves out: {permissions}."),
                permissions=listed(family, beyond)),
            hint=say(_("Choose a role under the ceiling, or ask {owner} to raise it."),
                     owner=owner),
            code="above_ceiling",
        )  # fmt: skip


def listed(family: str, permissions: Collection[str]) -> Sentence:
    """Permissions in the reader's words, in the order of their codes: at most three, and so on."""
    shown = sorted(permissions)
    first = [Sentence(label_of(family, code)) for code in shown[:3]]
    if len(shown) > 3:
        return say(_("{a}; {b}; {c}; and {more} more"), a=first[0], b=first[1], c=first[2],
                   more=len(shown) - 3)  # fmt: skip
    if len(shown) == 3:
        return say(_("{a}; {b}; {c}"), a=first[0], b=first[1], c=first[2])
    return say(_("{a}; {b}"), a=first[0], b=first[1]) if len(shown) == 2 else first[0]
