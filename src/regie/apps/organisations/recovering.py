"""A way back in for the day when no administrator is left: two of three people open it, once.

The parts go to the three by letter and are kept nowhere, nor shown to whoever seals. What is kept
is the digest of the secret. Whoever is signed in and types two parts becomes an administrator;
all administrators and the three are told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.notifications import selectors as mails
from regie.apps.notifications import services as notifications
from regie.apps.notifications.selectors import MailCard
from regie.apps.organisations import letters, policies
from regie.apps.organisations.models import Member, Organisation, Role, Seal
from regie.domain import addresses
from regie.domain.two_of_three import NotAPart, digest, join, new_secret, split
from regie.kernel import clock
from regie.kernel.errors import Refused
from regie.kernel.i18n import _, say


@dataclass(frozen=True)
class Holder:
    name: str
    email: str


@dataclass(frozen=True)
class SealCard:
    """The seal that holds now, and what became of the letters to its three holders."""

    created_at: datetime
    actor: str
    holders: tuple[tuple[Holder, MailCard | None], ...]


@transaction.atomic
def seal_recovery(
    *,
    actor: User,
    organisation: Organisation,
    holders: Sequence[Holder],
    language: str,
    address: str,
) -> Seal:
    """A new code; the parts of a former one are worth nothing from now on."""
    policies.check_can_administer(actor=actor, organisation=organisation, now=clock.now())
    policies.check_is_open(organisation)
    known = _checked(holders)
    whole = Seal.objects.filter(organisation=organisation, used_at=None, replaced_at=None)
    whole.update(replaced_at=clock.now())
    secret = new_secret()
    kept = []
    for holder, part in zip(known, split(secret), strict=True):
        letter = letters.recovery_part(
            organisation, holder=holder.name, part=part, actor=str(actor),
            link=f"{address}/recovery/", language=language,
        )  # fmt: skip
        mail_id = notifications.post(
            organisation_id=organisation.pk, actor_id=actor.pk, kind="recovery_part",
            to=holder.email, language=language, subject=letter.subject, text=letter.text,
        )  # fmt: skip
        kept.append({"name": holder.name, "email": holder.email, "mail_id": mail_id})
    sealed = Seal.objects.create(
        organisation=organisation, secret_hash=digest(secret), holders=kept, actor=str(actor)
    )
    audit.record(
        organisation_id=organisation.pk, action="organisations.sealed", actor_id=actor.pk,
        actor=str(actor), holders=[holder.name for holder in known],
    )  # fmt: skip
    return sealed


@transaction.atomic
def break_seal(*, actor: User, parts: tuple[str, str]) -> Organisation:
    """``actor``, the person of the current context, becomes an administrator, this one time."""
    try:
        secret = join(*parts)
    except NotAPart:
        raise Refused(
            _("One of these is not a part of a code."),
            hint=_("Look for a slip: a part has thirty letters and digits."),
        ) from None
    with connection.cursor() as cursor:
        cursor.execute("SELECT regie_break_seal(%s)", [digest(secret)])
        ((opened,),) = cursor.fetchall()
    if opened is None:
        raise Refused(
            _("These two parts open nothing."),
            hint=_("They belong to different codes, or the code was used or replaced."),
        )
    organisation = Organisation.objects.get(pk=opened)
    audit.record(
        organisation_id=opened, action="organisations.seal_broken", actor_id=actor.pk,
        actor=str(actor), email=actor.email,
    )  # fmt: skip
    _tell(actor, organisation)
    return organisation


def whole_seal(organisation: Organisation) -> SealCard | None:
    found = Seal.objects.filter(organisation=organisation, used_at=None, replaced_at=None).first()
    if found is None:
        return None
    sent = mails.mails(one["mail_id"] for one in found.holders)
    holders = tuple(
        (Holder(one["name"], one["email"]), sent.get(one["mail_id"])) for one in found.holders
    )
    return SealCard(found.created_at, found.actor, holders)


def _checked(holders: Sequence[Holder]) -> list[Holder]:
    known = []
    for holder in holders:
        email = addresses.normal(holder.email)
        if email is None:
            raise Refused(say(_("“{email}” is not an e-mail address."), email=holder.email[:100]))
        if not holder.name.strip():
            raise Refused(_("Each of the three has a name."))
        known.append(Holder(" ".join(holder.name.split())[:120], email))
    if len(known) != 3 or len({one.email for one in known}) != 3:
        raise Refused(_("Name three different people."))
    return known


def _tell(actor: User, organisation: Organisation) -> None:
    """Those who administer it, and the three: nobody comes in this way unseen."""
    last = Seal.objects.filter(organisation=organisation).order_by("-used_at").first()
    told = {one["email"]: "fr" for one in (last.holders if last else [])}
    heads = Member.objects.filter(organisation=organisation, role=Role.ADMINISTRATOR)
    for head in heads.select_related("user"):
        told[head.user.email] = head.user.language or "fr"
    for email, language in told.items():
        letter = letters.recovered(
            organisation, person=f"{actor} ({actor.email})", language=language
        )
        notifications.post(
            organisation_id=organisation.pk, actor_id=actor.pk, kind="recovered", to=email,
            language=language, subject=letter.subject, text=letter.text,
        )  # fmt: skip
