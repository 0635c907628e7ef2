"""DuckDB, embedded: computes in this process and reads the lake's files in place.

No extension is ever fetched, and no file is read but those a statement names.
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

FAILURE = duckdb.Error
SCRATCH_MEMORY = "900MB"
READER_MEMORY = os.environ.get("REGIE_READER_MEMORY", "2GB")
_NOTHING_FETCHED = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}


def version() -> str:
    return f"DuckDB {duckdb.__version__}"


def scratch(folder: Path) -> duckdb.DuckDBPyConnection:
    engine = duckdb.connect(
        config={
            "memory_limit": SCRATCH_MEMORY,
            "temp_directory": str(folder / "spill"),
            "preserve_insertion_order": True,
            # Half the processor time of two threads, and the other cores stay with the readers.
            "threads": 1,
            **_NOTHING_FETCHED,
        }
    )
    engine.execute("SET TimeZone = 'UTC'")
    # They would lift the patient readings of a cell out of their branches, to every row.
    engine.execute("SET disabled_optimizers = 'common_subexpressions,in_clause'")
    return engine


def reader() -> duckdb.DuckDBPyConnection:
    engine = duckdb.connect(
        config={
            "memory_limit": READER_MEMORY,
            # A page asks for little at a time. Shared out among all cores it costs a quarter more
            # and comes no sooner, so that half of them are left to the next visitor.
            "threads": max(1, (os.cpu_count() or 1) // 2),
            **_NOTHING_FETCHED,
        }
    )
    engine.execute("SET TimeZone = 'UTC'")
    # Files never change once they are written: what their ends say is read once.
    engine.execute("SET parquet_metadata_cache = true")
    return engine


def was_interrupted(problem: BaseException) -> bool:
    """In a stream of batches Arrow says so in its words."""
    return isinstance(problem, duckdb.InterruptException) or "INTERRUPT" in str(problem).upper()
