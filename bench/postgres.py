"""The same facts in a plain PostgreSQL table: what loading, asking and keeping them would cost."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import psycopg

from bench.home import home
from bench.measure import Cost, in_turn
from bench.network import Network
from bench.page import Line

MOST_ROWS = 2_000_000
_COLUMNS = {
    "organisation_id": "bigint",
    "asset_key": "bigint",
    "date": "date",
    "level": "text",
    "campaign_id": "text",
    "ad_group_id": "text",
    "ad_id": "text",
    "currency": "text",
    "impressions": "bigint",
    "clicks": "bigint",
    "spend": "numeric(20,9)",
}
_SUMS = "sum(spend), sum(impressions), sum(clicks)"
_TILES = {
    "curve by day": f"SELECT date, {_SUMS} FROM {{facts}} GROUP BY date",
    "by account": f"SELECT asset_key, {_SUMS} FROM {{facts}} GROUP BY asset_key",
    "by campaign, 30 days": f"SELECT campaign_id, {_SUMS} FROM {{facts}} "
    "WHERE date >= DATE '2026-06-01' GROUP BY campaign_id",
}


def run(rows: int) -> list[Line]:
    """Wall time, for the server's processes are not ours to count; both sides use one core."""
    from regie.postgres import launcher
    from regie.postgres.creation import SUPERUSER

    network = Network(rows)
    with home() as folder:
        server = launcher.ensure(folder / "postgres")
        with (
            psycopg.connect(
                host=server.host,
                port=server.port,
                dbname="postgres",
                user=SUPERUSER,
                password=server.password(SUPERUSER),
                autocommit=True,
            ) as there,
            duckdb.connect(config={"threads": 1}) as engine,
        ):
            return _compare(network, there, engine, folder)


def _compare(
    network: Network,
    there: psycopg.Connection[Any],
    engine: duckdb.DuckDBPyConnection,
    folder: Path,
) -> list[Line]:
    there.execute("SET max_parallel_workers_per_gather = 0")
    text, parquet = folder / "facts.csv", folder / "facts.parquet"
    engine.execute(f"COPY (FROM ({_facts(network)})) TO '{text}'")
    files = _timed(lambda: _write(engine, network, parquet))
    table = _timed(lambda: _load(there, text))
    row = there.execute("SELECT pg_total_relation_size('facts')").fetchone()
    table_mb, files_mb = (row[0] if row else 0) / 2**20, parquet.stat().st_size / 2**20
    size = f"{network.rows / 1e6:g} M rows"
    lines = [
        Line(
            f"loading into a PostgreSQL table with two indexes / writing Parquet ({size}, wall)",
            f"{table / files:.1f} × ({table:.1f} s / {files:.1f} s)",
        ),
        Line(
            f"on disk: that table / the file ({size})",
            f"{table_mb / files_mb:.0f} × ({table_mb:,.0f} MB / {files_mb:,.1f} MB)",
        ),
    ]
    for name, sql in _TILES.items():
        slow, fast = in_turn(
            3,
            partial(_answering, there, sql.format(facts="facts")),
            partial(_answering, engine, sql.format(facts=f"'{parquet}'")),
        )
        lines.append(
            Line(
                f"“{name}” from that table / from the file (no rollup, one core each, wall)",
                f"{slow.wall_s / fast.wall_s:.0f} × "
                f"({slow.wall_s * 1000:.0f} ms / {fast.wall_s * 1000:.0f} ms)",
            )
        )
    return lines


def _facts(network: Network) -> str:
    from bench.store import facts

    return f"SELECT {', '.join(_COLUMNS)} FROM ({facts(network, 1, 1)})"


def _write(engine: duckdb.DuckDBPyConnection, network: Network, path: Path) -> None:
    from regie.warehouse.parquet import write_parquet

    write_parquet(engine, _facts(network), path, compression="zstd")


def _load(there: psycopg.Connection[Any], text: Path) -> None:
    columns = ", ".join(f"{name} {type_}" for name, type_ in _COLUMNS.items())
    there.execute(f"CREATE TABLE facts ({columns})")
    with (
        text.open("rb") as lines,
        there.cursor() as cursor,
        cursor.copy("COPY facts FROM STDIN (FORMAT csv, HEADER)") as copy,
    ):
        while chunk := lines.read(1 << 20):
            copy.write(chunk)
    there.execute("CREATE INDEX ON facts (date, asset_key)")
    there.execute("CREATE INDEX ON facts (campaign_id, date)")
    there.execute("VACUUM ANALYZE facts")


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _answering(there: psycopg.Connection[Any] | duckdb.DuckDBPyConnection, sql: str) -> Cost:
    wall = _timed(lambda: there.execute(sql).fetchall())
    return Cost(wall, wall)
