"""What questions are put to: the published tables of one snapshot, seen through one scope.

A snapshot under a scope is a schema of the process's engine. Its views hold only rows of the
scope's assets, whoever owns them, and know the platform, account and place of each row. They are
made when first needed and dropped when others have been used more recently.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from regie.domain.facts import ENTITIES, EVENTS, TABLES
from regie.domain.metrics.planning import FOR_WHOM
from regie.kernel.periods import Period, months
from regie.kernel.scope import Part as ScopePart
from regie.kernel.scope import Scope
from regie.warehouse import entities, serving
from regie.warehouse.asking import Asking, AssetRow, Views
from regie.warehouse.catalogue import Snapshot, StoredFile
from regie.warehouse.covering import LEVELLED, bits_of_parts, covered
from regie.warehouse.doubles import folded
from regie.warehouse.engine import Engine, reader
from regie.warehouse.lake import Lake, reading
from regie.warehouse.media import PAID, media_of
from regie.warehouse.parts import WITH_CAMPAIGN, Part, part_of
from regie.warehouse.rollups import ROLLUPS
from regie.warehouse.serving import Portion, digest_of
from regie.warehouse.twice import TWICE, left_aside, measured_days

__all__ = ["READER", "AssetRow", "Reader", "Session"]
KEPT_SCHEMAS = 24


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
            session = Session(self._engine, views, self._lock)
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
            columns = serving.columns_of(scope.parts, {a.key: a.platform for a in assets}, PAID)
            engine.execute(serving.laid(f"{schema}.part"), columns)
        names = tuple(file.id for file in snapshot.files(ENTITIES.name))
        rests_on = (str(lake.root), scope, tuple(assets), names, snapshot.counting)
        alike = (one.name for one in self._views.values() if one.rests_on == rests_on)
        folds = [(a.key, a.same) for a in assets if {a.key, a.same} <= scope.assets]
        return Views(schema, snapshot, lake, scope.parts, folds, rests_on, next(alike, schema))

    def _forget_old(self, engine: Engine) -> None:
        """Drop the schemas used longest ago, but none that somebody is asking."""
        idle = [key for key, views in self._views.items() if not views.sessions]
        for key in idle[: max(0, len(self._views) - KEPT_SCHEMAS)]:
            engine.execute(f"DROP SCHEMA {self._views.pop(key).schema} CASCADE")


READER = Reader()  # the process's own


class Session(Asking):
    """Questions to one snapshot through one scope, and the views that they are put to."""

    def __init__(self, engine: Engine, views: Views, lock: threading.Lock) -> None:
        super().__init__(engine, views)
        self._lock = lock

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

    def keep(self, name: str, select: str, parameters: Callable[[], Sequence[Any]]) -> str:
        """A small table of this snapshot and scope, made once; its qualified name."""
        qualified = f"{self._views.schema}.{name}"
        with self._lock:
            if name not in self._views.made:
                made = f"CREATE OR REPLACE TABLE {qualified} AS {select}"
                self._cursor.execute(made, list(parameters()))
                self._views.made.add(name)
        return qualified

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
        if FOR_WHOM in name:
            return self._for_whom(part, name.partition(FOR_WHOM)[2])
        if name in ROLLUPS:
            columns, fact = ROLLUPS[name].schema, ROLLUPS[name].fact.name
        else:
            columns, fact = TABLES[name].schema, name
        paths = [self._views.lake.absolute(file.path) for file in part.files]
        ids, joins = self._ids(columns) if name != ENTITIES.name else ({}, "")
        names = ", ".join(
            f"{ids[column]} AS {column}" if column in ids else f"f.{column}"
            for column in columns
            if column != "location"
        )
        place = "coalesce(nullif(f.location, ''), a.place)" if "location" in columns else "a.place"
        unit = ", '' AS unit, CAST(NULL AS VARCHAR) AS beneficiary"
        unit = "" if name == ENTITIES.name else unit
        source = folded(reading(paths, columns), self._views.folds)
        coverage = extra = ""
        if name in LEVELLED:
            by_account = f"{name}_by_account"
            rolled = self._part(by_account, part.period) if by_account in ROLLUPS else source
            coverage, extra = covered(name, rolled), ", b.bits"
        if twice := self._told_twice(name):
            source = TWICE[name].once(source, twice, self.snapshot.counting)
        platform = "coalesce(f.network, a.platform)" if "network" in columns else "a.platform"
        whole = (
            f"SELECT {names}{extra}, {place} AS location, a.organisation, {platform} AS platform, "
            f"f.asset_key AS owner_key, {media_of(fact)} AS media{unit} "
            f"FROM {source} f "
            f"JOIN {schema}.assets a ON a.asset_key = f.asset_key{joins}{coverage}"
        )
        if self._views.parts and name == ENTITIES.name:
            return f"{whole} UNION ALL BY NAME {self._names_of_parts()}"
        if serving.serves(name, self._views.parts):
            return f"{whole} UNION ALL BY NAME {self._of_parts(part, self._others())}"
        return whole

    def _others(self) -> Portion:
        return Portion(f"{self._views.schema}.part", self._views.parts)

    def divide(self, parts: Collection[ScopePart], own: Mapping[int, str]) -> str:
        """Let tables say for whom rows work, which ``parts`` of whole accounts tell.

        What is left of accounts in ``own`` works for these. Gives what the names of such tables
        end with: the same for the same rules.
        """
        digest = digest_of(parts, own)
        if digest in self._views.divided:
            return digest
        schema = self._views.schema
        with self._lock:
            platforms = dict.fromkeys((one.asset for one in parts), "")
            columns = serving.columns_of(parts, platforms, ())
            self._cursor.execute(serving.laid(f"{schema}.whom{digest}"), columns)
            self._cursor.execute(
                f"CREATE OR REPLACE TABLE {schema}.own{digest} AS SELECT "
                "unnest(?::BIGINT[]) AS asset_key, unnest(?::VARCHAR[]) AS beneficiary",
                [list(own), list(own.values())],
            )
            self._cursor.execute(
                f"UPDATE {schema}.whom{digest} SET organisation = a.organisation, "
                "place = a.place, platform = a.platform, media = a.media "
                f"FROM {schema}.assets a WHERE a.asset_key = whom{digest}.asset_key"
            )
            self._views.divided[digest] = parts
        return digest

    def _for_whom(self, part: Part, digest: str) -> str:
        """Each row once as it is; what works for somebody also as his, and once less as nobody's.

        So is the rest that of the level which answers for the account, to the last cent.
        """
        name, parts = part.table.partition(FOR_WHOM)[0], self._views.divided[digest]
        schema = self._views.schema
        whole, rest = self._part(name, part.period), f"{schema}.own{digest}"
        left = f"LEFT JOIN {rest} o ON o.asset_key = f.asset_key AND f.unit = ''"
        every = (
            "SELECT f.* REPLACE (coalesce(f.beneficiary, o.beneficiary) AS beneficiary), "
            f"1 AS sign FROM {whole} f {left}"
        )
        if not serving.serves(name, parts):
            return every
        plain = part_of(name, self.snapshot, part.period)
        portion = Portion(f"{schema}.whom{digest}", parts, is_own=True)
        given = f"({self._of_parts(plain, portion)})"
        measures = (ROLLUPS[name].fact if name in ROLLUPS else TABLES[name]).measures
        less = ", ".join(f"-f.{one.name} AS {one.name}" for one in measures)
        return (
            f"{every} UNION ALL BY NAME SELECT f.*, 1 AS sign FROM {given} f UNION ALL BY NAME "
            f"SELECT f.* REPLACE ({less}, o.beneficiary AS beneficiary), -1 AS sign FROM {given} f "
            f"LEFT JOIN {rest} o ON o.asset_key = f.asset_key"
        )

    def _of_parts(self, part: Part, portion: Portion) -> str:
        table, fact = part.table, serving.fact_of(part.table)
        columns = list(ROLLUPS[table].schema if table in ROLLUPS else TABLES[table].schema)
        source = serving.source_of(table, portion.parts)
        rows, bits = self._rows_of_parts(source, part.period, portion), ""
        if fact in LEVELLED:
            bits = f"{portion.table}_bits_of_{source}"
            if bits not in self._views.made:
                every = bits_of_parts(fact, self._rows_of_parts(source, None, portion))
                self._cursor.execute(f"CREATE OR REPLACE TABLE {bits} AS {every}")
                self._views.made.add(bits)
        media = media_of(fact, platforms="f.part_media")
        return serving.shaped(rows, table, columns, bits, media=media, hides=not portion.is_own)

    def _rows_of_parts(self, table: str, period: Period | None, portion: Portion) -> str:
        """The rows of ``table`` that belong to a part, for ``period`` at least."""
        columns = ROLLUPS[table].schema if table in ROLLUPS else TABLES[table].schema
        files = part_of(table, self.snapshot, period).files
        relation = reading([self._views.lake.absolute(file.path) for file in files], columns)
        if table in serving.TRAFFIC_FACTS:
            twice = self._told_twice(table) if portion.is_own else self._told_to_others(table)
            if twice:
                relation = TWICE[table].once(relation, twice, self.snapshot.counting)
            return serving.rows(relation, table, portion.table)
        ids, joins = self._ids(columns)
        known = serving.known(relation, ids, joins, portion.table)
        return serving.rows(known, table, portion.table)

    def _told_to_others(self, fact: str) -> str:
        """As ``_told_twice``, over all accounts of the owners of the parts, as these see it."""
        relation = self._reading(self.snapshot.files(fact), TABLES[fact].schema)
        owners = (
            f"organisation_id IN (SELECT organisation_id FROM {relation} WHERE asset_key IN "
            f"(SELECT asset_key FROM {self._views.schema}.part WHERE level = '{serving.TRAFFIC}'))"
        )
        return self._twice(f"twice_{fact}_of_others", fact, owners)

    def _names_of_parts(self) -> str:
        schema = self._views.schema
        met = f"{schema}.met_in_parts"
        if met not in self._views.made:
            told = {
                name: self._rows_of_parts(name, None, self._others())
                for name in sorted(TABLES)
                if serving.may_serve(name) and self.has(name)
            }
            found = serving.met(told) if told else serving.nothing_met()
            self._cursor.execute(f"CREATE OR REPLACE TABLE {met} AS {found}")
            self._views.made.add(met)
        return serving.names(self._all_names(), met, f"{schema}.part", list(ENTITIES.schema))

    def _all_names(self) -> str:
        return self._reading(self.snapshot.files(ENTITIES.name), ENTITIES.schema)

    def told_twice(self, fact: str) -> str:
        """The table of what an import and our own measurement both know of ``fact``, or empty."""
        with self._lock:
            return self._told_twice(fact)

    def _told_twice(self, fact: str) -> str:
        """The same; whoever asks holds the lock. It is small, and made once."""
        return self._twice(f"twice_{fact}", fact, self._seen())

    def as_it_came(self, fact: str) -> str:
        """Rows of the accounts in scope, whether they count or not."""
        relation = self._reading(self.snapshot.files(fact), TABLES[fact].schema)
        return f"(SELECT * FROM {relation} WHERE {self._seen()})"

    def _seen(self) -> str:
        return f"asset_key IN (SELECT asset_key FROM {self._views.schema}.assets)"

    def _twice(self, name: str, fact: str, seen: str) -> str:
        if fact not in TWICE or not self.has(EVENTS.name):
            return ""
        qualified, columns = f"{self._views.schema}.{name}", TABLES[fact].schema
        if qualified not in self._views.remembered:
            relation = self._reading(self.snapshot.files(fact), columns)
            if not TWICE[fact].figure:
                first, last = self.rows(measured_days(relation, seen))[0]
                near = months(Period(first, last)) if first is not None else []
                relation = self._reading(self.snapshot.files(fact, near), columns)
            both = TWICE[fact].both(relation, seen, self.snapshot.counting)
            self._cursor.execute(f"CREATE OR REPLACE TABLE {qualified} AS {both}")
            told = self.rows(f"SELECT count(*) FROM {qualified}")[0][0]
            found = told or left_aside(self.snapshot.counting, fact)
            self._views.remembered[qualified] = qualified if found else ""
        return str(self._views.remembered[qualified])

    def _reading(self, files: Iterable[StoredFile], columns: dict[str, str]) -> str:
        return reading([self._views.lake.absolute(file.path) for file in files], columns)

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

    def with_campaign(self, relation: str, *, ads: bool = False) -> str:
        """The rows of ``relation``, which are like events, with the campaign, or ``ads`` too."""
        with self._lock:
            names, same = self._part(ENTITIES.name), self._same_entities()
        return entities.meet(relation, names, same, ads=ads)

    def _events_with_campaign(self, fact: str, period: Period | None) -> str:
        plain = fact.partition(FOR_WHOM)[0]
        meeting = f"{self._views.schema}.campaigns_of_{plain}"
        if meeting not in self._views.made:
            events, names = self._part(plain), self._part(ENTITIES.name)
            self._cursor.execute(
                f"CREATE OR REPLACE TABLE {meeting} AS "
                + entities.campaigns_of(events, names, self._same_entities())
            )
            self._views.made.add(meeting)
        return entities.met(self._part(fact, period), meeting)
