"""Note the size of a market, change it, remove it, and take the last of these back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.dashboards import policies
from regie.apps.dashboards.models import MarketSize as Record
from regie.apps.organisations.models import Organisation
from regie.domain.markets import MarketSize, check
from regie.kernel import clock
from regie.kernel.errors import NotFound, WrongUse
from regie.kernel.i18n import _
from regie.kernel.money import plain

FIELDS = ("measure", "starts_on", "ends_on", "amount", "currency", "source", "published_on")
DAYS = {"starts_on", "ends_on", "published_on"}


@transaction.atomic
def note_market(*, actor: User, organisation: Organisation, size: MarketSize) -> int:
    policies.check_can_size(actor=actor, organisation=organisation)
    record = Record(organisation=organisation, author_id=actor.pk)
    _write(record, check(size))
    _check_alone(record)
    record.save()
    _record(actor, record, "dashboards.market_noted")
    return record.pk


@transaction.atomic
def change_market(*, actor: User, market_id: int, size: MarketSize) -> None:
    record = _found(actor, market_id)
    before = _said(record)
    _write(record, check(size))
    _check_alone(record)
    record.before = before
    record.save()
    _record(actor, record, "dashboards.market_changed", before=before)


@transaction.atomic
def remove_market(*, actor: User, market_id: int) -> None:
    """It leaves the pages; its row stays, so that this can be taken back."""
    record = _found(actor, market_id)
    record.removed_at = clock.now()
    record.save(update_fields=["removed_at", "changed_at"])
    _record(actor, record, "dashboards.market_removed")


@transaction.atomic
def take_market_back(*, actor: User, market_id: int) -> None:
    """Undo the last removal or change; doing it twice does the change again."""
    record = _found(actor, market_id)
    if record.removed_at is not None:
        record.removed_at = None
    elif record.before:
        now = _said(record)
        for name in FIELDS:
            setattr(record, name, _parsed(name, record.before[name]))
        record.before = now
    _check_alone(record)
    record.save()
    _record(actor, record, "dashboards.market_restored")


def _found(actor: User, market_id: int) -> Record:
    record = Record.objects.select_for_update().filter(pk=market_id).first()
    if record is None:
        raise NotFound(_("There is no such market."))
    policies.check_can_size(actor=actor, organisation=record.organisation)
    return record


def _check_alone(record: Record) -> None:
    """A day has one size: two would be counted twice."""
    others = Record.objects.filter(
        organisation_id=record.organisation_id, measure=record.measure, removed_at=None,
        starts_on__lte=record.ends_on, ends_on__gte=record.starts_on,
    ).exclude(pk=record.pk)  # fmt: skip
    if others.exists():
        raise WrongUse(
            _("The size of the market is already noted for some of these days: change it there."),
            code="starts_on",
        )


def _write(record: Record, size: MarketSize) -> None:
    record.measure = size.measure
    record.starts_on = size.period.start
    record.ends_on = size.period.end
    record.amount = size.amount
    record.currency = size.currency
    record.source = size.source.strip()
    record.published_on = size.published_on


def _said(record: Record) -> dict[str, Any]:
    values = {name: getattr(record, name) for name in FIELDS}
    return {name: plain(v) if isinstance(v, Decimal) else str(v) for name, v in values.items()}


def _parsed(name: str, value: str) -> Any:
    if name in DAYS:
        return date.fromisoformat(value)
    return Decimal(value) if name == "amount" else value


def _record(actor: User, record: Record, action: str, **details: Any) -> None:
    audit.record(
        organisation_id=record.organisation_id,
        action=action,
        actor_id=actor.pk,
        actor=str(actor),
        market_id=record.pk,
        **_said(record),
        **details,
    )
