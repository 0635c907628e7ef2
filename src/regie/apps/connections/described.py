"""Tables that a person described: kept under a name, and recognised when they come again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from regie.apps.access import policies
from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.connections.context import context_of
from regie.apps.connections.models import Import, Mapping
from regie.apps.connections.receiving import Options
from regie.apps.organisations.models import Organisation
from regie.ingestion.mapping import format_from
from regie.ingestion.pipeline import Answers, FileRead
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _, say


def remember(
    *, actor: User | None, organisation_id: int, name: str, description: dict[str, Any]
) -> Mapping:
    """Keep ``description`` as ``name``; an earlier one of that name is replaced.

    Raises ``WrongUse`` where it describes nothing that can be read.
    """
    format_from(description)
    with context_of(actor):
        _check(actor, organisation_id)
        mapping, _created = Mapping.objects.update_or_create(
            organisation_id=organisation_id,
            name=name,
            defaults={
                "description": description,
                "actor": str(actor) if actor else audit.OPERATOR,
            },
        )
        audit.record(
            organisation_id=organisation_id,
            action="connections.table_described",
            actor_id=actor.pk if actor else None,
            actor=mapping.actor,
            name=name,
        )
    return mapping


def forget(*, actor: User | None, mapping_id: int) -> str:
    """Its name; what was imported with it stays. Raises ``NotFound`` for one that is hidden."""
    with context_of(actor):
        mapping = Mapping.objects.filter(pk=mapping_id).first()
        # One of the head office can be read below, and is not to be removed from there.
        if mapping is not None:
            _check(actor, mapping.organisation_id)
        removed = mapping is not None and mapping.delete()[0]
        if mapping is None or not removed:
            raise NotFound(say(_("There is no table {number}."), number=mapping_id))
        audit.record(
            organisation_id=mapping.organisation_id,
            action="connections.table_forgotten",
            actor_id=actor.pk if actor else None,
            actor=str(actor) if actor else audit.OPERATOR,
            name=mapping.name,
        )
    return mapping.name


def _check(actor: User | None, organisation_id: int) -> None:
    here = Organisation.objects.filter(pk=organisation_id).first()
    if here is None:  # one of the head office can be read below, and is not to be changed there
        raise NotFound(_("There is no such organisation."))
    policies.check_can_import(actor=actor, organisation=here)


def read_described(
    record: Import,
    read: FileRead,
    answers: Answers,
    attempt: Callable[[Answers], FileRead],
    actor: User | None,
) -> tuple[FileRead, Answers]:
    """The file read as a table that was described before, where no format knows it.

    The record keeps the description: what is read again later is read alike.
    """
    if read.problem is None or read.problem.code != "unknown_table":
        return read, answers
    for options in _possible(record, actor):
        again = attempt(options.answers())
        if again.format is not None:
            record.options = asdict(options)
            return again, options.answers()
    return read, answers


def _possible(record: Import, actor: User | None) -> list[Options]:
    """The options of ``record`` with each table that may hold for it, its own organisation first.

    Empty where a person said what the file is.
    """
    said = Options(**record.options)
    if said.mapping or said.format:
        return []
    with context_of(actor):
        line = [int(one) for one in record.organisation.path.strip("/").split("/")]
        found = list(Mapping.objects.filter(organisation_id__in=line).order_by("-pk"))
    found.sort(key=lambda one: -line.index(one.organisation_id))
    return [with_description(said, mapping.description) for mapping in found]


def with_description(said: Options, description: dict[str, Any]) -> Options:
    """What was said of the file itself goes before what was said of its kind."""
    return Options(
        account=said.account or str(description.get("account", "")),
        currency=said.currency or str(description.get("currency", "")),
        period=said.period,
        time_zone=said.time_zone or str(description.get("time_zone", "")),
        mapping=description,
    )
