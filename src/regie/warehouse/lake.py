"""Where the immutable files are, and how one becomes durable before anybody hears of it."""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from regie.warehouse.parquet import Complete, write_parquet

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
class Lake:
    """A folder of immutable files: ``<table>/<year-month>/<name>.parquet``."""

    root: Path

    def absolute(self, path: str) -> str:
        return str(self.root / path)

    def write(
        self,
        engine: duckdb.DuckDBPyConnection,
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
        folder = self.root / table / month.strftime("%Y-%m")
        _make_durable_folder(folder, self.root)
        name = f"{uuid.uuid4().hex}.parquet"
        temporary, final = folder / f".{name}.part", folder / name
        ordered = f" ORDER BY {order}" if order else ""
        rows = write_parquet(
            engine,
            f"SELECT * FROM ({select}){ordered}",
            temporary,
            compression="zstd",
            complete=complete,
        )
        if rows == 0:
            temporary.unlink()
            return None
        digest = _sync_and_digest(temporary)
        temporary.rename(final)
        sync_folder(folder)
        return WrittenFile(
            table, str(final.relative_to(self.root)), month, rows, final.stat().st_size, digest
        )

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
    return f"(SELECT {names} FROM read_parquet([{quoted}], union_by_name=true))"
