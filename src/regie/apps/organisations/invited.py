"""Reads about invitations: those of an organisation, and the one that a link offers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, When

from regie.apps.accounts.models import User
from regie.apps.notifications import selectors as notifications
from regie.apps.notifications.selectors import MailCard
from regie.apps.organisations.inviting import digest_of
from regie.apps.organisations.models import Invitation, Organisation
from regie.kernel import clock


@dataclass(frozen=True)
class InvitationCard:
    """``state`` is pending, expired, accepted or withdrawn."""

    id: int
    email: str
    role: str
    ends_on: date | None
    organisation: str
    inviter: str
    created_at: datetime
    expires_at: datetime
    state: str
    mail: MailCard | None


@dataclass(frozen=True)
class Offer:
    """What a link offers to whoever holds it; nothing more is told about the organisation."""

    organisation_id: int
    organisation: str
    email: str
    role: str
    ends_on: date | None
    inviter: str
    expires_at: datetime


@dataclass(frozen=True)
class InvitationFilter:
    """``text`` is a part of the address, ``state`` one of those of ``InvitationCard``, or empty."""

    text: str = ""
    state: str = ""


def invitations_of(
    organisation: Organisation, wanted: InvitationFilter | None = None
) -> QuerySet[Invitation]:
    """Those of the branch that wait, then those that were answered; the newest first."""
    waits = Q(accepted_at=None, withdrawn_at=None)
    states = {
        "pending": waits & Q(expires_at__gt=clock.now()),
        "expired": waits & Q(expires_at__lte=clock.now()),
        "accepted": Q(accepted_at__isnull=False),
        "withdrawn": Q(accepted_at=None, withdrawn_at__isnull=False),
    }
    wanted = wanted or InvitationFilter()
    found = Invitation.objects.filter(
        states.get(wanted.state, Q()), organisation__path__startswith=organisation.path,
        email__icontains=wanted.text.strip(),
    )  # fmt: skip
    is_done = Case(When(waits, then=0), default=1, output_field=IntegerField())
    return found.select_related("organisation").order_by(is_done, "-created_at", "-pk")


def invitation_cards(found: Iterable[Invitation]) -> list[InvitationCard]:
    shown = list(found)
    mails = notifications.mails(one.mail_id for one in shown if one.mail_id)
    return [_card(one, mails) for one in shown]


def offer_of(token: str) -> Offer | None:
    """None for a link that is unknown, spent, withdrawn or too old: they are not told apart."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT organisation_id, organisation, email, role, ends_on, inviter, expires_at "
            "FROM regie_invitation(%s)",
            [digest_of(token)],
        )
        row = cursor.fetchone()
    return Offer(*row) if row else None


def invited_among(emails: Collection[str]) -> frozenset[str]:
    """Those of these addresses, in small letters, whose invitation waits to be accepted."""
    found = Invitation.objects.filter(
        email__in=emails, accepted_at=None, withdrawn_at=None, expires_at__gt=clock.now()
    )
    return frozenset(found.values_list("email", flat=True))


def accepted_invitations(user: User) -> dict[int, int]:
    """Invitations that ``user`` accepted, by number, with the organisation of each."""
    found = Invitation.objects.filter(accepted_by=user.pk)
    return dict(found.values_list("pk", "organisation_id"))


def _card(one: Invitation, mails: dict[int, MailCard]) -> InvitationCard:
    return InvitationCard(
        id=one.pk,
        email=one.email,
        role=one.role,
        ends_on=one.ends_on,
        organisation=one.organisation.name,
        inviter=one.inviter,
        created_at=one.created_at,
        expires_at=one.expires_at,
        state=_state(one),
        mail=mails.get(one.mail_id or 0),
    )


def _state(one: Invitation) -> str:
    if one.accepted_at is not None:
        return "accepted"
    if one.withdrawn_at is not None:
        return "withdrawn"
    return "expired" if one.expires_at <= clock.now() else "pending"
