"""Change what an organisation is called, where it is, and how it counts money and days."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any
from zoneinfo import available_timezones

from django.db import transaction

from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.organisations import policies
from regie.apps.organisations.models import Kind, Organisation
from regie.kernel import clock
from regie.kernel.errors import WrongUse
from regie.kernel.fiscal import PATTERNS
from regie.kernel.i18n import _, say
from regie.kernel.money import is_currency

LONGEST_NAME = 160
CALENDAR = ("first_month", "year_pattern", "week_starts_on")


@dataclass(frozen=True)
class Settings:
    """``week_starts_on`` counts from Monday (0); ``year_pattern`` is one of the calendar's."""

    name: str
    kind: str
    location: str
    currency: str
    time_zone: str
    first_month: int
    year_pattern: str
    week_starts_on: int


@transaction.atomic
def change_settings(
    *, actor: User, organisation: Organisation, settings: Settings, calendar_below: bool = False
) -> bool:
    """Whether anything changed. ``calendar_below`` gives the calendar to all organisations below.

    Imports and figures keep their days: only what is counted from now on follows.
    """
    policies.check_can_administer(actor=actor, organisation=organisation, now=clock.now())
    policies.check_is_open(organisation)
    _check(settings)
    record = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    changed = _write(actor, record, asdict(settings))
    if calendar_below:
        calendar = {name: getattr(settings, name) for name in CALENDAR}
        below = Organisation.objects.select_for_update(no_key=True).filter(
            path__startswith=record.path
        )
        for one in below.exclude(pk=record.pk).order_by("path"):
            changed = _write(actor, one, calendar) or changed
    return changed


@transaction.atomic
def rename_organisation(*, actor: User, organisation: Organisation, name: str) -> bool:
    """Whether anything changed."""
    said = {one.name: getattr(organisation, one.name) for one in fields(Settings)}
    wanted = Settings(**said | {"name": " ".join(name.split())[:LONGEST_NAME]})
    return change_settings(actor=actor, organisation=organisation, settings=wanted)


def _check(settings: Settings) -> None:
    if not settings.name.strip():
        raise WrongUse(_("An organisation needs a name."))
    if settings.kind not in Kind.values:
        raise WrongUse(say(_("There is no kind of organisation “{kind}”."), kind=settings.kind))
    if not is_currency(settings.currency):
        raise WrongUse(
            say(_("“{code}” is not a currency code of ISO 4217."), code=settings.currency),
            hint=_("Write it as EUR or USD."),
        )
    if settings.time_zone not in available_timezones():
        raise WrongUse(say(_("There is no time zone “{zone}”."), zone=settings.time_zone))
    if settings.year_pattern not in PATTERNS or settings.first_month not in range(1, 13):
        raise WrongUse(_("There is no such fiscal year."))


def _write(actor: User, record: Organisation, wanted: dict[str, Any]) -> bool:
    before = {name: getattr(record, name) for name in wanted}
    changed = {name: value for name, value in wanted.items() if value != before[name]}
    if not changed:
        return False
    for name, value in changed.items():
        setattr(record, name, value)
    record.save(update_fields=list(changed))
    audit.record(
        organisation_id=record.pk,
        action="organisations.settings_changed",
        actor_id=actor.pk,
        actor=str(actor),
        before={name: before[name] for name in changed},
        after=changed,
    )
    return True
