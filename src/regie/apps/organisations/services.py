"""Create organisations and take people in; the door to all that changes them."""

import secrets
from typing import Any

from django.db import connection, transaction
from django.utils.text import slugify

from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.organisations import policies
from regie.apps.organisations.bringing import LineAnswer as LineAnswer
from regie.apps.organisations.bringing import bring_people as bring_people
from regie.apps.organisations.consequences import Consequences as Consequences
from regie.apps.organisations.domains import proposed_domain as proposed_domain
from regie.apps.organisations.domains import set_email_domains as set_email_domains
from regie.apps.organisations.inviting import Answer as Answer
from regie.apps.organisations.inviting import Wanted as Wanted
from regie.apps.organisations.inviting import accept_invitation as accept_invitation
from regie.apps.organisations.inviting import invite as invite
from regie.apps.organisations.inviting import resend_invitation as resend_invitation
from regie.apps.organisations.inviting import withdraw_invitation as withdraw_invitation
from regie.apps.organisations.models import Kind, Member, Organisation, Role
from regie.apps.organisations.numbers import new_manager_number
from regie.apps.organisations.people import Removed as Removed
from regie.apps.organisations.people import change_member as change_member
from regie.apps.organisations.people import forget_removed as forget_removed
from regie.apps.organisations.people import remove_member as remove_member
from regie.apps.organisations.people import restore_member as restore_member
from regie.apps.organisations.people_file import Refusal as Refusal
from regie.apps.organisations.people_file import read_people as read_people
from regie.apps.organisations.people_many import Done as Done
from regie.apps.organisations.people_many import change_members as change_members
from regie.apps.organisations.people_many import remove_members as remove_members
from regie.apps.organisations.recovering import Holder as Holder
from regie.apps.organisations.recovering import break_seal as break_seal
from regie.apps.organisations.recovering import seal_recovery as seal_recovery
from regie.apps.organisations.reviewing import sign_review as sign_review
from regie.apps.organisations.room import change_tree_alone
from regie.apps.organisations.ruling import require_second_factor as require_second_factor
from regie.apps.organisations.ruling import set_access as set_access
from regie.apps.organisations.settling import CALENDAR
from regie.apps.organisations.settling import Settings as Settings
from regie.apps.organisations.settling import change_settings as change_settings
from regie.apps.organisations.settling import rename_organisation as rename_organisation
from regie.apps.organisations.steering import close_organisation as close_organisation
from regie.apps.organisations.steering import merge_organisation as merge_organisation
from regie.apps.organisations.steering import move_organisation as move_organisation
from regie.apps.organisations.steering import open_again as open_again
from regie.apps.organisations.steering import undo_change as undo_change
from regie.apps.organisations.trying import what_if_closed as what_if_closed
from regie.apps.organisations.trying import what_if_merged as what_if_merged
from regie.apps.organisations.trying import what_if_moved as what_if_moved
from regie.apps.organisations.trying import what_if_opened as what_if_opened
from regie.kernel import clock


@transaction.atomic
def create_organisation(
    *,
    actor: User | None,
    name: str,
    slug: str,
    kind: str = Kind.BRAND,
    parent: Organisation | None = None,
    location: str = "",
    currency: str = "EUR",
    time_zone: str = "Europe/Paris",
    is_manager: bool = False,
) -> Organisation:
    """A new organisation under ``parent``; the database keeps its path. A root is a manager."""
    if actor is not None and parent is not None:
        policies.check_can_administer(actor=actor, organisation=parent, now=clock.now())
        policies.check_is_open(parent)
    number = new_manager_number() if is_manager or parent is None else None
    organisation = Organisation.objects.create(
        name=name, slug=slug, kind=kind, parent=parent, location=location, currency=currency,
        time_zone=time_zone, manager_number=number, **_calendar_of(parent),
    )  # fmt: skip
    organisation.refresh_from_db()
    audit.record(
        organisation_id=organisation.pk,
        action="organisations.created",
        actor_id=actor.pk if actor else None,
        actor=str(actor) if actor else audit.OPERATOR,
        name=name,
    )
    return organisation


def create_below(
    *, actor: User, parent: Organisation, name: str, base: str, kind: str, is_manager: bool = False
) -> Organisation:
    """A new organisation under ``parent``, with its currency and zone; ``base`` begins its slug."""
    return create_organisation(
        actor=actor,
        name=" ".join(name.split()),
        # The end is drawn: a slug that is taken would tell of an organisation that one can't see.
        slug=f"{base[:60] or 'organisation'}-{secrets.token_hex(3)}",
        kind=kind,
        parent=parent,
        currency=parent.currency,
        time_zone=parent.time_zone,
        is_manager=is_manager,
    )


def _calendar_of(parent: Organisation | None) -> dict[str, Any]:
    """A member of a network begins with the calendar of its network."""
    return {} if parent is None else {name: getattr(parent, name) for name in CALENDAR}


@transaction.atomic
def add_member(
    *, actor: User | None, organisation: Organisation, user: User, role: str = Role.EMPLOYEE
) -> Member:
    member, _created = Member.objects.update_or_create(
        organisation=organisation, user=user, defaults={"role": role}
    )
    audit.record(
        organisation_id=organisation.pk,
        action="organisations.member_added",
        actor_id=actor.pk if actor else None,
        actor=str(actor) if actor else audit.OPERATOR,
        member=str(user),
        role=role,
    )
    return member


@transaction.atomic
def open_manager(*, actor: User, organisation: Organisation) -> str:
    """Give the organisation a manager number of its own; nothing else changes."""
    policies.check_can_administer(actor=actor, organisation=organisation, now=clock.now())
    policies.check_is_open(organisation)
    change_tree_alone()
    here = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if here.manager_number is None:
        here.manager_number = new_manager_number()
        here.save(update_fields=["manager_number"])
        audit.record(
            organisation_id=here.pk,
            action="organisations.manager_opened",
            actor_id=actor.pk,
            actor=str(actor),
            manager_number=here.manager_number,
        )
    return here.manager_number


@transaction.atomic
def found_organisation(
    *, actor: User, name: str, kind: str, currency: str, time_zone: str
) -> Organisation:
    """A new root of which ``actor``, the person of the current context, is the administrator."""
    slug = slugify(name)[:70] or "organisation"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT regie_found_organisation(%s, %s, %s, %s, %s)",
            [name, slug, kind, currency, time_zone],
        )
        ((founded,),) = cursor.fetchall()
    organisation = Organisation.objects.get(pk=founded)
    audit.record(
        organisation_id=organisation.pk,
        action="organisations.founded",
        actor_id=actor.pk,
        actor=str(actor),
        name=name,
    )
    return organisation
