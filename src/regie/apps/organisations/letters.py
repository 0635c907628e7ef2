"""The letters that are sent to people, each in the language of who reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from regie.apps.organisations.models import Invitation, Organisation, Role
from regie.ui import figures


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str


def invitation(made: Invitation, *, link: str) -> Letter:
    with translation.override(made.language):
        subject = _("{person} invites you to {organisation} on Régie").format(
            person=made.inviter, organisation=made.organisation.name
        )
        return _letter(
            subject,
            _("Hello,"),
            _("{person} invites you to work with {organisation} on Régie, as {role}.").format(
                person=made.inviter,
                organisation=made.organisation.name,
                role=_role_with_end(made.role, made.ends_on),
            ),
            _("To accept, open this link:"),
            link,
            _("The link is for you alone, works once, and until {day}.").format(
                day=figures.day(made.expires_at.date(), "long")
            ),
            _("You don’t know why you got this? Then do nothing: without you nothing happens."),
        )


def _role_with_end(role: str, ends_on: date | None) -> str:
    words = {
        Role.ADMINISTRATOR: _("an administrator"),
        Role.EMPLOYEE: _("an employee"),
        Role.CONTRACTOR: _("a contractor"),
    }
    word = words[Role(role)]
    if ends_on is None:
        return word
    return _("{role} until {day}").format(role=word, day=figures.day(ends_on, "long"))


def recovery_part(
    organisation: Organisation, *, holder: str, part: str, actor: str, link: str, language: str
) -> Letter:
    with translation.override(language):
        return _letter(
            _("Your part of the recovery code of {organisation}").format(
                organisation=organisation.name
            ),
            _("Hello {person},").format(person=holder),
            _(
                "{actor} names you one of three people who can open {organisation} on Régie again "
                "should all its administrators be gone. Your part of the code:"
            ).format(actor=actor, organisation=organisation.name),
            part,
            _("Keep it as you keep a key, away from this mailbox. It opens nothing by itself: two "
              "of the three parts are needed, at {link}.").format(link=link),
            _("Nobody else has your part, not even {actor}.").format(actor=actor),
        )  # fmt: skip


def recovered(organisation: Organisation, *, person: str, language: str) -> Letter:
    with translation.override(language):
        return _letter(
            _("The recovery code of {organisation} was used").format(
                organisation=organisation.name
            ),
            _("Hello,"),
            _(
                "{person} has just become an administrator of {organisation} with two of the three "
                "parts of its recovery code. If you did not expect this, look at the People page "
                "and at the journal now."
            ).format(person=person, organisation=organisation.name),
        )


def access_deadline(organisation: Organisation, *, day: date, language: str) -> Letter:
    with translation.override(language):
        said = figures.day(day, "long")
        return _letter(
            _("From {day} on, {organisation} shows each person what he was given").format(
                day=said, organisation=organisation.name
            ),
            _("Hello,"),
            _(
                "Until then nothing changes. From {day} on, members of {organisation} who are not "
                "administrators see the accounts and pages that were given to them, and no "
                "longer all of them."
            ).format(day=said, organisation=organisation.name),
            _("Is something missing that you work with? Ask an administrator before that day."),
        )


def _letter(subject: str, *paragraphs: str) -> Letter:
    ending = _("— Régie")
    return Letter(subject, "\n\n".join([*paragraphs, ending]) + "\n")
