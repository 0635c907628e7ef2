"""Writes the rows of a statement as one Parquet file, batch by batch.

The engine computes and Arrow writes: for our wide, repetitive rows that costs a sixth of the
engine's own writer, and memory stays at one row group.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

ROW_GROUP = 122_880
# What questions pass row groups over by, and what a file often says but once (as whole numbers
# do that are absent); extremes of the other columns would cost and not help.
SKIPPED_BY = ("date", "asset_key", "period_end")
OFTEN_SAME = ("level", "ad_network", "location", "currency", "conversion_name", "attribution",
              "category")  # fmt: skip


Complete = Callable[[pa.RecordBatch], pa.RecordBatch]


def write_parquet(
    engine: duckdb.DuckDBPyConnection,
    select: str,
    path: Path,
    *,
    compression: str,
    complete: Complete = lambda batch: batch,
) -> int:
    """Write the rows of ``select`` to ``path``, in their order. Returns how many.

    ``complete`` gives each batch the columns that the statement leaves out.
    """
    batches = engine.execute(select).to_arrow_reader(ROW_GROUP)
    empty = complete(pa.RecordBatch.from_pylist([], batches.schema))
    rows = 0
    with open_writer(path, empty.schema, compression=compression) as writer:
        for batch in map(complete, batches):
            rows += batch.num_rows
            writer.write_batch(batch)
    return rows


def open_writer(path: Path, schema: pa.Schema, *, compression: str) -> pq.ParquetWriter:
    described = [
        field.name
        for field in schema
        if field.name in (*SKIPPED_BY, *OFTEN_SAME) or pa.types.is_int64(field.type)
    ]
    repetitive = [field.name for field in schema if not _is_measure(field.type)]
    return pq.ParquetWriter(
        path,
        schema,
        compression=compression,
        use_dictionary=repetitive,
        write_statistics=described or False,
        store_schema=False,
    )


def rises(path: Path, column: str) -> bool:
    """Whether ``column`` rises from row group to row group, so that readers can skip most."""
    metadata = pq.read_metadata(path)
    place = metadata.schema.names.index(column)
    before = None
    for number in range(metadata.num_row_groups):
        seen = metadata.row_group(number).column(place).statistics
        if seen is None or not seen.has_min_max:
            continue  # no value at all
        if before is not None and seen.min < before:
            return False
        before = seen.max
    return True


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
