"""Who may change an organisation and its people: its administrators, and those above it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from regie.apps.accounts.models import User
from regie.apps.accounts.selectors import has_second_factor
from regie.apps.organisations import lines
from regie.apps.organisations.models import Member, Organisation, Role
from regie.kernel.errors import Forbidden, Refused
from regie.kernel.i18n import _


def places(*, actor: User, organisation: Organisation, now: datetime) -> list[Member]:
    """Memberships of ``actor`` in the organisation and above it that have not ended."""
    found = Member.objects.filter(user=actor, organisation_id__in=line_of(organisation))
    return [one for one in found.select_related("organisation") if not has_ended(one, now=now)]


def has_ended(member: Member, *, now: datetime) -> bool:
    """The last day is included, and is a day of the organisation."""
    if member.ends_on is None:
        return False
    return now.astimezone(ZoneInfo(member.organisation.time_zone)).date() > member.ends_on


def line_of(organisation: Organisation) -> Sequence[int]:
    """Ids from the root down to the organisation itself."""
    return [int(part) for part in organisation.path.strip("/").split("/") if part]


def administers(*, actor: User, organisation: Organisation, now: datetime) -> bool:
    here = places(actor=actor, organisation=organisation, now=now)
    return any(one.role == Role.ADMINISTRATOR for one in here)


def check_can_administer(*, actor: User, organisation: Organisation, now: datetime) -> None:
    if not administers(actor=actor, organisation=organisation, now=now):
        raise Forbidden(
            _("Only an administrator of this organisation may do this."),
            hint=_("Ask one of them: they are listed on the People page."),
        )


def check_can_steer(*, actor: User, organisation: Organisation, now: datetime) -> None:
    """Move, merge, close: for those above it, or for its own where nothing is above."""
    above = organisation
    if organisation.parent_id is not None:
        # One that is out of sight is administered by others.
        above = Organisation.objects.filter(pk=organisation.parent_id).first() or Organisation()
    check_can_administer(actor=actor, organisation=above, now=now)


def second_factor_due(*, actor: User, organisation: Organisation) -> date | None:
    """The first day on which ``actor`` can't act for it as he is; None where he always can."""
    due = lines.second_factor_from(organisation)
    return None if due is None or has_second_factor(actor) else due


def check_second_factor(*, actor: User, organisation: Organisation, now: datetime) -> None:
    """Whatever acts for him, such as a token, waits for his second factor too."""
    due = second_factor_due(actor=actor, organisation=organisation)
    if due is not None and due <= now.astimezone(ZoneInfo(organisation.time_zone)).date():
        raise Forbidden(
            _("This organisation requires a second factor, and you have none yet."),
            hint=_("Sign in to Régie and set one up: then this works again."),
            code="second_factor_required",
        )


def check_is_open(organisation: Organisation) -> None:
    if organisation.closed_at is not None:
        raise Refused(
            _("This organisation is closed."), hint=_("Open it again first: nothing was lost.")
        )
