"""The words of the console: kinds of organisations, roles and states of people and letters."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_lazy

from regie.apps.notifications.selectors import MailCard
from regie.apps.organisations.models import Kind, Role
from regie.kernel.i18n import _

KINDS = {
    Kind.BRAND: _("Parent company or brand"),
    Kind.FRANCHISOR: _("Head of a network"),
    Kind.SUBSIDIARY: _("Subsidiary"),
    Kind.REGION: _("Region"),
    Kind.FRANCHISEE: _("Franchisee"),
    Kind.AGENCY: _("Agency"),
    Kind.FREELANCE: _("Freelance"),
}
CHANGES = {
    "moved": _("Moved"),
    "merged": _("Merged"),
    "closed": _("Closed"),
}
ROLES = {
    Role.ADMINISTRATOR: _("Administrator"),
    Role.EMPLOYEE: _("Employee"),
    Role.CONTRACTOR: _("Contractor"),
}


def kind_word(kind: str) -> str:
    return gettext(KINDS[Kind(kind)])


def role_word(role: str) -> str:
    return gettext(ROLES[Role(role)])


KIND_CHOICES = tuple((kind.value, gettext_lazy(word)) for kind, word in KINDS.items())
ROLE_CHOICES = tuple((role.value, gettext_lazy(word)) for role, word in ROLES.items())
STATES = {
    "active": _("Active"),
    "ending": _("Ends within 30 days"),
    "ended": _("Ended"),
    "unused": _("Not here for 90 days"),
    "without_second_factor": _("Without second factor"),
}
STATE_CHOICES = tuple((name, gettext_lazy(word)) for name, word in STATES.items())
INVITATION_STATES = {
    "pending": (_("Waiting for an answer"), "accent"),
    "expired": (_("Too old"), "warning"),
    "accepted": (_("Accepted"), "good"),
    "withdrawn": (_("Withdrawn"), ""),
}
INVITATION_CHOICES = tuple(
    (name, gettext_lazy(word)) for name, (word, _sign) in INVITATION_STATES.items()
)
MAIL_STATES = {
    "queued": (_("The letter is about to leave"), ""),
    "sent": (_("Letter sent"), ""),
    "failed": (_("The letter could not be sent"), "bad"),
}


def mail_word(mail: MailCard | None) -> tuple[str, str, str] | None:
    """The state of a letter, its tone, and what the mail server said."""
    if mail is None:
        return None
    if mail.state == "queued" and mail.problem:
        return _("The letter is tried again"), "warning", mail.problem
    word, tone = MAIL_STATES[mail.state]
    return word, tone, mail.problem
