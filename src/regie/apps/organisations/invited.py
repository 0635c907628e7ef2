"""Reads about invitations: those of an organisation, and the one that a link offers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

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


def invitations_of(organisation: Organisation, *, limit: int = 200) -> list[InvitationCard]:
    """Those of the branch that wait, then those that were answered lately."""
    found = (
        Invitation.objects.select_related("organisation")
        .filter(organisation__path__startswith=organisation.path)
        .order_by("-created_at", "-pk")[:limit]
    )
    mails = notifications.mails(one.mail_id for one in found if one.mail_id)
    cards = [_card(one, mails) for one in found]
    return sorted(cards, key=lambda card: card.state not in {"pending", "expired"})


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
