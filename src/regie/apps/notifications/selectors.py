"""What became of mails."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from regie.apps.notifications.models import Mail


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


def mails(ids: Iterable[int]) -> dict[int, MailCard]:
    found = Mail.objects.filter(pk__in=list(ids))
    return {one.pk: MailCard(one.pk, one.to, one.state, one.problem, one.sent_at) for one in found}
