"""Statements put to the tables of one snapshot through one scope, and what is remembered."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakSet

import pyarrow as pa

from regie.domain.facts import TABLES
from regie.kernel.scope import Part as ScopePart
from regie.warehouse.catalogue import Snapshot, StoredFile
from regie.warehouse.columns import Found, found_in
from regie.warehouse.engine import Engine
from regie.warehouse.lake import Lake, reading
from regie.warehouse.memory import Memory

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

KEPT_LAID = 6  # tables made for questions, for each schema
KEPT_ROWS = 10_000  # of answers, for each schema: some megabytes
KEPT_LASTING = 64  # answers that outlive their snapshot
T = TypeVar("T")
_CURSORS = threading.Lock()
_lasting: OrderedDict[Hashable, Any] = OrderedDict()
_lasting_lock = threading.Lock()


@dataclass(frozen=True)
class AssetRow:
    """What figures know of an account: its key and what it can be split by.

    Accounts of which a scope has parts only are among them. ``same`` is the account that it turned
    out to be: what is left of its own figures is shown as that account's, where that is seen.
    """

    key: int
    organisation: str
    platform: str
    location: str
    same: int = 0


@dataclass
class Views:
    """The tables of one snapshot, through one scope."""

    schema: str
    snapshot: Snapshot
    lake: Lake
    parts: Collection[ScopePart] = ()
    folds: Sequence[tuple[int, int]] = ()  # (key of a double, that of the account it became)
    rests_on: tuple[Any, ...] = ()  # what its rows rest on beside the files of their own table
    name: str = ""  # that of all snapshots that rest on the same
    made: set[str] = field(default_factory=set)
    divided: dict[str, Collection[ScopePart]] = field(default_factory=dict)
    remembered: dict[Hashable, Any] = field(default_factory=dict)
    memory: Memory[Found] = field(default_factory=lambda: Memory(KEPT_ROWS))
    laid: OrderedDict[str, pa.Table] = field(default_factory=OrderedDict)
    sessions: WeakSet[Asking] = field(default_factory=WeakSet)

    @cached_property
    def keys(self) -> npt.NDArray[np.int64]:
        """Those of the accounts whose rows are seen whole."""
        import numpy as np  # an import of files passes here, and does without arrays

        _root, scope, assets, *_more = self.rests_on
        return np.array([one.key for one in assets if one.key in scope.assets], np.int64)


class Asking:
    """Questions to one snapshot through one scope."""

    def __init__(self, engine: Engine, views: Views) -> None:
        self._engine, self._views = engine, views
        self._laid: set[str] = set()
        self.snapshot = views.snapshot
        self.name = views.name  # the same where rows of the same files are the same rows

    @cached_property
    def _cursor(self) -> Engine:
        """Its own; what is remembered answers without one."""
        with _CURSORS:
            return self._engine.cursor()

    @property
    def place(self) -> str:
        """Where the files are that it reads."""
        return str(self._views.lake.root)

    @property
    def seen_as(self) -> tuple[Any, ...]:
        """All that its rows rest on beside the files of their table: the same for the same rows."""
        return (*self._views.rests_on[:3], self.snapshot.counting)

    def relation(self, table: str, files: Sequence[StoredFile]) -> str:
        """The rows of ``files`` as they were written, whoever may see them."""
        paths = [self._views.lake.absolute(file.path) for file in files]
        return reading(paths, TABLES[table].schema)

    def seen(self, rows: pa.Table) -> pa.Table:
        """Of ``rows`` as they were written those of whole accounts in scope, which views show too.

        Doubles are the accounts that they became.
        """
        import numpy as np

        keys = np.asarray(rows["asset_key"].combine_chunks())
        kept = np.isin(keys, self._views.keys)
        if not kept.all():
            rows, keys = rows.filter(pa.array(kept)), keys[kept]
        shown = keys.copy()
        for key, same in self._views.folds:
            shown[keys == key] = same
        place = rows.schema.get_field_index("asset_key")
        return rows.set_column(place, "asset_key", pa.array(shown))

    def remember(self, key: Hashable, find: Callable[[], T]) -> T:
        """``find()``, once for this snapshot and scope: neither ever changes."""
        if key not in self._views.remembered:
            self._views.remembered[key] = find()
        found: T = self._views.remembered[key]
        return found

    def remember_while(self, tables: Collection[str], key: Hashable, find: Callable[[], T]) -> T:
        """``find()``, once for as long as ``tables`` are what they are, whatever else is published.

        It may rest on these alone, and on the places of the scope's assets.
        """
        files = tuple(file.id for name in tables for file in self.snapshot.files(name))
        whole = (self._views.rests_on[:3], files, key)
        with _lasting_lock:
            if whole in _lasting:
                _lasting.move_to_end(whole)
                known: T = _lasting[whole]
                return known
        found = find()
        with _lasting_lock:
            _lasting[whole] = found
            while len(_lasting) > KEPT_LASTING:
                _lasting.popitem(last=False)
        return found

    def lay(self, name: str, make: Callable[[], pa.Table]) -> str:
        """A table made for one question, for this session; the latest are kept for others.

        ``name`` says all that it was made from: answers from it are remembered by it.
        """
        if name not in self._laid:
            kept = self._views.laid
            known = kept.pop(name, None)
            table = kept[name] = make() if known is None else known
            while len(kept) > KEPT_LAID:
                kept.popitem(last=False)
            self._cursor.register(name, table)
            self._laid.add(name)
        return name

    def has(self, name: str) -> bool:
        return bool(self._views.snapshot.files(name))

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._cursor.execute(sql, list(parameters)).fetchall()

    def find(self, sql: str, parameters: Sequence[Any] = ()) -> Found:
        """The same as ``rows``, in columns: far quicker for many amounts."""
        return found_in(self._cursor.execute(sql, list(parameters)).to_arrow_table())

    def arrow(self, sql: str, parameters: Sequence[Any] = (), **tables: pa.Table) -> pa.Table:
        """``rows`` as columns, for what is worked on as a whole; ``tables`` by their names."""
        for name, table in tables.items():
            self._cursor.register(name, table)
        try:
            return self._cursor.execute(sql, list(parameters)).to_arrow_table()
        finally:
            for name in tables:
                self._cursor.unregister(name)

    def recall(self, sql: str, parameters: Sequence[Any] = ()) -> Found:
        """``find``, without asking again what was asked lately."""
        key = (sql, *parameters)
        return self._views.memory.recall(key, lambda: self.find(sql, parameters))

    def kept(self, key: Hashable) -> Found | None:
        """What ``keep_found`` was given, unless others have taken its room since."""
        return self._views.memory.known(key)

    def keep_found(self, key: Hashable, found: Found) -> None:
        self._views.memory.recall(key, lambda: found)
