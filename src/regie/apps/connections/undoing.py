"""Takes an import back. What it had replaced returns; what came later stays."""

from __future__ import annotations

from django.db import connection

from regie.apps.access import policies
from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.beneficiaries import services as beneficiaries
from regie.apps.connections import storage
from regie.apps.connections.beside import standing, tell_owners
from regie.apps.connections.context import context_of
from regie.apps.connections.doubled import kept, settle_doubles
from regie.apps.connections.models import CurrencyRate, Import, State
from regie.apps.connections.naming import publish_anew
from regie.domain.privacy.masking import without_addresses
from regie.kernel import clock
from regie.kernel.errors import NotFound, Refused
from regie.kernel.i18n import _, say
from regie.warehouse import catalogue
from regie.warehouse.engine import Engine, scratch
from regie.warehouse.undo import undo as undo_in_warehouse


def undo_import(*, actor: User | None, import_id: int) -> Import:
    """Raises ``NotFound`` for an unknown or hidden import, ``Refused`` for one not published."""
    with storage.workplace() as folder, scratch(folder) as engine, context_of(actor):
        catalogue.lock_for_publishing(connection.connection)
        record = Import.objects.filter(pk=import_id).first()
        if record is None:
            raise NotFound(say(_("There is no import {number}."), number=import_id))
        policies.check_can_import(actor=actor, organisation=record.organisation)
        for completion in Import.objects.filter(completes=record, state=State.PUBLISHED):
            _take_back(completion, engine, actor)
        if record.state != State.PUBLISHED:
            raise Refused(
                say(
                    _("Import {number} is not published: there is nothing to undo."),
                    number=import_id,
                )
            )
        _take_back(record, engine, actor)
        with operating():
            beneficiaries.assign_again()
        return record


def _take_back(record: Import, engine: Engine, actor: User | None) -> None:
    database = connection.connection
    published = undo_in_warehouse(
        database, storage.lake(), engine, taken_back=kept(record),
        others=[kept(other) for other in standing(record) if other != record],
    )  # fmt: skip
    _reinstate(record)
    CurrencyRate.objects.filter(import_id=record.pk).delete()
    record.state = State.UNDONE
    record.version = published.version
    record.finished_at = clock.now()
    record.save(update_fields=["state", "version", "finished_at"])
    _ask_again(record, engine)
    settle_doubles(engine, {int(one["asset_key"]) for one in record.windows})
    audit.record(
        organisation_id=record.organisation_id,
        action="connections.import_undone",
        actor_id=actor.pk if actor else None,
        actor=str(actor) if actor else audit.OPERATOR,
        import_id=record.pk,
        file=without_addresses(record.file_name),
    )
    tell_owners(record, "connections.figures_taken_back")


def _ask_again(record: Import, engine: Engine) -> None:
    """What named no account, and was read again with one, stands as it did before."""
    before = record.answers
    if before is None or before.state != State.ANSWERED or before.version is None:
        return
    before.state = State.PUBLISHED
    before.save(update_fields=["state"])
    publish_anew(before, engine)


def _reinstate(record: Import) -> None:
    """The same file sent before speaks again, for what others have not replaced since."""
    before = Import.objects.filter(
        organisation_id=record.organisation_id, file_digest=record.file_digest,
        options_digest=record.options_digest, state=State.SUPERSEDED,
    ).order_by("-pk").first()  # fmt: skip
    if before is not None:
        Import.objects.filter(pk=record.pk).update(state=State.UNDONE)  # only one is published
        before.state = State.PUBLISHED
        before.save(update_fields=["state"])
