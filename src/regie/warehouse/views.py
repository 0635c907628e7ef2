"""What questions are put to: the published tables of one snapshot, seen through one scope.

A snapshot under a scope is a schema of the process's engine. Its views hold only rows of the
scope's assets, whoever owns them, and know the platform, account and place of each row. They are
made when first needed and dropped when others have been used more recently.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from weakref import WeakSet

import pyarrow as pa

from regie.domain.facts import ENTITIES, EVENTS, TABLES
from regie.kernel.periods import Period
from regie.kernel.scope import Part as ScopePart
from regie.kernel.scope import Scope
from regie.warehouse import entities, serving
from regie.warehouse.catalogue import Snapshot
from regie.warehouse.columns import Found, found_in
from regie.warehouse.engine import Engine, reader
from regie.warehouse.lake import Lake, reading
from regie.warehouse.media import PAID, media_of
from regie.warehouse.memory import Memory
from regie.warehouse.parts import WITH_CAMPAIGN, Part, part_of
from regie.warehouse.rollups import ROLLUPS
from regie.warehouse.twice import TWICE, relation_of

KEPT_SCHEMAS = 24
KEPT_LAID = 6  # tables made for questions, for each schema
KEPT_ROWS = 10_000  # of answers, for each schema: some megabytes
T = TypeVar("T")


@dataclass(frozen=True)
class AssetRow:
    """What figures know of an account: its key and what it can be split by.

    Accounts of which a scope has parts only are among them.
    """

    key: int
    organisation: str
    platform: str
    location: str


@dataclass
class Views:
    """The tables of one snapshot, through one scope."""

    schema: str
    snapshot: Snapshot
    lake: Lake
    parts: Collection[ScopePart] = ()
    rests_on: tuple[Any, ...] = ()  # what its rows rest on beside the files of their own table
    name: str = ""  # that of all snapshots that rest on the same
    made: set[str] = field(default_factory=set)
    remembered: dict[Hashable, Any] = field(default_factory=dict)
    memory: Memory[Found] = field(default_factory=lambda: Memory(KEPT_ROWS))
    laid: OrderedDict[str, pa.Table] = field(default_factory=OrderedDict)
    sessions: WeakSet[Session] = field(default_factory=WeakSet)


class Reader:
    """The process's engine for questions. Safe for threads: each question has its own cursor."""

    def __init__(self) -> None:
        self._engine: Engine | None = None
        self._views: OrderedDict[tuple[Any, ...], Views] = OrderedDict()
        self._lock = threading.Lock()
        self._count = 0
        self._latest: tuple[str, Snapshot] | None = None

    def prepare(self) -> None:
        """Start the engine: its first bound value imports half a second's worth of libraries."""
        with self._lock:
            self._engine = self._engine or reader()
            self._engine.execute("SELECT ?", [0])

    def snapshot(self, lake: Lake, version: int, load: Callable[[], Snapshot]) -> Snapshot:
        """The snapshot called ``version``: what was loaded last is not loaded again."""
        known = self._latest
        if known is not None and (known[0], known[1].version) == (str(lake.root), version):
            return known[1]
        loaded = load()
        self._latest = (str(lake.root), loaded)
        return loaded

    def open(
        self,
        lake: Lake,
        snapshot: Snapshot,
        scope: Scope,
        assets: Callable[[], Sequence[AssetRow]],
    ) -> Session:
        """``assets`` is asked only when the scope is new to this process."""
        key = (str(lake.root), snapshot.version, snapshot.counting, scope)
        with self._lock:
            if self._engine is None:
                self._engine = reader()
            views = self._views.get(key)
            if views is None:
                views = self._make(self._engine, lake, snapshot, scope, assets())
                self._views[key] = views
            self._views.move_to_end(key)
            session = Session(self._engine.cursor(), views, self._lock)
            views.sessions.add(session)
            self._forget_old(self._engine)
            return session

    def _make(
        self, engine: Engine, lake: Lake, snapshot: Snapshot, scope: Scope,
        assets: Sequence[AssetRow],
    ) -> Views:  # fmt: skip
        self._count += 1
        schema = f"s{self._count}"
        engine.execute(f"CREATE SCHEMA {schema}")
        rows = [
            (a.key, a.organisation, a.platform, a.location or None,
             "paid" if a.platform in PAID else "owned")
            for a in assets if a.key in scope.assets
        ]  # fmt: skip
        # As lists in one statement: row by row, a few hundred accounts would take a second.
        engine.execute(
            f"CREATE TABLE {schema}.assets AS SELECT unnest(?::BIGINT[]) AS asset_key, "
            "unnest(?::VARCHAR[]) AS organisation, unnest(?::VARCHAR[]) AS platform, "
            "unnest(?::VARCHAR[]) AS place, unnest(?::VARCHAR[]) AS media",
            [list(column) for column in zip(*rows, strict=True)] or [[]] * 5,
        )
        if scope.parts:
            platforms = {a.key: a.platform for a in assets}
            engine.execute(serving.laid(schema), serving.columns_of(scope.parts, platforms, PAID))
        names = tuple(file.id for file in snapshot.files(ENTITIES.name))
        rests_on = (str(lake.root), scope, tuple(assets), names, snapshot.counting)
        alike = (one.name for one in self._views.values() if one.rests_on == rests_on)
        return Views(schema, snapshot, lake, scope.parts, rests_on, next(alike, schema))

    def _forget_old(self, engine: Engine) -> None:
        """Drop the schemas used longest ago, but none that somebody is asking."""
        idle = [key for key, views in self._views.items() if not views.sessions]
        for key in idle[: max(0, len(self._views) - KEPT_SCHEMAS)]:
            engine.execute(f"DROP SCHEMA {self._views.pop(key).schema} CASCADE")


READER = Reader()  # the process's own


class Session:
    """Questions to one snapshot through one scope."""

    def __init__(self, cursor: Engine, views: Views, lock: threading.Lock) -> None:
        self._cursor, self._views, self._lock = cursor, views, lock
        self._laid: set[str] = set()
        self.snapshot = views.snapshot
        self.name = views.name  # the same where rows of the same files are the same rows

    def table(self, name: str, period: Period | None = None) -> str:
        """The qualified name of a view, made when first asked for.

        With ``period`` it reads the files of its months only; rows of other days may be in it.
        """
        if name in self._laid:
            return name
        part = part_of(name, self.snapshot, period)
        if part.view in self._views.made:
            return f"{self._views.schema}.{part.view}"
        with self._lock:
            return self._made(part)

    def remember(self, key: Hashable, find: Callable[[], T]) -> T:
        """``find()``, once for this snapshot and scope: neither ever changes."""
        if key not in self._views.remembered:
            self._views.remembered[key] = find()
        found: T = self._views.remembered[key]
        return found

    def keep(self, name: str, select: str, parameters: Callable[[], Sequence[Any]]) -> str:
        """A small table of this snapshot and scope, made once; its qualified name."""
        qualified = f"{self._views.schema}.{name}"
        with self._lock:
            if name not in self._views.made:
                made = f"CREATE OR REPLACE TABLE {qualified} AS {select}"
                self._cursor.execute(made, list(parameters()))
                self._views.made.add(name)
        return qualified

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

    def _made(self, part: Part) -> str:
        """The view of ``part``; whoever asks holds the lock."""
        qualified = f"{self._views.schema}.{part.view}"
        if part.view not in self._views.made:
            self._cursor.execute(f"CREATE OR REPLACE VIEW {qualified} AS {self._select(part)}")
            self._views.made.add(part.view)
        return qualified

    def _part(self, name: str, period: Period | None = None) -> str:
        return self._made(part_of(name, self.snapshot, period))

    def _select(self, part: Part) -> str:
        schema, name = self._views.schema, part.table
        if name.endswith(WITH_CAMPAIGN):
            return self._events_with_campaign(name.removesuffix(WITH_CAMPAIGN), part.period)
        if name in ROLLUPS:
            columns, fact = ROLLUPS[name].schema, ROLLUPS[name].fact.name
        else:
            columns, fact = TABLES[name].schema, name
        paths = [self._views.lake.absolute(file.path) for file in part.files]
        coverage = ""
        extra = ""
        if name in {"performance", "conversions"}:
            # The facts themselves do not say which levels an account has that day; the rollup does.
            covered = self._part(f"{name}_by_account", part.period)
            coverage = (
                f" LEFT JOIN (SELECT asset_key, date, any_value(bits) AS bits FROM {covered} "
                "GROUP BY asset_key, date) b ON b.asset_key = f.asset_key AND b.date = f.date"
            )
            extra = ", b.bits"
        ids, joins = self._ids(columns) if name != ENTITIES.name else ({}, "")
        names = ", ".join(
            f"{ids[column]} AS {column}" if column in ids else f"f.{column}"
            for column in columns
            if column != "location"
        )
        place = "coalesce(nullif(f.location, ''), a.place)" if "location" in columns else "a.place"
        unit = "" if name == ENTITIES.name else ", '' AS unit"
        source = reading(paths, columns)
        if twice := self._told_twice(name):
            source = TWICE[name].once(source, twice)
        whole = (
            f"SELECT {names}{extra}, {place} AS location, a.organisation, a.platform, "
            f"f.asset_key AS owner_key, {media_of(fact)} AS media{unit} "
            f"FROM {source} f "
            f"JOIN {schema}.assets a ON a.asset_key = f.asset_key{joins}{coverage}"
        )
        if self._views.parts and name == ENTITIES.name:
            return f"{whole} UNION ALL BY NAME {self._names_of_parts()}"
        if self._views.parts and serving.may_serve(name):
            return f"{whole} UNION ALL BY NAME {self._of_parts(part, list(columns))}"
        return whole

    def _of_parts(self, part: Part, columns: Sequence[str]) -> str:
        source = serving.source_of(part.table, self._views.parts)
        rows, bits = self._rows_of_parts(source, part.period), ""
        if serving.fact_of(part.table) in {"performance", "conversions"}:
            bits = f"{self._views.schema}.bits_of_parts_of_{source}"
            if bits not in self._views.made:
                every = serving.bits(self._rows_of_parts(source, None))
                self._cursor.execute(f"CREATE OR REPLACE TABLE {bits} AS {every}")
                self._views.made.add(bits)
        return serving.shaped(rows, part.table, columns, bits)

    def _rows_of_parts(self, table: str, period: Period | None) -> str:
        """The rows of ``table`` that belong to a part, for ``period`` at least."""
        columns = ROLLUPS[table].schema if table in ROLLUPS else TABLES[table].schema
        files = part_of(table, self.snapshot, period).files
        relation = reading([self._views.lake.absolute(file.path) for file in files], columns)
        ids, joins = self._ids(columns)
        known = serving.known(relation, ids, joins, self._views.schema)
        return serving.rows(known, table, self._views.schema)

    def _names_of_parts(self) -> str:
        schema = self._views.schema
        met = f"{schema}.met_in_parts"
        if met not in self._views.made:
            told = {
                name: self._rows_of_parts(name, None)
                for name in sorted(TABLES)
                if serving.may_serve(name) and self.has(name)
            }
            found = serving.met(told) if told else serving.nothing_met()
            self._cursor.execute(f"CREATE OR REPLACE TABLE {met} AS {found}")
            self._views.made.add(met)
        return serving.names(self._all_names(), met, schema, list(ENTITIES.schema))

    def _all_names(self) -> str:
        files = self.snapshot.files(ENTITIES.name)
        return reading([self._views.lake.absolute(file.path) for file in files], ENTITIES.schema)

    def told_twice(self, fact: str) -> str:
        """The table of what an import and our own measurement both know of ``fact``, or empty."""
        with self._lock:
            return self._told_twice(fact)

    def _told_twice(self, fact: str) -> str:
        """The same; whoever asks holds the lock. It is small, and made once."""
        if fact not in TWICE or not self.has(EVENTS.name):
            return ""
        qualified, columns = f"{self._views.schema}.twice_{fact}", TABLES[fact].schema
        if qualified not in self._views.remembered:
            paths = [self._views.lake.absolute(f.path) for f in self.snapshot.files(fact)]
            seen = f"asset_key IN (SELECT asset_key FROM {self._views.schema}.assets)"
            counting = relation_of(self.snapshot.counting)
            both = TWICE[fact].both(reading(paths, columns), seen, counting)
            self._cursor.execute(f"CREATE OR REPLACE TABLE {qualified} AS {both}")
            found = self.rows(f"SELECT count(*) FROM {qualified}")[0][0]
            self._views.remembered[qualified] = qualified if found else ""
        return str(self._views.remembered[qualified])

    def _ids(self, columns: Mapping[str, str]) -> tuple[dict[str, str], str]:
        """Ids in place of names, for the entities of these columns of which some have both."""
        same = self._same_entities()
        sql = f"SELECT DISTINCT kind FROM {same} WHERE is_met"
        met = self.remember(sql, lambda: {kind for (kind,) in self.rows(sql)})
        return entities.with_ids(
            [kind for kind in entities.KINDS if f"{kind}_id" in columns and kind in met], same
        )

    def _same_entities(self) -> str:
        qualified = f"{self._views.schema}.same_entities"
        if "same_entities" not in self._views.made:
            names = self._names_to_compare()
            self._cursor.execute(
                f"CREATE OR REPLACE TABLE {qualified} AS SELECT s.*, EXISTS (SELECT 1 FROM {names} "
                "e WHERE e.asset_key = s.asset_key AND e.kind = s.kind AND e.entity_id = s.named) "
                f"AS is_met FROM ({entities.same_entities(names)}) s"
            )
            self._views.made.add("same_entities")
        return qualified

    def _names_to_compare(self) -> str:
        """All names of an account: of the parts alone, a name could seem to be one campaign's."""
        if not self._views.parts:
            return self._part(ENTITIES.name)
        schema = self._views.schema
        return (
            f"(SELECT * FROM {self._all_names()} WHERE asset_key IN (SELECT asset_key FROM "
            f"{schema}.assets UNION ALL SELECT asset_key FROM {schema}.part))"
        )

    def with_campaign(self, relation: str) -> str:
        """The rows of ``relation``, which are like events, with the ads' campaign they name."""
        with self._lock:
            names, same = self._part(ENTITIES.name), self._same_entities()
        return entities.met(relation, f"({entities.campaigns_of(relation, names, same)})")

    def _events_with_campaign(self, fact: str, period: Period | None) -> str:
        meeting = f"{self._views.schema}.campaigns_of_{fact}"
        if meeting not in self._views.made:
            events, names = self._part(fact), self._part(ENTITIES.name)
            self._cursor.execute(
                f"CREATE OR REPLACE TABLE {meeting} AS "
                + entities.campaigns_of(events, names, self._same_entities())
            )
            self._views.made.add(meeting)
        return entities.met(self._part(fact, period), meeting)
