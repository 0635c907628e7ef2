"""The analytical engine behind one small interface; DuckDB, embedded, today.

Nothing else in Régie opens a connection to an engine. ``scratch`` is for work that needs room
on disk (imports, compaction); reading published facts goes through ``warehouse.reader``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

Engine = duckdb.DuckDBPyConnection

SCRATCH_MEMORY = "900MB"
READER_MEMORY = os.environ.get("REGIE_READER_MEMORY", "2GB")


@contextmanager
def scratch(folder: Path) -> Iterator[Engine]:
    """An engine for one piece of heavy work, spilling to ``folder`` beyond its memory."""
    # Arrow's own allocator asks for huge pages: clearing them costs more than reading a file.
    pa.set_memory_pool(pa.system_memory_pool())
    engine = duckdb.connect(
        config={
            "memory_limit": SCRATCH_MEMORY,
            "temp_directory": str(folder / "spill"),
            "preserve_insertion_order": True,
            # Half the processor time of two threads, and the other cores stay with the readers.
            "threads": 1,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    try:
        engine.execute("SET TimeZone = 'UTC'")
        # They would lift the patient readings of a cell out of their branches, to every row.
        engine.execute("SET disabled_optimizers = 'common_subexpressions,in_clause'")
        yield engine
    finally:
        engine.close()


def reader() -> Engine:
    """The process's engine for reading: no outside access beyond the files it is given."""
    engine = duckdb.connect(
        config={
            "memory_limit": READER_MEMORY,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    engine.execute("SET TimeZone = 'UTC'")
    engine.execute("SET enable_object_cache = true")
    return engine


def was_interrupted(problem: BaseException) -> bool:
    """Whether somebody stopped the engine: in a stream of batches Arrow says so in its words."""
    return isinstance(problem, duckdb.InterruptException) or "INTERRUPT" in str(problem).upper()
