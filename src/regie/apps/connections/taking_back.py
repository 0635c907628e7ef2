"""Figures of one account that an import brought, taken back and let count again.

The owner of an account may take back what a partner brought into his books, and that alone: what
the same file says of other accounts stays. Nothing is lost; the file is kept, and can count again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from regie.apps.access import policies
from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.assets.selectors import AssetCard
from regie.apps.audit import services as audit
from regie.apps.beneficiaries import services as beneficiaries
from regie.apps.connections import storage
from regie.apps.connections.beside import of_accounts
from regie.apps.connections.context import context_of
from regie.apps.connections.doubled import kept, settle_doubles
from regie.apps.connections.models import Import, State
from regie.apps.organisations import policies as organisations
from regie.apps.organisations.models import Organisation
from regie.kernel import clock
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _
from regie.warehouse import catalogue
from regie.warehouse.engine import Engine, scratch
from regie.warehouse.undo import KeptImport, undo
from regie.warehouse.windows import Window


@dataclass(frozen=True)
class Brought:
    """What an owner may know of a partner's import: who, when, by which file, of which days."""

    import_id: int
    file_name: str
    organisation: str
    actor: str
    at: datetime | None
    first_day: date
    last_day: date
    is_taken_back: bool


def brought_by_partners(*, actor: User, asset_id: int) -> list[Brought]:
    """Newest first; nothing for whoever does not see the whole of the owner."""
    owner = owner_of(assets.card(asset_id))
    if owner is None or not policies.sees_whole(actor=actor, organisation=owner, now=clock.now()):
        return []
    return [_brought(one, asset_id) for one in reversed(_of_partners(owner, asset_id))]


@contextmanager
def publishing(actor: User | None) -> Iterator[Engine]:
    """In the context of ``actor``, and alone to publish."""
    with storage.workplace() as folder, scratch(folder) as engine, context_of(actor):
        catalogue.lock_for_publishing(connection.connection)
        yield engine


def take_back(*, actor: User | None, asset_id: int, import_id: int) -> None:
    """Raises ``NotFound`` for an account that is hidden or only shared, or another's import."""
    _decide(actor, asset_id, import_id, counts=False)


def let_count_again(*, actor: User | None, asset_id: int, import_id: int) -> None:
    """The owner takes ``take_back`` back: what came later still goes before it."""
    _decide(actor, asset_id, import_id, counts=True)


def _decide(actor: User | None, asset_id: int, import_id: int, *, counts: bool) -> None:
    with publishing(actor) as engine:
        card = assets.card(asset_id)
        owner = owner_of(card)
        if owner is None:
            raise NotFound(_("There is no such account."))
        policies.check_can_import(actor=actor, organisation=owner)
        found = [one for one in _of_partners(owner, asset_id) if one.pk == import_id]
        if not found or (asset_id in found[0].withdrawn) is not counts:
            raise NotFound(_("There is no such import."))
        record = found[0]
        with operating():
            completions = Import.objects.filter(completes=record, state=State.PUBLISHED)
            count(engine, [record, *completions], [asset_id], counts=counts)
            _tell(actor, owner, record, card, counts=counts)


def count(
    engine: Engine, records: Sequence[Import], keys: Collection[int], *, counts: bool
) -> None:
    """Whether ``records`` count for the accounts ``keys``; published at once. As the operator."""
    windows: list[Window] = []
    for record in records:
        now = set(record.withdrawn) - set(keys) if counts else {*record.withdrawn, *keys}
        Import.objects.filter(pk=record.pk).update(withdrawn=sorted(now))
        mine = (Window.from_json(one) for one in record.windows)
        windows += [one for one in mine if one.asset_key in keys]
    others = [kept(one) for one in of_accounts(keys) if one.file_ids]
    undo(
        connection.connection, storage.lake(), engine,
        taken_back=KeptImport(records[0].pk, tuple(windows), ()), others=others,
    )  # fmt: skip
    settle_doubles(engine, keys)
    beneficiaries.assign_again(set(keys))


def _of_partners(owner: Organisation, asset_id: int) -> list[Import]:
    """Published imports of others than the owner, those above and those below it."""
    with operating():
        below = Organisation.objects.filter(path__startswith=owner.path)
        own = {*organisations.line_of(owner), *below.values_list("pk", flat=True)}
        return [
            one
            for one in of_accounts([asset_id])
            if one.organisation_id not in own
            and one.state == State.PUBLISHED
            and one.completes_id is None
        ]


def owner_of(card: AssetCard) -> Organisation | None:
    """None for an account that is only shared with the context."""
    return Organisation.objects.filter(pk=card.organisation_id).first()


def _brought(record: Import, asset_id: int) -> Brought:
    windows = [Window.from_json(one) for one in record.windows if one["asset_key"] == asset_id]
    days = [one.period for one in windows if not one.import_id] or [one.period for one in windows]
    return Brought(
        record.pk, record.file_name, record.organisation.name, record.actor, record.finished_at,
        min(one.start for one in days), max(one.end for one in days),
        is_taken_back=asset_id in record.withdrawn,
    )  # fmt: skip


def _tell(
    actor: User | None, owner: Organisation, record: Import, card: AssetCard, *, counts: bool
) -> None:
    """A line in both journals: the owner's says who, the partner's whose account it is."""
    action = "connections.figures_count_again" if counts else "connections.figures_not_counted"
    said = {"file": record.file_name, "accounts": [card.label]}
    audit.record(
        organisation_id=owner.pk, action=action, actor_id=actor.pk if actor else None,
        actor=str(actor) if actor else audit.OPERATOR, partner=record.organisation.name, **said,
    )  # fmt: skip
    audit.record(
        organisation_id=record.organisation_id, action=action, actor_id=None,
        actor=f"{actor or ''} ({owner.name})".strip(), import_id=record.pk, **said,
    )  # fmt: skip
