"""Put a mail in the outbox, and send what lies there.

Nothing is lost: the mail, its job and what it tells about are one transaction, and a job whose
worker was killed runs again. A mail that was handed over just before such a death goes out a
second time under the same Message-ID, which is how mail servers tell a copy from a letter.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import make_msgid
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage
from procrastinate.contrib.django import app
from procrastinate.jobs import JobDeferrer
from procrastinate.types import JSONDict

from regie.apps.notifications.models import Attachment, Mail, State
from regie.apps.notifications.sealing import seal, seal_bytes, unseal, unseal_bytes
from regie.kernel import clock
from regie.kernel.errors import Refused
from regie.kernel.i18n import _, say

MOST_ATTEMPTS = 6
MOST_ATTACHED = 5_000_000  # bytes in all: what mail servers take, once it is written as text
FIRST = 10  # people wait for a mail, nobody for an import: the worker takes it before
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class File:
    """What goes with a mail; ``content_type`` such as ``text/csv``."""

    name: str
    content_type: str
    content: bytes


def post(
    *,
    organisation_id: int,
    actor_id: int | None,
    kind: str,
    to: str,
    language: str,
    subject: str,
    text: str,
    reply_to: str = "",
    files: Sequence[File] = (),
) -> int:
    """Queue a mail in the transaction that runs; its id. ``files`` are removed once it is sent.

    Raises ``Refused`` for files that are too large for a mail.
    """
    if sum(len(one.content) for one in files) > MOST_ATTACHED:
        raise Refused(
            say(_("At most {most} MB go with a mail."), most=MOST_ATTACHED // 1_000_000),
            hint=_("Download the file, and send it another way."),
            code="too_large_for_mail",
        )
    mail = Mail.objects.create(
        organisation_id=organisation_id,
        actor_id=actor_id,
        kind=kind,
        to=to,
        reply_to=reply_to,
        language=language,
        subject=_subject(subject),
        sealed_text=seal(text),
        message_id=_message_id(),
    )
    Attachment.objects.bulk_create(
        Attachment(
            mail=mail, name=one.name, content_type=one.content_type,
            sealed_content=seal_bytes(one.content),
        )
        for one in files
    )  # fmt: skip
    _task().defer(mail_id=mail.pk)
    return mail.pk


@dataclass(frozen=True)
class Letter:
    """One of many that are posted together."""

    to: str
    subject: str
    text: str


def post_each(
    *, organisation_id: int, actor_id: int | None, kind: str, language: str,
    letters: Sequence[Letter],
) -> list[int]:  # fmt: skip
    """As ``post``, for letters without files: their ids, in the same order. A few statements."""
    if not letters:
        return []
    mails = Mail.objects.bulk_create(
        [
            Mail(
                organisation_id=organisation_id, actor_id=actor_id, kind=kind, to=one.to,
                language=language, subject=_subject(one.subject), sealed_text=seal(one.text),
                message_id=_message_id(),
            )
            for one in letters
        ],
        batch_size=1_000,
    )  # fmt: skip
    jobs: list[JSONDict] = [{"mail_id": one.pk} for one in mails]
    _task().batch_defer(*jobs)
    return [one.pk for one in mails]


def _task() -> JobDeferrer:
    return app.configure_task("notifications.deliver", queue="mail", priority=FIRST)


def _subject(said: str) -> str:
    return " ".join(said.split())[:250]


def _message_id() -> str:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    return make_msgid(domain=domain)


def deliver(mail_id: int) -> bool:
    """Send one mail; False when it has to be tried again. The row stays locked meanwhile."""
    mail = Mail.objects.select_for_update().filter(pk=mail_id, state=State.QUEUED).first()
    if mail is None:
        return True
    mail.attempts += 1
    try:
        _send(mail)
    except (OSError, SMTPException) as problem:
        logger.warning("mail %s could not be sent: %s", mail.pk, type(problem).__name__)
        mail.problem = _reason(problem)
        if _is_final(problem) or mail.attempts >= MOST_ATTEMPTS:
            mail.state, mail.sealed_text = State.FAILED, ""
    else:
        mail.state, mail.sent_at, mail.sealed_text, mail.problem = (
            State.SENT, clock.now(), "", "",
        )  # fmt: skip
    if mail.state != State.QUEUED:
        mail.attachments.all().delete()
    mail.save()
    return mail.state != State.QUEUED


def _send(mail: Mail) -> None:
    letter = EmailMessage(
        subject=mail.subject,
        body=unseal(mail.sealed_text),
        to=[mail.to],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers={
            "Message-ID": mail.message_id,
            "Content-Language": mail.language,
            "Auto-Submitted": "auto-generated",
        },
    )
    for one in mail.attachments.order_by("pk"):
        letter.attach(one.name, unseal_bytes(one.sealed_content), one.content_type)
    letter.send()


def _is_final(problem: Exception) -> bool:
    """A server that says 5xx will say it again."""
    if isinstance(problem, SMTPRecipientsRefused):
        return all(code >= 500 for code, _said in problem.recipients.values())
    return isinstance(problem, SMTPResponseException) and problem.smtp_code >= 500


def _reason(problem: Exception) -> str:
    if isinstance(problem, SMTPRecipientsRefused):
        said = [text for _code, text in problem.recipients.values()]
        return _text(said[0])[:300] if said else ""
    if isinstance(problem, SMTPResponseException):
        return _text(problem.smtp_error)[:300]
    return str(problem)[:300]


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said
