"""Note an event, change it, remove it, and take the last of these back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.dashboards import policies
from regie.apps.dashboards.models import Annotation as Record
from regie.apps.organisations.models import Organisation
from regie.domain.annotations import Annotation, check
from regie.kernel import clock
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _

FIELDS = ("organisation_id", "title", "kind", "starts_on", "ends_on", "note", "reaches_below")


@transaction.atomic
def note_event(*, actor: User, organisation: Organisation, event: Annotation) -> int:
    policies.check_can_annotate(actor=actor, organisation=organisation)
    record = Record(organisation=organisation, author_id=actor.pk)
    _write(record, check(event))
    record.save()
    _record(actor, record, "dashboards.event_noted")
    return record.pk


@transaction.atomic
def change_event(
    *, actor: User, event_id: int, organisation: Organisation, event: Annotation
) -> None:
    """``organisation`` is the one that it concerns from now on."""
    record = _found(actor, event_id)
    policies.check_can_annotate(actor=actor, organisation=organisation)
    before = _said(record)
    record.organisation = organisation
    _write(record, check(event))
    record.before = before
    record.save()
    _record(actor, record, "dashboards.event_changed", before=before)


@transaction.atomic
def remove_event(*, actor: User, event_id: int) -> None:
    """It leaves the pages; its row stays, so that this can be taken back."""
    record = _found(actor, event_id)
    record.removed_at = clock.now()
    record.save(update_fields=["removed_at", "changed_at"])
    _record(actor, record, "dashboards.event_removed")


@transaction.atomic
def take_event_back(*, actor: User, event_id: int) -> None:
    """Undo the last removal or change; doing it twice does the change again."""
    record = _found(actor, event_id)
    if record.removed_at is not None:
        record.removed_at = None
    elif record.before:
        now = _said(record)
        for name, value in record.before.items():
            is_day = name in {"starts_on", "ends_on"}
            setattr(record, name, date.fromisoformat(value) if is_day else value)
        record.before = now
    record.save()
    _record(actor, record, "dashboards.event_restored")


def _found(actor: User, event_id: int) -> Record:
    """What reaches down from above can only be read: here it answers as absent."""
    found = Record.objects.select_for_update(of=("self",)).filter(pk=event_id)
    record = found.select_related("organisation").first()
    if record is None:
        raise NotFound(_("There is no such event."))
    policies.check_can_annotate(actor=actor, organisation=record.organisation)
    return record


def _write(record: Record, event: Annotation) -> None:
    record.title = event.title.strip()
    record.kind = event.kind.value
    record.starts_on = event.period.start
    record.ends_on = event.period.end
    record.note = event.note.strip()
    record.reaches_below = event.reaches_below


def _said(record: Record) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in FIELDS}
    return {name: str(v) if isinstance(v, date) else v for name, v in values.items()}


def _record(actor: User, record: Record, action: str, **details: Any) -> None:
    audit.record(
        organisation_id=record.organisation_id, action=action, actor_id=actor.pk,
        actor=str(actor), event_id=record.pk, event=_said(record), **details,
    )  # fmt: skip
