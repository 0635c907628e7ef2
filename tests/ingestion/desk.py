"""Reads files the way an import does, with an account book on paper and a lake in a folder."""

from __future__ import annotations

import atexit
import codecs
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from regie.ingestion.accounts import FoundAccount, KnownAccount
from regie.ingestion.pipeline import (
    Answers,
    FileRead,
    Prepared,
    prepare,
    read_file,
)
from regie.warehouse.engine import scratch
from regie.warehouse.lake import Lake


@cache
def scratch_folder() -> Path:
    """Where sheets are unpacked that are read for as long as the tests run."""
    folder = Path(tempfile.mkdtemp(prefix="regie-sheets-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class PaperBook:
    """Gives each account the next number."""

    def __init__(self) -> None:
        self.accounts: dict[tuple[str, str], tuple[KnownAccount, FoundAccount]] = {}

    def resolve(self, accounts: Sequence[FoundAccount]) -> dict[str, KnownAccount]:
        for one in accounts:
            known = KnownAccount(len(self.accounts) + 1, one.currency)
            self.accounts.setdefault((one.platform, one.ref), (known, one))
        return {one.ref: self.accounts[one.platform, one.ref][0] for one in accounts}


@dataclass(frozen=True)
class Imported:
    read: FileRead
    prepared: Prepared
    facts: dict[str, list[dict[str, object]]]
    book: PaperBook


def bring(path: Path, folder: Path, *, name: str = "", answers: Answers | None = None) -> Imported:
    """Read and prepare one file; its facts are read back from the files that were written."""
    answers = answers or Answers()
    book = PaperBook()
    with scratch(folder) as engine:
        read = read_file(path, name or path.name, answers, engine)
        if read.problem is not None:
            raise read.problem
        for kind in ("campaign", "ad_group", "ad"):
            engine.execute(f"CREATE TEMP TABLE IF NOT EXISTS name_of_{kind} (name TEXT, id TEXT)")
        prepared = prepare(
            read,
            answers=answers,
            import_id=1,
            organisation_id=1,
            imported_on=date(2026, 9, 3),
            engine=engine,
            lake=Lake(folder / "lake"),
            book=book,
            completes=False,
        )
        if prepared.problem is not None:
            raise prepared.problem
        facts: dict[str, list[dict[str, object]]] = {}
        for written in prepared.files:
            rows = engine.execute(f"FROM read_parquet('{folder / 'lake' / written.path}')")
            facts.setdefault(written.table, []).extend(rows.to_arrow_table().to_pylist())
    return Imported(read, prepared, facts, book)


def bring_text(
    folder: Path, text: str, *, name: str = "export.csv", encoding: str = "utf-8", **answers: Any
) -> Imported:
    """``bring`` a text as a file."""
    path = folder / name
    bom = codecs.BOM_UTF16_LE if encoding == "utf-16-le" else b""
    path.write_bytes(bom + text.encode(encoding))
    return bring(path, folder, answers=Answers(**answers))
