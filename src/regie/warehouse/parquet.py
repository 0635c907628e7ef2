"""Writes the rows of a statement as one Parquet file, batch by batch.

The engine computes and Arrow writes: for our wide, repetitive rows that costs a sixth of the
engine's own writer, and memory stays at one row group.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

ROW_GROUP = 122_880
# What questions pass row groups over by; extremes of the other columns would cost and not help.
SKIPPED_BY = ("date", "asset_key", "period_end")


def write_parquet(
    engine: duckdb.DuckDBPyConnection, select: str, path: Path, *, compression: str
) -> int:
    """Write the rows of ``select`` to ``path``, in their order. Returns how many."""
    batches = engine.execute(select).to_arrow_reader(ROW_GROUP)
    schema = batches.schema
    skipped_by = [name for name in SKIPPED_BY if name in schema.names]
    repetitive = [field.name for field in schema if not _is_measure(field.type)]
    rows = 0
    with pq.ParquetWriter(
        path,
        schema,
        compression=compression,
        use_dictionary=repetitive,
        write_statistics=skipped_by or False,
        store_schema=False,
    ) as writer:
        for batch in batches:
            rows += batch.num_rows
            writer.write_batch(batch)
    return rows


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


def _is_measure(type_: pa.DataType) -> bool:
    """A dictionary of figures saves nothing: there are about as many as rows."""
    return bool(pa.types.is_decimal(type_) or pa.types.is_floating(type_))
