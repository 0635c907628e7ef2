"""Change what people are in an organisation, take them out and back in; see ``people_many``.

Never without an administrator: the organisation's row is locked, the change is made and looked
at, and taken back where nobody would be left. The database says the same at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection, transaction

from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.organisations import policies
from regie.apps.organisations.models import Member, Organisation, Role
from regie.apps.organisations.roles import check_fits, check_role, today_in
from regie.kernel import clock
from regie.kernel.errors import NotFound, Refused
from regie.kernel.i18n import _


@dataclass(frozen=True)
class Removed:
    """A membership as it was, so that it can be given back with all that hung on it."""

    member_id: int
    role: str
    ends_on: date | None


@transaction.atomic
def change_member(*, actor: User, member_id: int, role: str, ends_on: date | None) -> Member:
    """Another role, another last day, or both."""
    member = _found(actor, member_id)
    policies.check_is_open(member.organisation)
    check_role(organisation=member.organisation, role=role, ends_on=ends_on)
    before = (member.role, member.ends_on)
    if before == (role, ends_on):
        return member
    member.role, member.ends_on = role, ends_on
    member.save(update_fields=["role", "ends_on"])
    check_still_headed(member.organisation)
    _record(
        actor, member, "organisations.member_changed",
        before={"role": before[0], "ends_on": str(before[1] or "")},
    )  # fmt: skip
    return member


@transaction.atomic
def remove_member(*, actor: User, member_id: int) -> Removed:
    """The person is out at the next request; what he did stays."""
    member = _found(actor, member_id)
    gone = Removed(member.pk, member.role, member.ends_on)
    _record(actor, member, "organisations.member_removed")
    take_out(member)
    member.save(update_fields=["role", "ends_on", "removed_at"])
    check_still_headed(member.organisation)
    return gone


def take_out(member: Member) -> None:
    """What the row says of somebody who is out; not saved."""
    member.role = Role.EMPLOYEE if member.role == Role.ADMINISTRATOR else member.role
    member.ends_on = today_in(member.organisation) - timedelta(days=1)
    member.removed_at = clock.now()


@transaction.atomic
def restore_member(*, actor: User, removed: Removed) -> Member:
    """Take a removal back; what has been decided since is left alone."""
    member = _found(actor, removed.member_id, removed=True)
    check_fits(role=removed.role, ends_on=removed.ends_on)
    member.role, member.ends_on, member.removed_at = removed.role, removed.ends_on, None
    member.save(update_fields=["role", "ends_on", "removed_at"])
    _record(actor, member, "organisations.member_restored")
    return member


def forget_removed() -> int:
    """Each night: those taken out a day ago are gone for good, with what was given to them."""
    gone = Member.objects.filter(removed_at__lt=clock.now() - timedelta(days=1))
    return int(gone.delete()[0])


def _found(actor: User, member_id: int, *, removed: bool = False) -> Member:
    here = Member.objects.filter(pk=member_id, removed_at__isnull=not removed)
    member = here.select_related("user").first()
    if member is None:
        raise NotFound(_("There is no such member."))
    # Two people who remove one another at the same time wait for one another here.
    member.organisation = _locked(member.organisation_id)
    policies.check_can_administer(actor=actor, organisation=member.organisation, now=clock.now())
    return member


def _locked(organisation_id: int) -> Organisation:
    found = Organisation.objects.select_for_update(no_key=True).filter(pk=organisation_id).first()
    if found is None:
        raise NotFound(_("There is no such organisation."))
    return found


def check_still_headed(organisation: Organisation) -> None:
    """Raises ``Refused`` where nobody administers it any more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT regie_has_administrator(%s)", [organisation.pk])
        ((headed,),) = cursor.fetchall()
    if not headed:
        raise Refused(
            _("This is the last administrator."),
            hint=_("Make somebody else an administrator first."),
        )


def _record(actor: User, member: Member, action: str, **more: object) -> None:
    audit.record(
        organisation_id=member.organisation_id,
        action=action,
        actor_id=actor.pk,
        actor=str(actor),
        **details_of(member),
        **more,
    )


def details_of(member: Member) -> dict[str, str]:
    """What the journal says of a membership."""
    return {
        "member": member.user.email, "role": member.role, "ends_on": str(member.ends_on or "")
    }  # fmt: skip
