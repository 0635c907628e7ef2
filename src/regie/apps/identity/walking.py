"""Events with the person of each, for whatever is asked across devices: purchases, audiences.

Only events that were consented to, and only those of the scope; a visitor of one day is a person
of one day.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from django.db import connection

from regie.apps.identity.people import cut_keys, people_keys
from regie.domain.audiences.touches import LEAST
from regie.domain.facts import EVENTS
from regie.kernel.periods import Period, months
from regie.kernel.scope import Scope
from regie.warehouse import catalogue, home
from regie.warehouse.engine import Engine, scratch
from regie.warehouse.lake import reading

LOOKBACK: Final = timedelta(days=30)


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
        # What names a person is his, on whatever device; unless somebody cut just that link.
        own = (
            "SELECT * REPLACE (CASE WHEN visitor || ' ' || person IN (SELECT pair FROM cut) "
            f"THEN NULL ELSE person END AS person) FROM {relation}"
        )
        engine.execute(
            "CREATE TEMP TABLE walked AS SELECT e.*, "
            "coalesce(p.person, e.person, v.person, e.visitor) AS who, "
            "coalesce(p.probable_person, e.person, v.probable_person, e.visitor) AS who_probably "
            f"FROM ({own}) e "
            "LEFT JOIN keys p ON p.organisation_id = e.organisation_id AND p.key = e.person "
            "LEFT JOIN keys v ON v.organisation_id = e.organisation_id AND v.key = e.visitor "
            "WHERE list_contains(?, e.organisation_id) AND list_contains(?, e.asset_key) "
            "AND e.date BETWEEN ? AND ? AND e.aside IS NULL AND e.mode = 'consented'",
            [sorted(scope.organisations), sorted(scope.assets), period.start, period.end],
        )
        yield engine, "walked"


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
    """Purchases of ``period`` that began on one device and ended on another, within 30 days."""
    around = Period(period.start - LOOKBACK, period.end)
    with walked(scope, around) as (engine, table):
        row = engine.execute(
            f"SELECT count(*) FROM {table} WHERE kind = 'order' AND date >= ?", [period.start]
        ).fetchall()[0]
        purchases, crossed = _crossed(engine, table, "who", period)
        _known, probably = _crossed(engine, table, "who_probably", period)
    return Crossing(row[0], purchases, crossed, max(crossed, probably))


def _crossed(engine: Engine, table: str, who: str, period: Period) -> tuple[int, int]:
    """The last device is the order's own where it says so, else that of the last visit."""
    rows = engine.execute(
        f"""
        WITH touched AS (
            SELECT o.event_id, any_value(o.visitor) AS own,
                   min_by(t.visitor, (t.happened_at, t.event_id)) AS first_device,
                   max_by(t.visitor, (t.happened_at, t.event_id)) AS last_device
            FROM {table} o JOIN {table} t ON t.organisation_id = o.organisation_id
                AND t.{who} = o.{who} AND t.visitor IS NOT NULL AND t.kind <> 'order'
                AND t.happened_at <= o.happened_at AND t.happened_at >= o.happened_at - ?
            WHERE o.kind = 'order' AND o.date >= ? GROUP BY o.event_id
        )
        SELECT count(*), count(*) FILTER (WHERE first_device <> coalesce(own, last_device))
        FROM touched
        """,
        [LOOKBACK, period.start],
    ).fetchall()
    return rows[0][0], rows[0][1]
