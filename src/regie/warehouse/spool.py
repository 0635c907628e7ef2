"""Rows kept between the steps of one piece of work: few in memory, many on disk."""

from __future__ import annotations

import threading
import weakref
from itertools import count
from pathlib import Path

import pyarrow as pa

from regie.warehouse.engine import Engine
from regie.warehouse.parquet import ROW_GROUP, GrowingParquet

MOST_HELD = 384 << 20  # bytes in memory, of all spools of this process together

_NUMBERS = count(1)


class Spool:
    """Rows for ``engine``, in their order: the SQL relation ``relation`` once ``close`` was called.

    Each statement reads them from the first.
    """

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.relation = f"spool_{next(_NUMBERS)}"
        self.rows = 0
        self._engine = engine
        self._path = folder / f"{self.relation}.parquet"
        self._held: list[pa.RecordBatch] = []
        self._place = _Place()
        weakref.finalize(self, self._place.leave)
        self._file: GrowingParquet | None = None

    def write(self, batch: pa.RecordBatch) -> None:
        """All batches have the same columns; dictionaries may differ."""
        self.rows += batch.num_rows
        if self._file is None and self._place.take(batch.nbytes):
            self._held.append(batch)
            return
        if self._file is None:
            self._file = GrowingParquet(self._path, compression="lz4")
            for before in self._held:
                self._put(self._file, before)
            self._held.clear()
            self._place.leave()
        self._put(self._file, batch)

    def close(self) -> None:
        """Nothing is written any more. At least one batch, be it empty, was written before."""
        if self._file is None:
            self._engine.register(self.relation, pa.Table.from_batches(self._held))
            return
        self._file.close()
        path = str(self._path).replace("'", "''")
        self._engine.execute(f"CREATE TEMP VIEW {self.relation} AS FROM read_parquet('{path}')")

    @staticmethod
    def _put(file: GrowingParquet, batch: pa.RecordBatch) -> None:
        for start in range(0, max(batch.num_rows, 1), ROW_GROUP):
            file.write(batch.slice(start, ROW_GROUP))


class _Place:
    """What one spool takes of the memory that is for all of them."""

    _taken, _lock = 0, threading.Lock()

    def __init__(self) -> None:
        self._own = 0

    def take(self, size: int) -> bool:
        with _Place._lock:
            if _Place._taken + size > MOST_HELD:
                return False
            _Place._taken += size
            self._own += size
            return True

    def leave(self) -> None:
        with _Place._lock:
            _Place._taken -= self._own
            self._own = 0
