"""An engine of somebody else, named by its path: DuckDB through the interface and nothing more.

What Régie would ask of an engine beyond ``warehouse.engine`` is not there, and fails.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from regie.warehouse.engines import duckdb as known

FAILURE = known.FAILURE
was_interrupted = known.was_interrupted


class _Answer:
    def __init__(self, given: Any) -> None:
        self.fetchall, self.fetchone = given.fetchall, given.fetchone
        self.to_arrow_table, self.to_arrow_reader = given.to_arrow_table, given.to_arrow_reader


class Narrow:
    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self.register, self.unregister = engine.register, engine.unregister
        self.interrupt, self.close = engine.interrupt, engine.close

    def execute(self, query: str, parameters: Any = None, /) -> _Answer:
        return _Answer(self._engine.execute(query, parameters))

    def cursor(self) -> Narrow:
        return Narrow(self._engine.cursor())


def version() -> str:
    return f"Narrow {known.version()}"


def scratch(folder: Path) -> Narrow:
    return Narrow(known.scratch(folder))


def reader() -> Narrow:
    return Narrow(known.reader())
