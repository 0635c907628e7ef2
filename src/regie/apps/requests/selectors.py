"""Requests as the pages list them; row security decides whose they are."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count

from regie.apps.notifications import selectors as outbox
from regie.apps.notifications.selectors import MailCard
from regie.apps.organisations.models import Organisation
from regie.apps.requests.models import AccessRequest, State
from regie.kernel import clock

LIST = "access_requests"  # the kind of the mails that carry a list


def lists_sent(organisation: Organisation) -> Mapping[str, MailCard]:
    """What became of the last list that was mailed to each address."""
    return outbox.latest_of(organisation_id=organisation.pk, kind=LIST)


def asked_by(organisation: Organisation) -> list[AccessRequest]:
    """What the organisation asked for: pending ones first, then the latest answers."""
    found = AccessRequest.objects.filter(organisation=organisation).order_by("-pk")[:1000]
    return sorted(found, key=lambda one: one.state != State.PENDING)


def responsible_for(organisation: Organisation) -> list[tuple[str, int]]:
    """Each address that answers for pending requests, with how many; by address."""
    found = AccessRequest.objects.filter(
        organisation=organisation, state=State.PENDING, expires_on__gte=clock.today()
    ).exclude(responsible="")
    counted = found.values("responsible").annotate(number=Count("pk")).order_by("responsible")
    return [(one["responsible"], one["number"]) for one in counted]


def waiting_for_me(organisation: Organisation) -> list[AccessRequest]:
    """What others ask of the organisation's assets and the current person may answer."""
    found = AccessRequest.objects.filter(
        route__owner__path__startswith=organisation.path, state=State.PENDING,
        expires_on__gte=clock.today(),
    )  # fmt: skip
    return list(found.order_by("pk"))


def is_expired(one: AccessRequest) -> bool:
    return one.state == State.PENDING and one.expires_on < clock.today()
