"""Set an objective, change it, remove it, and take the last of these back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.dashboards import policies
from regie.apps.dashboards.models import Objective as Record
from regie.apps.organisations.models import Organisation
from regie.domain import objectives
from regie.domain.objectives import Level, Objective
from regie.kernel import clock
from regie.kernel.errors import NotFound, WrongUse
from regie.kernel.i18n import _
from regie.kernel.money import plain

FIELDS = ("level", "kind", "metric", "starts_on", "ends_on", "target", "currency", "direction",
          "owner", "words", "serves_id", "growth", "against")  # fmt: skip


@transaction.atomic
def set_objective(*, actor: User, organisation: Organisation, objective: Objective) -> int:
    policies.check_can_aim(actor=actor, organisation=organisation)
    record = Record(organisation=organisation, author_id=actor.pk)
    _write(record, objectives.check(objective))
    _check_place(record)
    record.save()
    _record(actor, record, "dashboards.objective_set")
    return record.pk


@transaction.atomic
def change_objective(*, actor: User, objective_id: int, objective: Objective) -> None:
    record = _found(actor, objective_id)
    before = _said(record)
    _write(record, objectives.check(objective))
    _check_place(record)
    record.before, record.changed_by_id = before, actor.pk
    record.save()
    _record(actor, record, "dashboards.objective_changed", before=before)


@transaction.atomic
def remove_objective(*, actor: User, objective_id: int) -> None:
    """It leaves the pages; its row stays, so that this can be taken back."""
    record = _found(actor, objective_id)
    record.removed_at = clock.now()
    record.save(update_fields=["removed_at", "changed_at"])
    _record(actor, record, "dashboards.objective_removed")


@transaction.atomic
def take_back(*, actor: User, objective_id: int) -> None:
    """Undo the last removal or change; doing it twice does the change again."""
    record = _found(actor, objective_id)
    if record.removed_at is not None:
        record.removed_at = None
    elif record.before:
        now = _said(record)
        # What was kept before growth could be aimed at says nothing of it.
        for name in FIELDS:
            setattr(record, name, _parsed(name, record.before.get(name)))
        record.before = now
    record.changed_by_id = actor.pk
    record.save()
    _record(actor, record, "dashboards.objective_restored")


def _found(actor: User, objective_id: int) -> Record:
    record = Record.objects.select_for_update().filter(pk=objective_id).first()
    if record is None:
        raise NotFound(_("There is no such objective."))
    policies.check_can_aim(actor=actor, organisation=record.organisation)
    return record


def _check_place(record: Record) -> None:
    """An operational objective stands under a business one of its own organisation, or alone."""
    if record.serves_id is not None:
        above = Record.objects.filter(
            pk=record.serves_id, organisation_id=record.organisation_id, removed_at=None,
            level=Level.BUSINESS.value,
        )  # fmt: skip
        if not above.exists():
            raise WrongUse(_("There is no such business objective to serve."), code="serves")
    below = Record.objects.filter(serves_id=record.pk, removed_at=None) if record.pk else None
    if record.level != Level.BUSINESS.value and below is not None and below.exists():
        raise WrongUse(
            _("Other objectives serve this one: it stays a business objective."), code="level"
        )


def _write(record: Record, objective: Objective) -> None:
    record.level = objective.level.value
    record.kind = objective.kind.value
    record.metric = objective.metric
    record.starts_on = objective.period.start
    record.ends_on = objective.period.end
    record.target = objective.target
    record.currency = objective.currency
    record.direction = objective.direction.value
    record.owner = objective.owner.strip()
    record.words = objective.words.strip()
    record.serves_id = objective.serves
    record.growth = objective.growth
    record.against = objective.against.value if objective.against else ""
    if objective.is_growth:
        record.target = None


def _said(record: Record) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in FIELDS}
    served = values.pop("serves_id")
    said = {name: plain(v) if isinstance(v, Decimal) else str(v) for name, v in values.items()
            if v is not None}  # fmt: skip
    return {**said, "serves_id": served}


def _parsed(name: str, value: Any) -> Any:
    if name in {"starts_on", "ends_on"}:
        return date.fromisoformat(value)
    if name in {"target", "growth"}:
        return None if value is None else Decimal(value)
    return value if value is not None or name == "serves_id" else ""


def _record(actor: User, record: Record, action: str, **details: Any) -> None:
    audit.record(
        organisation_id=record.organisation_id,
        action=action,
        actor_id=actor.pk,
        actor=str(actor),
        objective_id=record.pk,
        **_said(record),
        **details,
    )
