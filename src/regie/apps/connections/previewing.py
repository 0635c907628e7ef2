"""What an import would read, without keeping any of it: for a table that is being described."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from regie.apps.connections import storage
from regie.apps.connections.described import with_description
from regie.apps.connections.models import Import
from regie.apps.connections.receiving import Options
from regie.domain.facts import ENTITIES
from regie.ingestion import history
from regie.ingestion.accounts import FoundAccount, KnownAccount
from regie.ingestion.files.refusal import UnreadableFile
from regie.ingestion.guessing import Look, look
from regie.ingestion.pipeline import prepare, read_file
from regie.ingestion.refusals import Refusal
from regie.ingestion.staging import Staged
from regie.kernel import clock
from regie.kernel.errors import NotFound
from regie.kernel.i18n import Sentence, _, say
from regie.warehouse.engine import scratch
from regie.warehouse.lake import Lake, reading

SHOWN_REFUSALS = 12
ENOUGH = 4 << 20  # bytes of a text file: about 40,000 lines


@dataclass
class Preview:
    """What would become of the lines; ``problem`` says why nothing would be taken."""

    rows_read: int = 0
    rows_imported: int = 0
    rows_refused: int = 0
    rows_aside: int = 0
    refused: list[Refusal] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)
    totals: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    first_day: date | None = None
    last_day: date | None = None
    problem: Sentence | None = None
    is_part: bool = False  # only the first lines of a large file were read

    def count(self, staged: Staged) -> None:
        self.rows_read += staged.rows_read
        self.rows_imported += staged.rows_data
        self.rows_refused += staged.rows_refused
        self.rows_aside += staged.rows_aside
        self.refused += staged.refusals[:SHOWN_REFUSALS]
        self.notes += staged.notes
        if staged.period:
            self.first_day, self.last_day = staged.period.start, staged.period.end


class _EveryAccount:
    """Accounts of a preview are not created: any key does."""

    def resolve(self, accounts: Sequence[FoundAccount]) -> dict[str, KnownAccount]:
        return {
            account.ref: KnownAccount(number, account.currency)
            for number, account in enumerate(accounts, start=1)
        }


def look_at(import_id: int, *, header_line: int = 0) -> Look:
    """The labels and first lines of a kept file.

    Raises ``NotFound`` for a hidden import, ``UnreadableFile`` for what is no table.
    """
    record = _record(import_id)
    with storage.workplace() as work:
        return look(storage.raw_folder() / record.raw_path, work, header_line=header_line)


def preview(import_id: int, description: dict[str, Any]) -> Preview:
    """What the kept file would give if its columns were as ``description`` says."""
    record = _record(import_id)
    answers = with_description(Options(**record.options), description).answers()
    with storage.workplace() as work, scratch(work) as engine:
        path, is_part = _first_lines(storage.raw_folder() / record.raw_path, work)
        found = Preview(is_part=is_part)
        read = read_file(
            path, record.file_name, answers, engine, default_zone=record.organisation.time_zone
        )
        for staged in read.tables:
            found.count(staged)
        problem = read.problem
        if problem is None:
            history.load([], engine)
            history.load_names(engine, reading([], ENTITIES.schema), [])
            try:
                prepared = prepare(
                    read, answers=answers, import_id=record.pk,
                    organisation_id=record.organisation_id, imported_on=clock.today(),
                    engine=engine, lake=Lake(Path(tempfile.mkdtemp(dir=work))),
                    book=_EveryAccount(), completes=False,
                )  # fmt: skip
                problem = prepared.problem
                found.totals, found.notes = prepared.totals, prepared.notes
            except UnreadableFile as refusal:
                problem = refusal
        found.problem = problem.sentence if problem else None
    return found


def _record(import_id: int) -> Import:
    record = Import.objects.filter(pk=import_id).select_related("organisation").first()
    if record is None:
        raise NotFound(say(_("There is no import {number}."), number=import_id))
    return record


def _first_lines(path: Path, work: Path) -> tuple[Path, bool]:
    """A large text file is cut after a line: a preview answers while one types."""
    with path.open("rb") as file:
        head = file.read(ENOUGH)
        if len(head) < ENOUGH or head.startswith((b"PK", b"\xd0\xcf")):
            return path, False
    end = head.rfind(b"\n") + 1
    if head[end : end + 1] == b"\0":  # little-endian UTF-16: the line end is two bytes
        end += 1
    part = work / "first-lines"
    part.write_bytes(head[:end])
    return part, True
