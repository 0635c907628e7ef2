"""What a question costs above the bare engine, and what rollups spare it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from itertools import cycle
from multiprocessing import get_context
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from bench.home import environment, home
from bench.measure import Cost, in_turn, inside
from bench.network import ADS, ADS_OF_CAMPAIGN, LAST_DAY, Network
from bench.page import Line

if TYPE_CHECKING:
    from regie.domain.metrics.query import Query
    from regie.kernel.scope import Scope
    from regie.warehouse.views import Session

METRICS = ("spend", "impressions", "clicks", "ctr", "cpc")
MOST_MS, ROLLUP_SHARE, QUESTIONS = 10, 20, 21
TILE_MS, MID_MONTH, TURNS = 50, 12, 15
CAMPAIGNS = ADS // ADS_OF_CAMPAIGN


@dataclass(frozen=True)
class Tile:
    name: str
    by: tuple[str, ...]
    days: int
    order_by: str = ""
    limit: int = 0


TILES = (
    Tile("headline figures, all days", (), 0),
    Tile("curve by day, all days", ("date",), 0),
    Tile("by account, all days", ("account",), 0),
    Tile("by platform and month, all days", ("platform", "month"), 0),
    Tile("by campaign, all days", ("campaign",), 0),
    Tile("by campaign, a year", ("campaign",), 365),
)
# Of a month the facts are few: whole answers are laid beside them, as few days are added up from
# what is kept of their months. Both sides have exact amounts in columns; ours are named, in order
# and with ratios, totals and freshness besides.
SHORT = (
    Tile("headline figures, 30 days", (), 30),
    Tile("curve by day, 30 days", ("date",), 30),
    Tile("the 50 largest campaigns, 30 days", ("campaign",), 30, "-spend", 50),
    Tile("by campaign, 30 days", ("campaign",), 30),
)

ASKED = (
    Tile("by platform and day (28 rows)", ("platform", "date"), 28),
    Tile("by account (50 rows)", ("account",), 28),
    Tile("by campaign (2,000 rows)", ("campaign",), 28),
)


def run(rows: int) -> list[Line]:
    """In a process of its own, for each can serve one home only."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        return apart.submit(measure, rows).result()


def measure(rows: int) -> list[Line]:
    network = Network(rows)
    with home() as folder:
        os.environ.clear()
        os.environ.update(environment(folder))
        from regie.config.boot import start

        start()
        from bench import store

        store.fill(network)
        return [*_overhead(network), *_rollups(network), *_short(network), *_latencies(network)]


def _query(tile: Tile, shift: int = 0, first: date | None = None) -> Query:
    """``first`` is the first day of tiles about all days, which else have no period."""
    from regie.domain.metrics.planning import parse
    from regie.kernel.periods import Period

    last = LAST_DAY - timedelta(days=shift)
    first = last - timedelta(days=tile.days - 1) if tile.days else first
    period = Period(first, last) if first else None
    return parse(
        metrics=METRICS, by=tile.by, period=period, order_by=tile.order_by, limit=tile.limit
    )


def _scope() -> Scope:
    from regie.apps.access.selectors import scope_of
    from regie.apps.organisations.selectors import visible_organisations

    return scope_of(visible_organisations())


def _overhead(network: Network) -> list[Line]:
    """Whole answers with other days each time, against their own statements alone."""
    from regie.apps.access.context import operating
    from regie.apps.dashboards.selectors import answer

    lines = []
    shifts = cycle(range(1, 90))
    with operating():
        scope = _scope()
        for tile in ASKED:
            answer(_query(tile), scope)

            def whole(tile: Tile = tile) -> object:
                return answer(_query(tile, next(shifts)), scope)

            def alone(tile: Tile = tile) -> Cost:
                return _alone(_statements(_query(tile, next(shifts)), scope, raw=False))

            ours, bare = in_turn(QUESTIONS, partial(inside, whole), alone)
            above = (ours.cpu_s - bare.cpu_s) * 1000
            lines.append(
                Line(
                    f"an answer {tile.name}, other days each time, in a warm process, above the "
                    f"engine running the same statement on the same files "
                    f"({network.rows / 1e6:g} M rows)",
                    f"{above:.1f} ms ({ours.cpu_s * 1000:.1f} − {bare.cpu_s * 1000:.1f})",
                    f"at most {MOST_MS} ms",
                    above <= MOST_MS,
                )
            )
    return lines


Statements = tuple["Session", Sequence[tuple[str, Sequence[Any]]]]


def _statements(query: Query, scope: Scope, *, raw: bool) -> Statements:
    """The statements of ``query``, over rollups as planned or over the facts themselves."""
    from django.db import connection

    from regie.apps.assets import selectors as assets
    from regie.apps.connections import services
    from regie.domain.metrics import planning
    from regie.warehouse import catalogue
    from regie.warehouse.compiling import statement
    from regie.warehouse.fitting import fitted
    from regie.warehouse.views import READER, AssetRow

    cards = assets.cards(scope.assets)
    session = READER.open(
        services.lake(), catalogue.snapshot(connection.connection), scope,
        lambda: [AssetRow(c.key, c.organisation_slug, c.platform, c.location) for c in cards],
    )  # fmt: skip
    plan = fitted(session, planning.plan(query))
    parts = [replace(one, table=one.fact, by_month="") if raw else one for one in plan.facts]
    made = [statement(plan, part, session) for part in parts]
    return session, [(one.sql, one.parameters) for one in made]


def _alone(prepared: Statements) -> Cost:
    session, statements = prepared
    return inside(lambda: [session.find(sql, parameters) for sql, parameters in statements])


def _bare(prepared: Statements) -> Cost:
    """As the engine would by itself, whose threads are as many as cores; ours has half of them."""
    engine = prepared[0]._engine
    ours = engine.execute("SELECT current_setting('threads')").fetchone()
    engine.execute("RESET threads")
    try:
        return _alone(prepared)
    finally:
        engine.execute(f"SET threads = {int(ours[0] if ours else 1)}")


def _rollups(network: Network) -> list[Line]:
    from regie.apps.access.context import operating

    lines = []
    with operating():
        scope = _scope()
        for tile in TILES:
            # Periods begin and end in the middle of a month, as most do.
            small = _statements(_query(tile, MID_MONTH), scope, raw=False)
            large = _statements(_query(tile, MID_MONTH), scope, raw=True)
            same = _rows(small) == _rows(large)
            rolled, facts = in_turn(5, partial(_alone, small), partial(_bare, large))
            times = facts.cpu_s / rolled.cpu_s
            lines.append(
                Line(
                    f"tile “{tile.name}”: the facts / the rollup ({network.rows / 1e6:g} M rows)",
                    f"{times:.0f} × ({facts.cpu_s * 1000:.0f} ms / {rolled.cpu_s * 1000:.1f} ms); "
                    f"figures {'equal to the cent' if same else 'DIFFER'}",
                    f"at least {ROLLUP_SHARE} ×",
                    same and times >= ROLLUP_SHARE,
                )
            )
    return lines


def _short(network: Network) -> list[Line]:
    """Whole answers about other days each time, beside the facts of as many days."""
    from regie.apps.access.context import operating
    from regie.apps.dashboards.selectors import answer

    lines = []
    shifts = cycle(range(1, 90))
    with operating():
        scope = _scope()
        for tile in SHORT:
            facts = _statements(_query(tile, MID_MONTH), scope, raw=True)
            totals = answer(_query(tile, MID_MONTH), scope).totals
            same = [str(totals["spend"]["EUR"]), str(totals["clicks"])] in (
                [cells[-5], cells[-3]] for cells in _rows(facts)
            )

            def whole(tile: Tile = tile) -> Cost:
                return inside(partial(answer, _query(tile, next(shifts)), scope))

            def read(tile: Tile = tile) -> Cost:
                return inside(lambda: list(answer(_query(tile, next(shifts)), scope).rows))

            ours, ours_read, bare = in_turn(QUESTIONS, whole, read, partial(_bare, facts))
            times = bare.cpu_s / ours.cpu_s
            lines.append(
                Line(
                    f"tile “{tile.name}”: the facts / a whole answer about other days each time "
                    f"({network.rows / 1e6:g} M rows)",
                    f"{times:.0f} × ({bare.cpu_s * 1000:.0f} ms / {ours.cpu_s * 1000:.1f} ms); "
                    f"figures {'equal to the cent' if same else 'DIFFER'}",
                    f"at least {ROLLUP_SHARE} ×",
                    same and times >= ROLLUP_SHARE,
                )
            )
            if tile.by == ("campaign",) and not tile.limit:
                lines.append(
                    Line(
                        f"the same, each of its {CAMPAIGNS:,} rows made and read besides",
                        f"{bare.cpu_s / ours_read.cpu_s:.0f} × ({bare.cpu_s * 1000:.0f} ms / "
                        f"{ours_read.cpu_s * 1000:.1f} ms)",
                    )
                )
    return lines


def _latencies(network: Network) -> list[Line]:
    """Whole answers, each tile in turn over other days each time: the slowest of twenty counts."""
    from regie.apps.access.context import operating
    from regie.apps.dashboards.selectors import answer

    with operating():
        scope = _scope()
        tiles = (*TILES, *SHORT)
        for tile in tiles:
            answer(_query(tile, 0, network.first_day), scope)
        costs = [
            inside(partial(answer, _query(tile, shift, network.first_day), scope))
            for shift in range(1, 1 + TURNS)
            for tile in tiles
        ]
    cpu, wall = (
        quantiles([getattr(one, kind) * 1000 for one in costs], n=20)[-1]
        for kind in ("cpu_s", "wall_s")
    )
    return [
        Line(
            "a tile, whole answer, other days each time: 95 of 100 are as quick "
            f"({network.rows / 1e6:g} M rows)",
            f"{wall:.0f} ms by the clock ({cpu:.0f} ms of processor)",
            f"at most {TILE_MS} ms",
            wall <= TILE_MS,
        )
    ]


def _rows(prepared: Statements) -> list[list[str]]:
    session, statements = prepared
    return sorted(
        [str(cell) for cell in row]
        for sql, parameters in statements
        for row in session.find(sql, parameters)
    )
