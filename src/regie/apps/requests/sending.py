"""Mail the list of requests to whoever is responsible, where the owner has no Régie.

It goes as a file with the letter, in the reader's language; what is filled in comes back to the
person who asks, and is read on the page.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.notifications import selectors as outbox
from regie.apps.notifications import services as notifications
from regie.apps.notifications.services import File
from regie.apps.organisations.models import Organisation
from regie.apps.requests.listing import file_for_owners
from regie.apps.requests.selectors import LIST, responsible_for
from regie.kernel import clock
from regie.kernel.errors import NotFound, Refused
from regie.kernel.i18n import _, say

MOST_A_DAY = 100  # letters of one person to people who are not here: a session must not mail them
MOST_TO_ONE = 3
LANGUAGES = ("fr", "en")


@transaction.atomic
def send_list(*, actor: User, organisation: Organisation, responsible: str, language: str) -> int:
    """The number of the mail. Raises ``Forbidden``, ``NotFound`` where nothing is asked of that
    address, ``Refused`` for more letters than a day may have."""
    language = language if language in LANGUAGES else "fr"
    text = file_for_owners(
        actor=actor, organisation=organisation, responsible=responsible, language=language
    )
    count = dict(responsible_for(organisation)).get(responsible, 0)
    if not count:
        raise NotFound(_("Nothing is asked of this address."))
    _check_pace(actor, organisation, responsible)
    with translation.override(language):
        subject = gettext("Access to your ad accounts for {name}").format(name=organisation.name)
        words = gettext(
            "Hello,\n\n{name} asks for access to {count} of your accounts: they are in the "
            "attached list. Open it, write yes or no in the column “decision” of each line, change "
            "nothing else, and send it back by answering this mail, to {email}.\n\nIf you don’t "
            "know {name}, do nothing: nothing is given without you.\n\n{person}, {name}"
        ).format(name=organisation.name, count=count, person=actor, email=actor.email)
        name = gettext("access-requests.csv")
    mail = notifications.post(
        organisation_id=organisation.pk, actor_id=actor.pk, kind=LIST, to=responsible,
        language=language, subject=subject, text=f"{words}\n", reply_to=actor.email,
        files=[File(name, "text/csv", text.encode("utf-8-sig"))],
    )  # fmt: skip
    audit.record(
        organisation_id=organisation.pk, action="requests.list_sent", actor_id=actor.pk,
        actor=str(actor), email=responsible, count=count,
    )  # fmt: skip
    return mail


def _check_pace(actor: User, organisation: Organisation, responsible: str) -> None:
    since = clock.now() - timedelta(days=1)
    to_him = outbox.posted_to(
        organisation_id=organisation.pk, kind=LIST, to=responsible, since=since
    )
    if to_him >= MOST_TO_ONE:
        raise Refused(
            say(_("{email} got this list {most} times within a day."), email=responsible,
                most=MOST_TO_ONE),
            hint=_("Wait for the answer, or call him."),
            code="too_many_letters",
        )  # fmt: skip
    if outbox.posted_since(actor_id=actor.pk, kind=LIST, since=since) >= MOST_A_DAY:
        raise Refused(
            say(_("You have sent {most} lists within a day."), most=MOST_A_DAY),
            hint=_("Go on tomorrow, or download the lists and send them yourself."),
            code="too_many_letters",
        )
