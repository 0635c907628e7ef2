"""Events with the person of each, for whatever is asked across devices: purchases, audiences.

Only events that were consented to, and only those of the scope; a visitor of one day is a person
of one day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
from django.db import connection

from regie.apps.identity.people import cut_keys, people_keys, stamp
from regie.domain.audiences.touches import LEAST
from regie.domain.facts import EVENTS, ORDERS, PURCHASES
from regie.domain.metrics.planning import Plan
from regie.kernel.periods import Period, months
from regie.kernel.scope import Scope
from regie.warehouse import catalogue, home
from regie.warehouse.engine import Engine, scratch
from regie.warehouse.lake import reading
from regie.warehouse.twice import came_to_nothing
from regie.warehouse.views import Session

LOOKBACK: Final = timedelta(days=30)
SURE, PROBABLE = "who", "who_probably"


@contextmanager
def walked(scope: Scope, period: Period) -> Iterator[tuple[Engine, str]]:
    """An engine, and the name of a table of events with ``who`` (by sure links) and
    ``who_probably``; ``period`` is in days of the organisation, both included."""
    with home.workplace() as folder, scratch(folder) as engine:
        wanted = set(months(period))
        files = [
            file for file in catalogue.snapshot(connection.connection).files(EVENTS.name)
            if file.month in wanted
        ]  # fmt: skip
        relation = reading([home.lake().absolute(file.path) for file in files], EVENTS.schema)
        engine.register("keys", people_keys(sorted(scope.organisations)))
        engine.register("cut", cut_keys(sorted(scope.organisations)))
        engine.execute(
            f"CREATE TEMP TABLE walked AS {_with_people(relation)} "
            "AND list_contains(?, e.asset_key) AND e.date BETWEEN ? AND ?",
            [sorted(scope.organisations), sorted(scope.assets), period.start, period.end],
        )
        yield engine, "walked"


def _with_people(relation: str) -> str:
    """Events of ``relation`` that were consented to, of the organisations that are bound first.

    Reads the tables ``keys`` and ``cut``.
    """
    # What names a person is his, on whatever device; unless somebody cut just that link.
    own = (
        "SELECT * REPLACE (CASE WHEN visitor || ' ' || person IN (SELECT pair FROM cut) "
        f"THEN NULL ELSE person END AS person) FROM {relation}"
    )
    return (
        "SELECT e.*, "
        f"coalesce(p.person, e.person, v.person, e.visitor) AS {SURE}, "
        f"coalesce(p.probable_person, e.person, v.probable_person, e.visitor) AS {PROBABLE} "
        f"FROM ({own}) e "
        "LEFT JOIN keys p ON p.organisation_id = e.organisation_id AND p.key = e.person "
        "LEFT JOIN keys v ON v.organisation_id = e.organisation_id AND v.key = e.visitor "
        "WHERE list_contains(?, e.organisation_id) AND e.aside IS NULL AND e.mode = 'consented'"
    )


def _devices(walked_: str, who: str) -> str:
    """Orders whose devices are known, and whether each began on another than it ended on.

    The last device is the order's own where it says so, else that of the last visit.
    """
    return (
        "SELECT event_id, first_device <> coalesce(own, last_device) AS crossed FROM ("
        "SELECT o.event_id, any_value(o.visitor) AS own, "
        "min_by(t.visitor, (t.happened_at, t.event_id)) AS first_device, "
        "max_by(t.visitor, (t.happened_at, t.event_id)) AS last_device "
        f"FROM {walked_} o JOIN {walked_} t ON t.organisation_id = o.organisation_id "
        f"AND t.{who} = o.{who} AND t.visitor IS NOT NULL AND t.kind <> 'order' "
        "AND t.happened_at <= o.happened_at "
        f"AND t.happened_at >= o.happened_at - INTERVAL {LOOKBACK.days} DAY "
        "WHERE o.kind = 'order' GROUP BY o.event_id)"
    )


def with_purchases(session: Session, scope: Scope, plan: Plan) -> Plan:
    """``plan`` with the fact ``purchases`` of its period, as people stand now."""
    if all(part.fact != PURCHASES.name for part in plan.facts) or not session.has(EVENTS.name):
        return plan
    organisations, period = sorted(scope.organisations), plan.query.period
    said = f"{session.snapshot.version} {stamp(organisations)[0]} {organisations} {period}"
    name = f"{PURCHASES.name}_{hashlib.sha256(said.encode()).hexdigest()[:16]}"
    laid = session.lay(name, lambda: _purchases(session, organisations, period))
    parts = [
        replace(part, table=laid, is_laid=True) if part.fact == PURCHASES.name else part
        for part in plan.facts
    ]
    return replace(plan, facts=tuple(parts))


def _purchases(session: Session, organisations: list[int], period: Period | None) -> pa.Table:
    around = period and Period(period.start - LOOKBACK, period.end)
    dated = " AND e.date BETWEEN ? AND ?" if around else ""
    return session.arrow(
        f"WITH walked AS MATERIALIZED ({_with_people(session.table(EVENTS.name, around))}{dated}) "
        "SELECT o.*, CAST(1 AS BIGINT) AS purchases, CAST(d.crossed AS BIGINT) AS crossed "
        f"FROM walked o JOIN ({_devices('walked', SURE)}) d ON d.event_id = o.event_id "
        f"WHERE o.kind = 'order' AND NOT {came_to_nothing(session.table(ORDERS.name), 'o')}",
        [organisations, *_days(around)],
        keys=people_keys(organisations), cut=cut_keys(organisations),
    )  # fmt: skip


def _days(period: Period | None) -> Sequence[Any]:
    return [period.start, period.end] if period else []


@dataclass(frozen=True)
class Crossing:
    """``purchases`` are those whose devices are known, out of ``all`` consented ones; ``crossed``
    began on one device and ended on another."""

    all: int
    purchases: int
    crossed: int
    probably_crossed: int

    @property
    def share(self) -> Decimal | None:
        """``None`` under 30 purchases: a small figure could point at somebody."""
        return self._of(self.crossed)

    @property
    def probable_share(self) -> Decimal | None:
        return self._of(self.probably_crossed)

    def _of(self, count: int) -> Decimal | None:
        return Decimal(count) / self.purchases if self.purchases >= LEAST else None


def cross_device(scope: Scope, period: Period) -> Crossing:
    """Purchases of ``period`` that began on one device and ended on another, within 30 days.

    The share by sure links is the metric ``cross_device_share``; here is its range beside it.
    """
    around = Period(period.start - LOOKBACK, period.end)
    with walked(scope, around) as (engine, table):
        _take_out_cancelled(engine, table)
        row = engine.execute(
            f"SELECT count(*) FROM {table} WHERE kind = 'order' AND date >= ?", [period.start]
        ).fetchall()[0]
        purchases, crossed = _crossed(engine, table, SURE, period)
        _known, probably = _crossed(engine, table, PROBABLE, period)
    return Crossing(row[0], purchases, crossed, max(crossed, probably))


def _take_out_cancelled(engine: Engine, table: str) -> None:
    files = catalogue.snapshot(connection.connection).files(ORDERS.name)
    orders = reading([home.lake().absolute(file.path) for file in files], ORDERS.schema)
    engine.execute(
        f"DELETE FROM {table} o WHERE o.kind = 'order' AND {came_to_nothing(orders, 'o')}"
    )


def _crossed(engine: Engine, table: str, who: str, period: Period) -> tuple[int, int]:
    rows = engine.execute(
        "SELECT count(*), count(*) FILTER (WHERE d.crossed) "
        f"FROM ({_devices(table, who)}) d JOIN {table} o ON o.event_id = d.event_id "
        "WHERE o.date >= ?",
        [period.start],
    ).fetchall()
    return rows[0][0], rows[0][1]
