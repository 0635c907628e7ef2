"""Makes derived rows what they should be: only stretches of days that differ are written again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from regie.domain.facts import TABLES
from regie.kernel.periods import Period
from regie.warehouse import catalogue
from regie.warehouse.catalogue import Conn, StoredFile
from regie.warehouse.engine import Engine
from regie.warehouse.lake import Lake, reading
from regie.warehouse.publish import Assembly
from regie.warehouse.windows import Window

# Rows of an account that is measured are not ours to change.
_OTHERS = "origin = 'collector'"


def settle_rows(
    connection: Conn, lake: Lake, engine: Engine, assembly: Assembly, table: str, select: str
) -> bool:
    """Let the rows of ``table`` that no collector told be those of ``select``.

    Returns whether any were others. Must run inside a transaction that has called
    ``lock_for_publishing``; publishing ``assembly`` is the caller's.
    """
    names = ", ".join(TABLES[table].schema)
    now = reading([lake.absolute(one.path) for one in assembly.files(table)], TABLES[table].schema)
    engine.execute(f"CREATE OR REPLACE TEMP TABLE wanted AS SELECT {names} FROM ({select})")
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE standing AS SELECT {names} FROM {now} WHERE NOT ({_OTHERS})"
    )
    windows = [Window(table, asset, Period(first, last)) for asset, first, last in _changed(engine)]
    if windows:
        assembly.replace(windows, _write(connection, lake, engine, windows, now))
    return bool(windows)


def _changed(engine: Engine) -> list[tuple[int, date, date]]:
    """The first and the last day that differ, for each account and month."""
    return engine.execute(
        "SELECT asset_key, min(date), max(date) FROM ("
        "(SELECT * FROM wanted EXCEPT ALL SELECT * FROM standing) UNION ALL "
        "(SELECT * FROM standing EXCEPT ALL SELECT * FROM wanted)) "
        "GROUP BY asset_key, date_trunc('month', date) ORDER BY 1, 2"
    ).fetchall()


def _write(
    connection: Conn, lake: Lake, engine: Engine, windows: Sequence[Window], now: str
) -> list[StoredFile]:
    table, files = windows[0].table, []
    for month in sorted({one.period.start.replace(day=1) for one in windows}):
        here = [one for one in windows if one.period.start.replace(day=1) == month]
        inside = " OR ".join(one.condition("f") for one in here)
        names = ", ".join(TABLES[table].schema)
        rows = (
            f"SELECT {names} FROM wanted f WHERE {inside} UNION ALL "
            f"SELECT {names} FROM {now} f WHERE {_OTHERS} AND ({inside})"
        )
        written = lake.write(engine, table, month, rows)
        files += catalogue.register(connection, [written] if written else [])
    return files
