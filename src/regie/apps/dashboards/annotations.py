"""Reads about noted events: those of a branch, and those that reach it from above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from regie.apps.dashboards.models import Annotation as Record
from regie.apps.organisations.models import Organisation
from regie.apps.organisations.policies import line_of
from regie.domain.annotations import Annotation, Kind
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _
from regie.kernel.periods import Period


@dataclass(frozen=True)
class EventCard:
    """``organisation_id`` may be one above that the reader does not see."""

    id: int
    event: Annotation
    organisation_id: int
    is_removed: bool
    can_take_back: bool


def events_of(
    organisation: Organisation, branch: Sequence[Organisation], period: Period | None = None
) -> list[EventCard]:
    """The latest first. ``branch`` is what is seen of the organisation and of those below it."""
    here = [one.pk for one in branch if one.path.startswith(organisation.path)]
    from_above = Q(organisation_id__in=line_of(organisation), reaches_below=True)
    found = Record.objects.filter(Q(organisation_id__in=here) | from_above, removed_at=None)
    if period is not None:
        found = found.filter(starts_on__lte=period.end, ends_on__gte=period.start)
    return [_card(one) for one in found.order_by("-starts_on", "-ends_on", "-pk")]


def event_card(event_id: int, branch: Sequence[Organisation]) -> EventCard:
    """One of ``branch``. Raises ``NotFound`` where there is none, or none that may be changed."""
    mine = [one.pk for one in branch]
    record = Record.objects.filter(pk=event_id, organisation_id__in=mine).first()
    if record is None:
        raise NotFound(_("There is no such event."))
    return _card(record)


def _card(record: Record) -> EventCard:
    return EventCard(
        id=record.pk,
        event=Annotation(
            title=record.title,
            kind=Kind(record.kind),
            period=Period(record.starts_on, record.ends_on),
            note=record.note,
            reaches_below=record.reaches_below,
        ),
        organisation_id=record.organisation_id,
        is_removed=record.removed_at is not None,
        can_take_back=record.removed_at is not None or bool(record.before),
    )
