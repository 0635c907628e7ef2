"""Appends events to their table and restates the days that they fall on.

Events are added as files of a batch; what is derived from them (visits, orders, counts by day) is
computed again for whole days, from all events of these days. Floors above say how.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa

from regie.domain.facts import CANCELLED, EVENTS, ORDERS
from regie.kernel.periods import Period, months
from regie.warehouse import catalogue
from regie.warehouse.catalogue import Conn, Snapshot, StoredFile
from regie.warehouse.engine import Engine
from regie.warehouse.lake import Lake, reading
from regie.warehouse.publish import Assembly
from regie.warehouse.windows import Window

REMEMBERED = timedelta(days=40)  # how long an id that comes again is known by itself
REASON = "events"
Derived = Mapping[str, Callable[[str], str]]


@dataclass(frozen=True)
class Appended:
    """``fresh`` are organisation and id of the events that were new; ``events`` is a relation of
    all events of the months around."""

    version: int
    fresh: Sequence[tuple[int, str]]
    events: str


def append(connection: Conn, lake: Lake, engine: Engine, *, derived: Derived) -> Appended | None:
    """Publish the rows of the engine's table ``incoming``; None where all were there already.

    Must run inside a transaction that has called ``lock_for_publishing``.
    """
    current = catalogue.snapshot(connection)
    _keep_fresh(lake, engine, current)
    days = engine.execute(
        "SELECT DISTINCT asset_key, date FROM fresh ORDER BY asset_key, date"
    ).fetchall()
    if not days:
        return None
    assembly = Assembly(connection, lake, engine, current)
    new = _write(connection, lake, engine, EVENTS.name, "FROM fresh", [day for _key, day in days])
    assembly.replace([], new)
    # A table that this installation does not know yet is derived from all the events there are.
    is_known = all(catalogue.was_ever_published(connection, table) for table in derived)
    whole = [lake.absolute(file.path) for file in assembly.files(EVENTS.name)]
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE days AS SELECT DISTINCT asset_key, date FROM "
        + ("fresh" if is_known else reading(whole, EVENTS.schema))
    )
    restate(connection, lake, engine, assembly, derived)
    published = assembly.publish(REASON)
    fresh = engine.execute("SELECT organisation_id, event_id FROM fresh").fetchall()
    first, last = _extent(engine)
    around = _around(lake, assembly.files(EVENTS.name), first - REMEMBERED, last)
    return Appended(published.version, fresh, around)


def take_back(
    connection: Conn, lake: Lake, engine: Engine, condition: str, *, derived: Derived
) -> pa.Table:
    """Take the events of the engine's table ``days`` for which ``condition`` holds out of their
    table, so that they can be appended where they belong, and return them.

    Must run inside a transaction that has called ``lock_for_publishing``.
    """
    assembly = Assembly(connection, lake, engine, catalogue.snapshot(connection))
    first, last = _extent(engine)
    events = _around(lake, assembly.files(EVENTS.name), first, last)
    taken = engine.execute(
        f"SELECT e.* FROM {events} e SEMI JOIN days USING (asset_key, date) WHERE {condition}"
    ).to_arrow_table()
    engine.register("taken", taken)
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE days AS SELECT DISTINCT asset_key, date FROM taken"
    )
    if not len(taken):
        return taken
    days = engine.execute("SELECT asset_key, date FROM days ORDER BY asset_key, date").fetchall()
    rest = f"FROM {events} e SEMI JOIN days USING (asset_key, date) WHERE NOT ({condition})"
    files = _write(connection, lake, engine, EVENTS.name, rest, [day for _key, day in days])
    assembly.replace([Window(EVENTS.name, key, Period(day, day)) for key, day in days], files)
    restate(connection, lake, engine, assembly, derived)
    assembly.publish(REASON)
    return taken


def restate(
    connection: Conn, lake: Lake, engine: Engine, assembly: Assembly, derived: Derived
) -> None:
    """Derive again the days of the engine's table ``days`` (asset_key, date), from all events."""
    first, last = _extent(engine)
    relation = _around(lake, assembly.files(EVENTS.name), first, last)
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE day_events AS SELECT e.* FROM {relation} e "
        "SEMI JOIN days USING (asset_key, date)"
    )
    days = engine.execute("SELECT asset_key, date FROM days ORDER BY asset_key, date").fetchall()
    for table, select in derived.items():
        windows = [Window(table, key, Period(day, day)) for key, day in days]
        files = _write(
            connection, lake, engine, table, select("day_events"), [day for _key, day in days]
        )
        assembly.replace(windows, files)


def _keep_fresh(lake: Lake, engine: Engine, current: Snapshot) -> None:
    """``fresh``: rows of ``incoming`` whose id, or whose number, is not there yet.

    Clicks are not looked up: their ids are our own and each is written once.
    """
    row = engine.execute(
        "SELECT min(date), max(date) FROM incoming WHERE kind <> 'click'"
    ).fetchone()
    before = reading([], EVENTS.schema)
    if row is not None and row[0] is not None:
        first, last = row[0] - REMEMBERED, row[1] + REMEMBERED
        before = _around(lake, current.files(EVENTS.name), first, last)
    orders = reading(
        [lake.absolute(file.path) for file in current.files(ORDERS.name)], ORDERS.schema
    )
    void = f"coalesce(i.kind = 'order' AND lower(i.status) IN {CANCELLED}, false)"
    number = f"CASE WHEN i.kind = 'order' THEN i.ref ELSE {_number('i')} END"
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE fresh AS SELECT i.* FROM incoming i "
        f"WHERE NOT EXISTS (SELECT 1 FROM {before} b WHERE b.organisation_id = i.organisation_id "
        "AND b.event_id = i.event_id AND i.kind <> 'click') "
        f"AND NOT EXISTS (SELECT 1 FROM {before} b WHERE b.asset_key = i.asset_key "
        f"AND b.kind = i.kind AND {_number('b')} = {_number('i')}) "
        # An order has one number for ever, however late it is sent again; that it was cancelled is
        # said once too.
        f"AND (i.kind <> 'order' OR NOT EXISTS (SELECT 1 FROM {orders} o WHERE o.kind = 'order' "
        f"AND o.asset_key = i.asset_key AND o.order_id = i.ref AND (o.orders IS NULL) = {void})) "
        f"QUALIFY {number} IS NULL OR row_number() OVER "
        f"(PARTITION BY i.asset_key, i.kind, {number}, {void} ORDER BY i.happened_at, i.event_id) "
        "= 1"
    )


def _number(row: str) -> str:
    """What a lead, a call or a refund that counts was numbered by its sender; else NULL."""
    return (
        f"CASE WHEN {row}.aside IS NULL AND ({row}.kind IN ('lead', 'call') "
        f"AND {row}.ref <> {row}.event_id OR {row}.kind = 'refund' AND {row}.outcome IS NOT NULL) "
        f"THEN {row}.ref END"
    )


def _write(
    connection: Conn, lake: Lake, engine: Engine, table: str, select: str, days: Sequence[date]
) -> list[StoredFile]:
    files = []
    for month in sorted({day.replace(day=1) for day in days}):
        written = lake.write(
            engine, table, month,
            f"SELECT * FROM ({select}) WHERE date_trunc('month', date) = DATE '{month}'",
        )  # fmt: skip
        files += catalogue.register(connection, [written] if written else [])
    return files


def _extent(engine: Engine) -> tuple[date, date]:
    row = engine.execute("SELECT min(date), max(date) FROM days").fetchone()
    if row is None or row[0] is None:
        raise ValueError("there is no day to restate")
    return row[0], row[1]


def _around(lake: Lake, files: Sequence[StoredFile], first: date, last: date) -> str:
    wanted = set(months(Period(first, last)))
    paths = [lake.absolute(file.path) for file in files if file.month in wanted]
    return (
        f"(SELECT * FROM {reading(paths, EVENTS.schema)} "
        f"WHERE date BETWEEN DATE '{first}' AND DATE '{last}')"
    )
