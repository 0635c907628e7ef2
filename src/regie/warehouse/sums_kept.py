"""Whether the sums kept beside the facts are those of the facts, and how they are made anew.

What is compared is bounded: the latest months of each fact, by every key of each rollup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from regie.domain.facts import Fact
from regie.kernel.periods import year_start
from regie.warehouse import catalogue
from regie.warehouse.catalogue import Conn, Snapshot
from regie.warehouse.engine import Engine, failure
from regie.warehouse.lake import Lake, reading
from regie.warehouse.refreshing import refresh
from regie.warehouse.rollups import ROLLUPS, Rollup

LATEST = 2  # months of each fact: the one at hand, and the one it is compared with
_ROWS = "fact_rows"  # the facts of the month at hand, summed by the finest keys


def differing(
    snapshot: Snapshot, lake: Lake, engine: Engine, *, latest: int = LATEST
) -> list[tuple[str, date]]:
    """``(rollup, month)`` where sums are not those of the facts, or cannot be read."""
    facts = {rollup.fact.name: rollup.fact for rollup in ROLLUPS.values()}
    found = []
    for name, fact in facts.items():
        months = sorted({file.month for file in snapshot.files(name)}, reverse=True)[:latest]
        for month in months:
            found += list(_differing(snapshot, lake, engine, fact, month))
    return found


def sum_again(connection: Conn, lake: Lake, engine: Engine) -> int:
    """Every rollup made anew from the facts, and published. Returns the version.

    Must run inside a transaction that has called ``lock_for_publishing``. Facts do not change.
    """
    now = catalogue.snapshot(connection)
    tables = {name: files for name, files in now.tables.items() if name not in ROLLUPS}
    names = {rollup.fact.name for rollup in ROLLUPS.values()}
    content = {name: now.files(name) for name in names}
    months = {name: {file.month for file in files} for name, files in content.items()}
    refreshed = refresh(
        connection, lake, engine, replace(now, tables=tables), content, months
    )  # fmt: skip
    return catalogue.publish_version(connection, refreshed, reason="sums made anew")


def _differing(
    snapshot: Snapshot, lake: Lake, engine: Engine, fact: Fact, month: date
) -> Iterator[tuple[str, date]]:
    paths = [lake.absolute(file.path) for file in snapshot.files(fact.name, [month])]
    rollups = [rollup for rollup in ROLLUPS.values() if rollup.fact is fact]
    finest = max((r for r in rollups if not r.by_month), key=lambda rollup: len(rollup.keys))
    try:
        engine.execute(
            f"CREATE OR REPLACE TEMP TABLE {_ROWS} AS "
            + finest.select(reading(paths, fact.schema))
        )  # fmt: skip
    except failure():
        return  # of facts that cannot be read their digests tell
    for rollup in rollups:
        if not _agrees(snapshot, lake, engine, rollup, month):
            yield rollup.name, month


def _agrees(
    snapshot: Snapshot, lake: Lake, engine: Engine, rollup: Rollup, month: date
) -> bool:  # fmt: skip
    holding = year_start(month) if rollup.by_month else month
    paths = [lake.absolute(file.path) for file in snapshot.files(rollup.name, [holding])]
    kept = f"SELECT * FROM {reading(paths, rollup.schema)}"
    if rollup.by_month:
        kept += f" WHERE date = DATE '{month}'"
    wanted = rollup.select_again(_ROWS)
    try:
        ((count,),) = engine.execute(
            f"SELECT count(*) FROM (({wanted} EXCEPT ALL {kept}) "
            f"UNION ALL ({kept} EXCEPT ALL {wanted}))"
        ).fetchall()
    except failure():
        return False
    return not count
