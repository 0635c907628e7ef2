"""Writes the rows of a statement as one Parquet file, batch by batch.

The engine computes and Arrow writes: for our wide, repetitive rows that costs a sixth of the
engine's own writer, and memory stays at one row group.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from regie.warehouse.engine import Engine

ROW_GROUP = 122_880
# What questions pass row groups over by, and what a file often says but once (as columns do that
# are absent); extremes of the other columns would cost and not help.
SKIPPED_BY = ("date", "asset_key", "period_end")
OFTEN_SAME = ("organisation_id", "level", "ad_network", "location", "currency", "conversion_name",
              "attribution", "category")  # fmt: skip


Complete = Callable[[pa.RecordBatch], pa.RecordBatch]


def write_parquet(
    engine: Engine,
    select: str,
    path: Path,
    *,
    compression: str,
    complete: Complete = lambda batch: batch,
) -> int:
    """Write the rows of ``select`` to ``path``, in their order. Returns how many.

    ``complete`` gives each batch the columns that the statement leaves out.
    """
    with GrowingParquet(path, compression=compression) as file:
        for batch in batches_of(engine, select, complete):
            file.write(batch)
    return file.rows


def batches_of(engine: Engine, select: str, complete: Complete) -> Iterator[pa.RecordBatch]:
    """The rows of ``select`` in their order; one batch without rows where there are none."""
    batches = engine.execute(select).to_arrow_reader(ROW_GROUP)
    some = False
    for batch in batches:
        some = True
        yield complete(batch)
    if not some:
        yield complete(pa.RecordBatch.from_pylist([], batches.schema))


class GrowingParquet:
    """A Parquet file that is written batch by batch: the first one says what it looks like."""

    def __init__(self, path: Path, *, compression: str) -> None:
        self.rows = 0
        self._path, self._compression = path, compression
        self._writer: pq.ParquetWriter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_problem: object) -> None:
        self.close()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()

    def write(self, batch: pa.RecordBatch) -> None:
        self._writer = self._writer or _writer(self._path, batch, self._compression)
        self._writer.write_batch(batch)
        self.rows += batch.num_rows


def _writer(path: Path, first: pa.RecordBatch, compression: str) -> pq.ParquetWriter:
    described = [
        name
        for name, column in zip(first.schema.names, first.columns, strict=True)
        if name in (*SKIPPED_BY, *OFTEN_SAME) or column.null_count == len(column)
    ]
    repetitive = [field.name for field in first.schema if not _is_measure(field.type)]
    return pq.ParquetWriter(
        path,
        first.schema,
        compression=compression,
        use_dictionary=repetitive,
        write_statistics=described or False,
        store_schema=False,
    )


def same_throughout(paths: Sequence[str], names: Collection[str]) -> dict[str, Any]:
    """The columns among ``names`` of which all rows of the files say the same, and what."""
    said: dict[str, set[Any]] = {name: set() for name in names}
    for path in paths:
        metadata = pq.read_metadata(path)
        places = {name: place for place, name in enumerate(metadata.schema.names)}
        for number in range(metadata.num_row_groups):
            row_group = metadata.row_group(number)
            for name, values in said.items():
                values |= _values(row_group.column(places[name])) if name in places else {None}
        said = {name: values for name, values in said.items() if len(values) == 1}
    return {name: values.pop() for name, values in said.items() if values}


def _values(column: pq.ColumnChunkMetaData) -> set[Any]:
    """The one value of a column of a row group, or two where there are or may be more."""
    seen = column.statistics
    if seen is not None and seen.has_null_count and seen.null_count == column.num_values:
        return {None}
    if seen is None or not seen.has_min_max or seen.null_count:
        return {False, True}
    return {seen.min, seen.max}


def _is_measure(type_: pa.DataType) -> bool:
    """A dictionary of figures saves nothing: there are about as many as rows."""
    return bool(pa.types.is_decimal(type_) or pa.types.is_floating(type_))
