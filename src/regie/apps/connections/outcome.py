"""What became of each file of a batch, written into its record in the publishing transaction."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from regie.apps.assets import selectors as assets
from regie.apps.connections.models import AccountAnswer, CurrencyRate, Import, State
from regie.apps.connections.receiving import Options, signature
from regie.apps.connections.unnamed import is_unnamed
from regie.ingestion.pipeline import Answers, FileRead, Prepared
from regie.kernel import clock
from regie.kernel.i18n import Sentence
from regie.kernel.money import plain

# What a person could say, by the code of the refusal.
NEEDS = {"needs_period": "period", "unknown_table": "mapping"}
MONEY = ("spend", "conversion_value", "revenue")


@dataclass
class Piece:
    """One file of the batch on its way."""

    record: Import
    read: FileRead
    answers: Answers
    prepared: Prepared | None = None
    repeats: Import | None = None
    from_earlier: bool = False  # its account is what a person said of files of this name before


def refuse(piece: Piece) -> None:
    problem = piece.read.problem
    record = piece.record
    describe(piece)
    is_stopped = problem is not None and problem.code == "stopped"
    record.state = State.STOPPED if is_stopped else State.REFUSED
    if problem is not None:
        nothing_taken(record, problem.sentence)
        hints = [problem.hint.to_json()] if problem.hint else []
        record.notes = hints + record.notes
        record.needs = [need for need in [NEEDS.get(problem.code)] if need]
    record.finished_at = clock.now()
    record.save()


def nothing_taken(record: Import, reason: Sentence) -> None:
    """Every line that could have been taken counts as refused, for one reason."""
    record.question = reason.to_json()
    record.rows_refused += record.rows_imported
    record.rows_imported = 0


def accept(piece: Piece) -> None:
    record, prepared = piece.record, piece.prepared
    if prepared is None:
        return
    Import.objects.filter(
        organisation_id=record.organisation_id,
        file_digest=record.file_digest,
        options_digest=record.options_digest,
        state=State.PUBLISHED,
    ).update(state=State.SUPERSEDED)
    describe(piece)
    record.state = State.PUBLISHED
    record.progress = 1.0
    record.windows = [window.to_json() for window in prepared.windows]
    record.needs = _needs(record, prepared)
    record.finished_at = clock.now()
    record.save()
    CurrencyRate.objects.bulk_create(
        CurrencyRate(
            organisation_id=record.organisation_id, date=day, from_currency=from_[:3],
            to_currency=to[:3], rate=rate, source=(source or "")[:120], import_id=record.pk,
        )
        for day, from_, to, rate, source in prepared.rates
    )  # fmt: skip
    said = Options(**record.options).account
    if said and piece.read.format:
        AccountAnswer.objects.update_or_create(
            organisation_id=record.organisation_id,
            platform=piece.read.format.platform,
            signature=signature(record.file_name),
            defaults={"account": said},
        )


def _needs(record: Import, prepared: Prepared) -> list[str]:
    """What a person could still say of figures that are published."""
    met = assets.cards(prepared.asset_keys)
    found = ["account"] if any(is_unnamed(one) for one in met) else []
    if any("" in record.totals.get(one, {}) for one in MONEY):
        found.append("currency")
    return found


def describe(piece: Piece) -> None:
    record, read = piece.record, piece.read
    if read.format is not None:
        record.format, record.platform = read.format.name, read.format.platform
    tables = read.tables
    record.rows_read = sum(staged.rows_read for staged in tables)
    record.rows_imported = sum(staged.rows_data for staged in tables)
    record.rows_refused = sum(staged.rows_refused for staged in tables)
    record.rows_aside = sum(staged.rows_aside for staged in tables)
    record.header = list(tables[0].table.labels) if tables else []
    record.refused = [
        {"line": r.line, "column": r.column, "reason": r.reason.to_json(), "cells": list(r.cells)}
        for staged in tables
        for r in staged.refusals
    ]
    if piece.prepared is not None:
        record.totals = plain_totals(piece.prepared.totals)
        record.counts = {k: plain(Decimal(v)) for k, v in piece.prepared.counts.items()}
        record.notes = [note.to_json() for note in piece.prepared.notes]


def plain_totals(totals: dict[str, dict[str, Decimal]]) -> dict[str, dict[str, str]]:
    return {
        metric: {currency: plain(value) for currency, value in values.items()}
        for metric, values in totals.items()
    }
