"""What became of mails."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from regie.apps.notifications.models import Attachment, Mail, State
from regie.apps.notifications.sealing import unseal, unseal_bytes


@dataclass(frozen=True)
class MailCard:
    """``state`` is queued, sent or failed; ``problem`` is what the mail server said."""

    id: int
    to: str
    state: str
    problem: str
    sent_at: datetime | None


def posted_since(*, actor_id: int, kind: str, since: datetime) -> int:
    """How many mails of ``kind`` one person has caused, whatever became of them."""
    return Mail.objects.filter(actor_id=actor_id, kind=kind, created_at__gt=since).count()


def posted_to(*, organisation_id: int, kind: str, to: str, since: datetime) -> int:
    """How many mails of ``kind`` an organisation has sent to one address."""
    return Mail.objects.filter(
        organisation_id=organisation_id, kind=kind, to=to, created_at__gt=since
    ).count()


def latest_of(*, organisation_id: int, kind: str) -> dict[str, MailCard]:
    """The last mail of ``kind`` to each address."""
    found = Mail.objects.filter(organisation_id=organisation_id, kind=kind)
    latest = found.order_by("to", "-pk").distinct("to")
    return {one.to: _card(one) for one in latest}


def mails(ids: Iterable[int]) -> dict[int, MailCard]:
    found = Mail.objects.filter(pk__in=list(ids))
    return {one.pk: _card(one) for one in found}


def _card(one: Mail) -> MailCard:
    return MailCard(one.pk, one.to, one.state, one.problem, one.sent_at)


def naming(organisation_ids: Collection[int], texts: Collection[str]) -> int:
    """Mails that wait to be sent and hold one of ``texts`` (in small letters), themselves or in a
    file that goes with them: sealed as they are, no search of the tables finds them."""
    waiting = Mail.objects.filter(organisation_id__in=organisation_ids, state=State.QUEUED)
    found = {one.pk for one in waiting if _holds(unseal(one.sealed_text), texts)}
    for one in Attachment.objects.filter(mail__in=waiting):
        content = unseal_bytes(one.sealed_content).decode(errors="replace")
        if _holds(content, texts):
            found.add(one.mail_id)
    return len(found)


def _holds(text: str, texts: Collection[str]) -> bool:
    small = text.lower()
    return any(one in small for one in texts)
