"""Puts the lines under a header into the engine as text: one column per cell, and the line number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from regie.ingestion.recognise import Table

BATCH = 50_000


def load_cells(table: Table, engine: duckdb.DuckDBPyConnection, work: Path) -> None:
    """Create the view ``raw(line, extra, c0, c1, …)`` on ``engine`` over the lines of ``table``."""
    if table.sheet.engine_csv and _engine_reads(table, engine):
        return
    path = work / "raw.parquet"
    width = len(table.labels)
    schema = pa.schema(
        [
            ("line", pa.int64()),
            ("extra", pa.bool_()),
            *((f"c{i}", pa.string()) for i in range(width)),
        ]
    )
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in _batches(_lines(table), BATCH):
            writer.write_table(_arrow(batch, width, schema))
    engine.execute(f"CREATE OR REPLACE VIEW raw AS SELECT * FROM read_parquet('{_quoted(path)}')")


def _engine_reads(table: Table, engine: duckdb.DuckDBPyConnection) -> bool:
    """The engine's CSV reader numbers lines by counting records: only where none spans lines."""
    width, path = len(table.labels), table.sheet.text_path
    if path is None:
        return False
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    delimiter = table.sheet.delimiter
    options = (
        f"delim='{delimiter}', quote='\"', escape='\"', header=false, skip={table.header_line}, "
        f"columns={{{columns}}}, auto_detect=false, null_padding=false, strict_mode=true, "
        f"encoding='utf-8'"
    )
    try:
        engine.execute(
            f"CREATE OR REPLACE VIEW raw AS SELECT NULL::BIGINT AS line, false AS extra, * "
            f"FROM read_csv('{_quoted(path)}', {options})"
        )
    except duckdb.Error:
        return False
    return True


def _lines(table: Table) -> Iterator[tuple[int, bool, list[str]]]:
    width = len(table.labels)
    for line, cells in table.sheet.lines():
        if line <= table.header_line:
            continue
        if not any(cell.strip() for cell in cells):
            if table.format.blocks:
                return
            continue
        extra = any(cell.strip() for cell in cells[width:])
        yield line, extra, (cells + [""] * width)[:width]


def _batches(
    lines: Iterator[tuple[int, bool, list[str]]], size: int
) -> Iterator[list[tuple[int, bool, list[str]]]]:
    batch: list[tuple[int, bool, list[str]]] = []
    for line in lines:
        batch.append(line)
        if len(batch) == size:
            yield batch
            batch = []
    yield batch


def _arrow(batch: list[tuple[int, bool, list[str]]], width: int, schema: pa.Schema) -> pa.Table:
    numbers = pa.array([line for line, _extra, _cells in batch], pa.int64())
    extras = pa.array([extra for _line, extra, _cells in batch], pa.bool_())
    columns = [
        pa.array([cells[i] for _line, _extra, cells in batch], pa.string()) for i in range(width)
    ]
    return pa.Table.from_arrays([numbers, extras, *columns], schema=schema)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
