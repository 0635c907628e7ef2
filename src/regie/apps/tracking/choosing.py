"""Which source counts of visits, orders, leads and calls that are both measured and imported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.audit import services as audit
from regie.apps.beneficiaries import services as beneficiaries
from regie.apps.organisations.models import Organisation
from regie.apps.tracking import policies
from regie.apps.tracking.models import Counts, Site, SourceChoice, Which
from regie.kernel import clock
from regie.kernel.errors import NotFound, WrongUse
from regie.kernel.i18n import _
from regie.warehouse import catalogue
from regie.warehouse.twice import Counted


@dataclass(frozen=True)
class Choice:
    """``imported`` is the key of an account; ``site`` the number of a measured one, or ``None``
    where both count."""

    imported: int
    site: int | None
    which: str
    starts_on: date
    fact: str = "visits"


@dataclass(frozen=True)
class ChoiceCard:
    id: int
    imported: int
    site: str
    fact: str
    which: str
    starts_on: date
    said_by: str
    said_at: datetime
    taken_back_at: datetime | None


@transaction.atomic
def choose_source(*, actor: User | None, organisation: Organisation, choice: Choice) -> int:
    """From ``starts_on`` on; what was said for that same day before is replaced."""
    site = check_choice(actor=actor, organisation=organisation, choice=choice)
    live = SourceChoice.objects.filter(
        organisation=organisation, imported_id=choice.imported, fact=choice.fact,
        taken_back_at__isnull=True,
    )  # fmt: skip
    live.filter(starts_on=choice.starts_on).update(
        taken_back_at=clock.now(), taken_back_by=_name(actor)
    )
    made = SourceChoice.objects.create(
        organisation=organisation, imported_id=choice.imported, site=site, fact=choice.fact,
        which=choice.which, starts_on=choice.starts_on, said_by=_name(actor),
    )  # fmt: skip
    _publish()
    _record(actor, made, "tracking.source_chosen")
    return made.pk


def check_choice(*, actor: User | None, organisation: Organisation, choice: Choice) -> Site | None:
    """The measured site that it names. Raises ``Forbidden``, ``NotFound`` or ``WrongUse``."""
    policies.check_can_measure(actor=actor, organisation=organisation)
    if choice.which not in Which.values:
        raise WrongUse(_("Say which of the two counts, or both."))
    if choice.fact not in Counts.values:
        raise WrongUse(_("Say whether it is about visits, orders, leads or calls."))
    card = next(iter(assets.cards([choice.imported])), None)
    if card is None or card.organisation_id != organisation.pk:
        raise NotFound(_("There is no such source."))
    return _site(organisation, choice)


@transaction.atomic
def take_choice_back(*, actor: User | None, choice_id: int) -> None:
    """What counted before counts again."""
    found = SourceChoice.objects.select_for_update(of=("self",)).filter(
        pk=choice_id, taken_back_at__isnull=True
    ).select_related("organisation").first()  # fmt: skip
    if found is None:
        raise NotFound(_("There is no such choice."))
    policies.check_can_measure(actor=actor, organisation=found.organisation)
    found.taken_back_at, found.taken_back_by = clock.now(), _name(actor)
    found.save(update_fields=["taken_back_at", "taken_back_by"])
    _publish()
    _record(actor, found, "tracking.source_choice_taken_back")


def choices_of(organisation: Organisation) -> list[ChoiceCard]:
    """The latest first."""
    found = SourceChoice.objects.filter(organisation=organisation).select_related("site")
    return [
        ChoiceCard(
            one.pk, one.imported_id, one.site.name if one.site else "", one.fact, one.which,
            one.starts_on, one.said_by, one.said_at, one.taken_back_at,
        )
        for one in found.order_by("-said_at", "-pk")
    ]  # fmt: skip


def counting_if(choice: Choice) -> tuple[Counted, ...]:
    """All that was said, and ``choice`` beside it: to see what would follow."""
    with operating():
        site = Site.objects.filter(pk=choice.site).first() if choice.site else None
        measured = site.asset_id if site else None
        new = Counted(choice.imported, measured, choice.which, choice.starts_on, choice.fact)
        return (*_said(choice), new)


def _said(but: Choice | None = None) -> tuple[Counted, ...]:
    found = SourceChoice.objects.filter(taken_back_at__isnull=True).select_related("site")
    if but is not None:
        found = found.exclude(
            imported_id=but.imported, fact=but.fact, starts_on=but.starts_on
        )  # fmt: skip
    return tuple(
        Counted(
            one.imported_id, one.site.asset_id if one.site else None, one.which, one.starts_on,
            one.fact,
        )
        for one in found.order_by("pk")
    )  # fmt: skip


def _publish() -> None:
    """Readers look at a version: what is said is part of one, and of none before it."""
    with operating():
        catalogue.lock_for_publishing(connection.connection)
        catalogue.publish_counting(connection.connection, _said())
        beneficiaries.assign_again()  # other visits count now, and came by other campaigns


def _site(organisation: Organisation, choice: Choice) -> Site | None:
    if choice.which == Which.BOTH:
        return None
    mine = Site.objects.filter(organisation=organisation)
    site = mine.filter(pk=choice.site).first() if choice.site else None
    if site is None:
        raise WrongUse(_("Say which measured site it is."))
    return site


def _name(actor: User | None) -> str:
    return str(actor) if actor else audit.OPERATOR


def _record(actor: User | None, choice: SourceChoice, action: str) -> None:
    card = next(iter(assets.cards([choice.imported_id])), None)
    audit.record(
        organisation_id=choice.organisation_id, action=action,
        actor_id=actor.pk if actor else None, actor=_name(actor), imported_id=choice.imported_id,
        account=card.label if card else "", site_id=choice.site_id, fact=choice.fact,
        which=choice.which, starts_on=str(choice.starts_on),
    )  # fmt: skip
