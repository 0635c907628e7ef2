"""Where the immutable files are, and how one becomes durable before anybody hears of it."""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from regie.domain.facts import LATER
from regie.kernel.periods import Period, month_end, months
from regie.warehouse.engine import Engine
from regie.warehouse.parquet import Complete, GrowingParquet, batches_of

SORT = "date, asset_key"


@dataclass(frozen=True)
class WrittenFile:
    """A Parquet file of the lake, not yet published. ``path`` is relative to the lake."""

    table: str
    path: str
    month: date
    rows: int
    bytes: int
    digest: str


@dataclass(frozen=True)
class _Unfinished:
    """A file that gets its name, ``final``, only when it is complete."""

    table: str
    month: date
    temporary: Path
    final: Path
    content: GrowingParquet


@dataclass(frozen=True)
class Lake:
    """A folder of immutable files: ``<table>/<year-month>/<name>.parquet``."""

    root: Path

    def absolute(self, path: str) -> str:
        return str(self.root / path)

    def write(
        self,
        engine: Engine,
        table: str,
        month: date,
        select: str,
        *,
        order: str = SORT,
        complete: Complete = lambda batch: batch,
    ) -> WrittenFile | None:
        """Write the rows of ``select`` as one durable file; None when there are none.

        The file gets its name only when complete, and the name is durable before this returns.
        """
        ordered = f" ORDER BY {order}" if order else ""
        with ExitStack() as open_files:
            file = self._begin(table, month, open_files)
            for batch in batches_of(engine, f"SELECT * FROM ({select}){ordered}", complete):
                file.content.write(batch)
        return self._finish(file)

    def write_months(
        self, engine: Engine, table: str, select: str, *, complete: Complete
    ) -> list[WrittenFile]:
        """Write the rows of ``select``, about in the order of their days, as a file per month."""
        files: dict[date, _Unfinished] = {}
        with ExitStack() as open_files:
            for batch in batches_of(engine, select, complete):
                for month, rows in _by_month(batch):
                    if month not in files:
                        files[month] = self._begin(table, month, open_files)
                    files[month].content.write(rows)
        written = [self._finish(files[month]) for month in sorted(files)]
        return [file for file in written if file is not None]

    def _begin(self, table: str, month: date, open_files: ExitStack) -> _Unfinished:
        folder = self.root / table / month.strftime("%Y-%m")
        _make_durable_folder(folder, self.root)
        final = folder / f"{uuid.uuid4().hex}.parquet"
        temporary = folder / f".{final.name}.part"
        content = open_files.enter_context(GrowingParquet(temporary, compression="zstd"))
        return _Unfinished(table, month, temporary, final, content)

    def _finish(self, file: _Unfinished) -> WrittenFile | None:
        if file.content.rows == 0:
            file.temporary.unlink()
            return None
        digest = _sync_and_digest(file.temporary)
        file.temporary.rename(file.final)
        sync_folder(file.final.parent)
        return WrittenFile(
            file.table, str(file.final.relative_to(self.root)), file.month, file.content.rows,
            file.final.stat().st_size, digest,
        )  # fmt: skip

    def digest(self, path: str) -> str:
        return _digest(self.root / path)

    def files(self) -> set[str]:
        """Every file there is, complete or not, as relative paths."""
        return {str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file()}

    def age_s(self, path: str) -> float:
        """Seconds since it was written or forgotten; none for what has just gone."""
        try:
            return time.time() - (self.root / path).stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def touch(self, path: str) -> None:
        """Begin the grace of a file that the catalogue no longer names."""
        with suppress(FileNotFoundError):
            os.utime(self.root / path)

    def remove(self, path: str) -> None:
        (self.root / path).unlink(missing_ok=True)


def _by_month(batch: pa.RecordBatch) -> Iterator[tuple[date, pa.RecordBatch]]:
    """The rows of each month, most often but one."""
    seen = pc.min_max(batch["date"]).as_py()
    if seen["min"] is None:
        return
    within = list(months(Period(seen["min"], seen["max"])))
    for month in within:
        if len(within) == 1:
            yield month, batch
            return
        days = batch["date"]
        rows = batch.filter(
            pc.and_(pc.greater_equal(days, month), pc.less_equal(days, month_end(month)))
        )
        if rows.num_rows:
            yield month, rows


def _sync_and_digest(path: Path) -> str:
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return _digest(path)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()[:32]


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _make_durable_folder(folder: Path, root: Path) -> None:
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    while folder != root.parent:
        sync_folder(folder)
        folder = folder.parent


def reading(paths: list[str], columns: dict[str, str]) -> str:
    """An SQL relation over files, projected on the declared columns; empty when there are none."""
    if not paths:
        nulls = ", ".join(f"CAST(NULL AS {type_}) AS {name}" for name, type_ in columns.items())
        return f"(SELECT {nulls} WHERE false)"
    quoted = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    names = ", ".join(columns)
    rows = f"read_parquet([{quoted}], union_by_name=true)"
    later = [f"CAST(NULL AS {LATER[name]}) AS {name}" for name in columns if name in LATER]
    if later:
        nothing = f"SELECT {', '.join(later)} WHERE false"
        return f"(SELECT {names} FROM ({nothing} UNION ALL BY NAME SELECT * FROM {rows}))"
    return f"(SELECT {names} FROM {rows})"
