"""Puts the lines under a header into the engine: a column of text per cell, and line numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from regie.ingestion.labels import repair
from regie.ingestion.recognise import Table
from regie.warehouse.engine import was_interrupted

BATCH = 50_000


def load_cells(
    table: Table, engine: duckdb.DuckDBPyConnection, work: Path, *, patiently: bool = False
) -> bool:
    """Create the view ``raw(line, extra, c0, c1, …)`` on ``engine`` over the lines of ``table``.

    True where the engine itself will read the file: ``line`` is then NULL (see ``numbers_of``),
    and what it cannot read it refuses later; call again ``patiently`` in that case.
    """
    if table.sheet.engine_csv and not patiently and _engine_reads(table, engine):
        return True
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
    return False


def numbers_of(table: Table, places: Sequence[int]) -> dict[int, int]:
    """The line in the file of each row that the engine read, by its place among them.

    The engine knows neither empty lines nor cells of several lines, so the file is read again,
    as far as the last row that is asked for.
    """
    wanted = set(places)
    if not wanted:
        return {}
    numbered = enumerate(islice(_lines(table), max(wanted) + 1))
    return {place: line for place, (line, _extra, _cells) in numbered if place in wanted}


def _engine_reads(table: Table, engine: duckdb.DuckDBPyConnection) -> bool:
    """Whether the engine's CSV reader takes the file, and begins where we would."""
    path = table.sheet.text_path
    above = [line for line, _cells in table.sheet.preview if line <= table.header_line]
    if path is None or table.format.blocks or table.garbled:
        return False
    width = len(table.labels)
    names = [f"c{i}" for i in range(width)]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    listed = ", ".join(f"'{name}'" for name in names)
    options = (
        f"delim='{table.sheet.delimiter}', quote='\"', escape='\"', header=false, "
        f"skip={len(above)}, columns={{{columns}}}, force_not_null=[{listed}], "
        f"new_line='{_line_end(path)}', auto_detect=false, null_padding=false, "
        "strict_mode=true, encoding='utf-8'"
    )
    # The first test answers almost every line without trimming anything.
    trimmed = (f"trim({name}, ' \t\u00a0\u202f') <> ''" for name in names)
    filled = " OR ".join(["c0 BETWEEN '0' AND 'z'", *trimmed])
    try:
        engine.execute(
            "CREATE OR REPLACE VIEW raw AS SELECT NULL::BIGINT AS line, false AS extra, * "
            f"FROM read_csv('{_quoted(path)}', {options}) WHERE {filled}"
        )
        first = engine.execute("SELECT * EXCLUDE (line, extra) FROM raw LIMIT 1").fetchall()
    except duckdb.Error as problem:
        if was_interrupted(problem):
            raise
        return False
    ours = [tuple(cells) for _line, _extra, cells in islice(_lines(table), 1)]
    return first == ours


def _line_end(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if b"\r\n" in head:
        return r"\r\n"
    return r"\n" if b"\n" in head else r"\r"


def _lines(table: Table) -> Iterator[tuple[int, bool, list[str]]]:
    width, garbled = len(table.labels), table.garbled
    for line, cells in table.sheet.lines():
        if line <= table.header_line:
            continue
        if not any(cell.strip() for cell in cells):
            if table.format.blocks:
                return
            continue
        extra = any(cell.strip() for cell in cells[width:])
        cells = (cells + [""] * width)[:width]
        yield line, extra, [repair(cell) for cell in cells] if garbled else cells


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
