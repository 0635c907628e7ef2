"""Invite people by the address of their work; nothing is given before they accept.

Several go at once: each line is invited or refused with its reason, and the lines that can be
invited are, whatever the others are. A link works once, for a week, for the address it was sent
to; only its digest is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import QuerySet

from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.notifications import selectors as outbox
from regie.apps.notifications import services as notifications
from regie.apps.organisations import letters, policies
from regie.apps.organisations.lines import email_domains
from regie.apps.organisations.models import Invitation, Member, Organisation
from regie.apps.organisations.roles import check_role
from regie.domain import addresses
from regie.kernel import clock
from regie.kernel.errors import NotFound, Refused, RegieError
from regie.kernel.i18n import Sentence, _, say

LIFETIME = timedelta(days=7)
MOST_AT_ONCE = 500
MOST_A_DAY = 1_000  # letters of one person: a stolen session must not become a mailing


@dataclass(frozen=True)
class Wanted:
    """Somebody to invite, as it was written; ``line`` is its number in what was sent."""

    email: str
    role: str
    ends_on: date | None = None
    line: int = 0


@dataclass(frozen=True)
class Answer:
    """What became of a line: the invitation, or why there is none."""

    wanted: Wanted
    invitation_id: int | None = None
    problem: Sentence | None = None


@transaction.atomic
def invite(
    *,
    actor: User,
    organisation: Organisation,
    people: Sequence[Wanted],
    language: str,
    address: str,
) -> list[Answer]:
    """``address`` is that of this server, such as ``https://regie.example``."""
    policies.check_can_administer(actor=actor, organisation=organisation, now=clock.now())
    policies.check_is_open(organisation)
    if len(people) > MOST_AT_ONCE:
        raise Refused(
            say(_("At most {most} people are invited at once."), most=Decimal(MOST_AT_ONCE)),
            hint=_("Send the list in several parts."),
        )
    here = _Here(
        email_domains(organisation), _addresses_of_members(organisation),
        {one.email: one for one in _still_open().filter(organisation=organisation)},
    )  # fmt: skip
    answers: list[Answer] = []
    sound: list[tuple[int, Wanted, str]] = []
    seen: set[str] = set()
    left = _letters_left(actor)
    for wanted in people:
        try:
            email = _checked(organisation, wanted, here)
            if email in seen:
                raise Refused(_("This address stands here twice."))
            if len(seen) >= left:
                raise _enough_for_today()
            _replace_expired(here.invited.get(email))
            seen.add(email)
            sound.append((len(answers), wanted, email))
            answers.append(Answer(wanted))
        except RegieError as error:
            answers.append(Answer(wanted, problem=error.sentence))
    made = _invite_all(actor, organisation, sound, language=language, address=address)
    for (at, wanted, _email), invitation in zip(sound, made, strict=True):
        answers[at] = Answer(wanted, invitation_id=invitation.pk)
    return answers


@transaction.atomic
def resend_invitation(*, actor: User, invitation_id: int, address: str) -> Invitation:
    """A new link, good for another week; the former one is dead at once."""
    found = _open(actor, invitation_id)
    policies.check_is_open(found.organisation)
    if not _letters_left(actor):
        raise _enough_for_today()
    _send(found, actor=actor, address=address)
    _record(actor, found, "organisations.invitation_sent_again")
    return found


@transaction.atomic
def withdraw_invitation(*, actor: User, invitation_id: int) -> Invitation:
    found = _open(actor, invitation_id)
    Invitation.objects.filter(pk=found.pk).update(withdrawn_at=clock.now())
    _record(actor, found, "organisations.invitation_withdrawn")
    return found


@transaction.atomic
def accept_invitation(*, actor: User, token: str) -> Organisation:
    """``actor``, the person of the current context, becomes a member as the invitation says."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT regie_accept_invitation(%s)", [digest_of(token)])
        ((joined,),) = cursor.fetchall()
    if joined is None:
        raise NotFound(_("This invitation is not valid, or no longer."))
    organisation = Organisation.objects.get(pk=joined)
    member = Member.objects.get(organisation=organisation, user=actor)
    audit.record(
        organisation_id=organisation.pk,
        action="organisations.invitation_accepted",
        actor_id=actor.pk,
        actor=str(actor),
        member=actor.email,
        role=member.role,
        ends_on=str(member.ends_on or ""),
    )
    return organisation


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _letters_left(actor: User) -> int:
    """How many more invitations he may send within the 24 hours before now."""
    sent = outbox.posted_since(
        actor_id=actor.pk, kind="invitation", since=clock.now() - timedelta(days=1)
    )
    return max(MOST_A_DAY - sent, 0)


def _enough_for_today() -> Refused:
    return Refused(
        say(
            _(
                "One person sends at most {most} invitations a day: go on tomorrow, or let another "
                "administrator invite."
            ),
            most=Decimal(MOST_A_DAY),
        ),
        code="too_many_invitations",
    )


@dataclass(frozen=True)
class _Here:
    """What is asked about each of a list, read once for all of them."""

    domains: Sequence[str]
    members: Collection[str]
    invited: Mapping[str, Invitation]


def _addresses_of_members(organisation: Organisation) -> frozenset[str]:
    members = Member.objects.filter(organisation=organisation, removed_at=None)
    return frozenset(one.lower() for one in members.values_list("user__email", flat=True))


def _checked(organisation: Organisation, wanted: Wanted, here: _Here) -> str:
    email = addresses.normal(wanted.email)
    if email is None:
        raise Refused(say(_("“{email}” is not an e-mail address."), email=wanted.email[:100]))
    if not addresses.is_known(email, here.domains):
        domain = email.rpartition("@")[2]
        raise Refused(
            say(_("{domain} is not a domain of this organisation."), domain=domain),
            hint=_("Invite the address at work, or add the domain on this page."),
        )
    check_role(organisation=organisation, role=wanted.role, ends_on=wanted.ends_on)
    if email.lower() in here.members:
        raise Refused(_("This person is a member already."))
    open_ = here.invited.get(email)
    if open_ is not None and open_.expires_at > clock.now():
        raise Refused(_("This person is invited already."), hint=_("Send the invitation again."))
    return email


def _replace_expired(invitation: Invitation | None) -> None:
    """The new one takes the place of one that has expired."""
    if invitation is not None:
        Invitation.objects.filter(pk=invitation.pk).update(withdrawn_at=clock.now())


def _invite_all(
    actor: User,
    organisation: Organisation,
    sound: Sequence[tuple[int, Wanted, str]],
    *,
    language: str,
    address: str,
) -> list[Invitation]:
    """In a few statements, however many they are."""
    made = [
        Invitation(
            organisation=organisation, email=email, role=wanted.role, ends_on=wanted.ends_on,
            language=language, inviter_id=actor.pk, inviter=str(actor),
        )
        for _at, wanted, email in sound
    ]  # fmt: skip
    posted = notifications.post_each(
        organisation_id=organisation.pk, actor_id=actor.pk, kind="invitation", language=language,
        letters=[_letter(one, address) for one in made],
    )  # fmt: skip
    for one, mail_id in zip(made, posted, strict=True):
        one.mail_id = mail_id
    Invitation.objects.bulk_create(made, batch_size=1_000)
    audit.record_each(
        organisation_id=organisation.pk, action="organisations.invited", actor_id=actor.pk,
        actor=str(actor), details=[_details(one) for one in made],
    )  # fmt: skip
    return made


def _letter(invitation: Invitation, address: str) -> notifications.Letter:
    """With a link of its own: the former one, if any, is dead."""
    token = secrets.token_urlsafe(32)
    invitation.token_hash = digest_of(token)
    invitation.expires_at = clock.now() + LIFETIME
    letter = letters.invitation(invitation, link=f"{address}/invitation/{token}/")
    return notifications.Letter(invitation.email, letter.subject, letter.text)


def _send(invitation: Invitation, *, actor: User, address: str) -> None:
    letter = _letter(invitation, address)
    invitation.mail_id = notifications.post(
        organisation_id=invitation.organisation_id,
        actor_id=actor.pk,
        kind="invitation",
        to=letter.to,
        language=invitation.language,
        subject=letter.subject,
        text=letter.text,
    )
    invitation.save()


def _still_open() -> QuerySet[Invitation]:
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None)


def _open(actor: User, invitation_id: int) -> Invitation:
    found = (
        _still_open()
        .select_for_update(of=("self",))
        .select_related("organisation")
        .filter(pk=invitation_id)
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such invitation."))
    policies.check_can_administer(actor=actor, organisation=found.organisation, now=clock.now())
    return found


def _record(actor: User, invitation: Invitation, action: str) -> None:
    audit.record(
        organisation_id=invitation.organisation_id,
        action=action,
        actor_id=actor.pk,
        actor=str(actor),
        **_details(invitation),
    )


def _details(invitation: Invitation) -> dict[str, str]:
    return {
        "email": invitation.email,
        "role": invitation.role,
        "ends_on": str(invitation.ends_on or ""),
    }
