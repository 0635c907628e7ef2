"""Which account a file is of where it does not say so itself, and what an answer moves.

A person's answer holds for files of the same name from then on. What was published before it was
given is read again, and stands where it stood among the imports: what came later goes before it.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from django.db import connection

from regie.apps.assets import selectors as assets
from regie.apps.connections import storage
from regie.apps.connections.beside import standing
from regie.apps.connections.doubled import kept, settle_doubles
from regie.apps.connections.models import AccountAnswer, Import, State
from regie.apps.connections.outcome import MONEY, Piece
from regie.apps.connections.receiving import Options, signature
from regie.ingestion.pipeline import Answers
from regie.warehouse.engine import Engine
from regie.warehouse.undo import KeptImport, undo
from regie.warehouse.windows import Window


def whose(piece: Piece) -> None:
    """Give ``piece`` the account that was said now, or of files of its name before."""
    record, read = piece.record, piece.read
    platform = read.format.platform if read.format else ""
    said = piece.answers.account.strip()
    if not said and not read.names_account:
        earlier = AccountAnswer.objects.filter(
            organisation=record.organisation, platform=platform,
            signature=signature(record.file_name),
        ).first()  # fmt: skip
        said = earlier.account if earlier else ""
        piece.from_earlier = bool(said)
    if said:
        ref = assets.ref_said(record.organisation, platform, said)
        piece.answers = replace(piece.answers, account=ref)


def completing(record: Import, number: int) -> Answers:
    """Mended lines are of the import they were refused in, and what was said of it holds."""
    before = Import.objects.filter(
        pk=number, organisation=record.organisation, state=State.PUBLISHED
    ).first()
    if before is not None:
        record.completes = before
        record.options = asdict(
            Options(**{**_read_off(before), **_said(before.options), **_said(record.options)})
        )
    return Options(**record.options).answers()


def _said(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value}


def _read_off(before: Import) -> dict[str, Any]:
    """What the lines above the header said, which do not go out with refused lines."""
    windows = [Window.from_json(one) for one in before.windows if not one["import_id"]]
    keys = {window.asset_key for window in windows}
    codes = {code for one in MONEY for code in before.totals.get(one, {})}
    found: dict[str, Any] = {}
    if len(keys) == 1:
        (card,) = assets.cards(keys)
        found |= {"account": card.external_id, "time_zone": card.time_zone}
    if len(codes) == 1:
        found["currency"] = codes.pop()
    if windows:
        start = min(window.period.start for window in windows)
        end = max(window.through or window.period.end for window in windows)
        found["period"] = f"{start}..{end}"
    return found


def take_place(record: Import, engine: Engine) -> None:
    """Where ``record`` answers what is published, it stands in its place from now on.

    Inside the publishing transaction, once the figures of ``record`` are published.
    """
    before = _answered(record)
    if before is None:
        return
    record.answers_id = before.pk
    record.version = before.version
    record.save(update_fields=["answers", "version"])
    if "account" in before.needs and "account" not in record.needs:
        _retire(before, record, engine)
    publish_anew(record, engine)


def give_way(record: Import, repeats: Import, engine: Engine) -> None:
    """``record`` says nothing new: the same file counts already under the account that it names.

    What stands of that file under no name then counts no more.
    """
    before = _answered(record)
    if before is None or before == repeats or "account" not in before.needs:
        return
    if "account" not in repeats.needs:
        repeats.answers_id = repeats.answers_id or before.pk
        repeats.save(update_fields=["answers"])
        _retire(before, repeats, engine)


def _retire(before: Import, record: Import, engine: Engine) -> None:
    before.state = State.ANSWERED
    before.save(update_fields=["state"])
    Import.objects.filter(completes=before).update(completes=record)
    publish_anew(before, engine)


def publish_anew(record: Import, engine: Engine) -> None:
    """The days of ``record`` from all imports that stand, each in its place."""
    undo(
        connection.connection, storage.lake(), engine,
        taken_back=KeptImport(record.pk, kept(record).windows, ()),
        others=[kept(one) for one in standing(record)],
        reason=f"import {record.pk} in its place",
    )  # fmt: skip
    settle_doubles(engine, {int(one["asset_key"]) for one in record.windows})


def _answered(record: Import) -> Import | None:
    """The published import that ``record`` answers, or whose file it is with an account said."""
    if record.answers_id:
        asked = Import.objects.get(pk=record.answers_id)
        return asked if asked.state == State.PUBLISHED and asked.version is not None else None
    if "account" in record.needs:
        return None
    same = Import.objects.filter(
        organisation_id=record.organisation_id, file_digest=record.file_digest,
        state=State.PUBLISHED, needs__contains=["account"],
    )  # fmt: skip
    return same.exclude(pk=record.pk).order_by("pk").first()
