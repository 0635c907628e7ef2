"""Reads of the journal, newest first; row security decides whose lines these are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from regie.apps.audit.models import AuditLine


@dataclass(frozen=True)
class Asked:
    """``area`` is the first part of an action; days are of ``time_zone``, both included."""

    text: str = ""
    area: str = ""
    since: date | None = None
    until: date | None = None
    time_zone: str = "Europe/Paris"


@dataclass(frozen=True)
class Line:
    id: int
    at: datetime
    organisation_id: int
    actor: str
    action: str
    details: dict[str, Any]


def lines_of(organisations: Collection[int], asked: Asked) -> QuerySet[Any]:
    """Lines that match; each word of the text stands in the actor, the action or the details."""
    found: QuerySet[Any] = AuditLine.objects.filter(organisation_id__in=list(organisations))
    if asked.area:
        found = found.filter(action__startswith=f"{asked.area}.")
    zone = ZoneInfo(asked.time_zone)
    if asked.since:
        found = found.filter(at__gte=_midnight(asked.since, zone))
    if asked.until:
        found = found.filter(at__lt=_midnight(asked.until + timedelta(days=1), zone))
    if asked.text:
        found = found.annotate(said=Cast("details", CharField()))
    for word in asked.text.split():
        found = found.filter(
            Q(actor__icontains=word) | Q(action__icontains=word) | Q(said__icontains=word)
        )
    return found.order_by("-at", "-pk")


def line(record: AuditLine) -> Line:
    return Line(
        record.pk, record.at, record.organisation_id, record.actor, record.action, record.details
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
