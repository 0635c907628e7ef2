"""Rows kept on disk between the steps of one piece of work. Memory is that of one batch."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pyarrow as pa

from regie.warehouse.parquet import ROW_GROUP, GrowingParquet

_NUMBERS = count(1)


class Spool:
    """Rows for the engine, in their order: the SQL relation ``relation`` once ``close`` was called.

    Each statement reads them from the first.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / f"spool-{next(_NUMBERS)}.parquet"
        name = str(path).replace("'", "''")
        self.relation = f"read_parquet('{name}')"
        self._file = GrowingParquet(path, compression="lz4")

    @property
    def rows(self) -> int:
        return self._file.rows

    def write(self, batch: pa.RecordBatch) -> None:
        """All batches have the same columns; dictionaries may differ."""
        for start in range(0, max(batch.num_rows, 1), ROW_GROUP):
            self._file.write(batch.slice(start, ROW_GROUP))

    def close(self) -> None:
        """Nothing is written any more. At least one batch, be it empty, was written before."""
        self._file.close()
