"""Where the published sample tables are, and what this machine does without them."""

from __future__ import annotations

import csv
import os
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from regie.ingestion import history, orphans
from regie.ingestion.pipeline import Answers, Prepared, prepare, read_file
from regie.warehouse.engine import scratch
from regie.warehouse.lake import Lake
from tests.ingestion.desk import PaperBook

ROOT = Path(__file__).parents[2]
SAMPLES = Path(os.environ.get("REGIE_SHARED", ROOT.parent / "shared")) / "samples"


def need_samples() -> Path:
    if not SAMPLES.is_dir():
        pytest.skip(f"the sample tables are not at {SAMPLES}; set REGIE_SHARED")
    return SAMPLES


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def expected(name: str) -> list[dict[str, str]]:
    """Rows of a file of expected figures; none where the samples are absent."""
    path = SAMPLES / name
    return rows(path) if path.is_file() else []


def word(metric: str) -> str:
    """``"post_clicks (latest snapshot of each post)"`` is counted as ``post_clicks``."""
    return re.sub(r"[^a-z0-9]+", "_", re.sub(r"\(.*?\)", "", metric).lower()).strip("_")


@dataclass(frozen=True)
class Call:
    """What one call with all tables of a platform brought."""

    prepared: dict[str, Prepared]  # by format
    facts: dict[str, list[dict[str, object]]]
    book: PaperBook

    def count(self, name: str) -> Decimal | None:
        found = [one.counts[name] for one in self.prepared.values() if name in one.counts]
        return found[0] if found else None

    def account(self, row: dict[str, object]) -> str:
        found = [
            ref
            for (_platform, ref), (known, _account) in self.book.accounts.items()
            if known.key == row["asset_key"]
        ]
        return found[0]


def bring_together(paths: list[Path], folder: Path, *, time_zone: str = "UTC") -> Call:
    """Read, resolve and prepare ``paths`` as one call."""
    book = PaperBook()
    prepared: dict[str, Prepared] = {}
    facts: dict[str, list[dict[str, object]]] = {}
    with scratch(folder) as engine:
        reads = [
            read_file(
                path,
                path.name,
                Answers(),
                engine,
                default_zone=time_zone,
                beside=[other for other in paths if other != path],
            )
            for path in paths
        ]
        assert not [read.problem for read in reads if read.problem]
        tables = [table for read in reads for table in read.tables]
        history.load(tables, engine)
        orphans.flag(tables, engine)
        for number, read in enumerate(reads, start=1):
            done = prepare(
                read,
                answers=Answers(),
                import_id=number,
                organisation_id=1,
                imported_on=date(2026, 9, 3),
                engine=engine,
                lake=Lake(folder / "lake"),
                book=book,
                completes=False,
            )
            assert read.tables[0].rows_refused == 0
            prepared[read.tables[0].table.format.name] = done
            for written in done.files:
                rows = engine.execute(f"FROM read_parquet('{folder / 'lake' / written.path}')")
                facts.setdefault(written.table, []).extend(rows.to_arrow_table().to_pylist())
    return Call(prepared, facts, book)
