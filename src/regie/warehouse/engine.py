"""The analytical engine behind one small interface; which one is a setting, ``REGIE_ENGINE``.

It names a module of ``warehouse.engines`` (``duckdb``, unless said otherwise) or the dotted path of
any module that offers what ``Kind`` says. An engine reads the lake's files in place and understands
the SQL that is written here, DuckDB's: one that speaks another dialect transpiles in its module.
Nothing else in Régie loads an engine, but the matching of people, as Splink brings its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from regie.kernel.errors import RegieError

if TYPE_CHECKING:
    import pyarrow as pa

OURS = "regie.warehouse.engines"
Bound = Sequence[Any] | Mapping[str, Any]  # the values of a statement, in order or by name


class Answer(Protocol):
    """What a statement gave; it is read once."""

    def fetchall(self) -> list[tuple[Any, ...]]: ...

    def fetchone(self) -> tuple[Any, ...] | None: ...

    def to_arrow_table(self) -> pa.Table: ...

    def to_arrow_reader(self, batch_size: int = ..., /) -> pa.RecordBatchReader:
        """The rows in their order, at most ``batch_size`` at a time."""


class Engine(Protocol):
    """An open engine: statements run on it one after another."""

    def execute(self, query: str, parameters: Bound | None = None, /) -> Answer: ...

    def register(self, name: str, rows: Any, /) -> object:
        """Let statements call an Arrow table or stream ``name``."""

    def unregister(self, name: str, /) -> object: ...

    def cursor(self) -> Engine:
        """Another way to the same tables, for another thread; what is registered is its own."""

    def interrupt(self) -> None:
        """Stop what runs, from another thread: it then raises what ``was_interrupted`` knows."""

    def close(self) -> None: ...


class Kind(Protocol):
    """What the module of an engine offers. ``FAILURE`` is what its statements raise."""

    FAILURE: type[Exception]

    def version(self) -> str:
        """The engine's name and version, for whoever looks after this installation."""

    def scratch(self, folder: Path) -> Engine:
        """For work of any size: it keeps rows in order and spills to ``folder``."""

    def reader(self) -> Engine:
        """For questions to published facts, by many cursors at once."""

    def was_interrupted(self, problem: BaseException) -> bool: ...


OFFERED = ("FAILURE", "version", "scratch", "reader", "was_interrupted")


def check() -> None:
    """Raise ``RegieError`` where the setting names no engine. Loads none."""
    name = _setting()
    try:
        found = find_spec(_module_of(name))
    except (ImportError, ValueError):
        found = None
    if found is None:
        raise _unknown(name)


@cache
def chosen() -> Kind:
    """The engine that the setting names, loaded once."""
    check()
    name = _setting()
    module: Any = import_module(_module_of(name))
    missing = [one for one in OFFERED if not hasattr(module, one)]
    if missing:
        raise RegieError(
            f"REGIE_ENGINE names “{name}”, which is not an engine: "
            f"it does not offer {', '.join(missing)}.",
            hint="See warehouse/engine.py for what an engine offers.",
        )
    kind: Kind = module
    return kind


@contextmanager
def scratch(folder: Path) -> Iterator[Engine]:
    """An engine for one piece of heavy work, spilling to ``folder`` beyond its memory."""
    import pyarrow as pa  # here, as a command that only checks the setting does without

    # Arrow's own allocator asks for huge pages: clearing them costs more than reading a file.
    pa.set_memory_pool(pa.system_memory_pool())
    with closing(chosen().scratch(folder)) as engine:
        yield engine


def reader() -> Engine:
    """The process's engine for reading: no outside access beyond the files it is given."""
    return chosen().reader()


def failure() -> type[Exception]:
    """What a statement raises that the engine cannot run."""
    return chosen().FAILURE


def was_interrupted(problem: BaseException) -> bool:
    """Whether somebody stopped the engine."""
    return chosen().was_interrupted(problem)


def _setting() -> str:
    return os.environ.get("REGIE_ENGINE") or "duckdb"


def _module_of(name: str) -> str:
    return name if "." in name else f"{OURS}.{name}"


def _unknown(name: str) -> RegieError:
    folder = Path(__file__).parent / "engines"
    known = sorted(path.stem for path in folder.glob("[a-z]*.py"))
    return RegieError(
        f"REGIE_ENGINE names an engine that is not here: “{name}”.",
        hint=f"Known are: {', '.join(known)}. The path of an importable module does as well.",
    )
