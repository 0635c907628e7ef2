"""Rebuilds the rollups of the months that a publication touches, to be published with it.

The facts of a month are read once, to the finest keys; each coarser rollup adds that up, and those
by month the one by day with their keys. They keep what they know of the other months of the year.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from regie.kernel.periods import year_start
from regie.warehouse import catalogue
from regie.warehouse.catalogue import Conn, Snapshot, StoredFile
from regie.warehouse.engine import Engine
from regie.warehouse.lake import Lake, reading
from regie.warehouse.rollups import ROLLUPS, Rollup

_FINEST = "finest"  # the rollup by day and campaign of the month at hand


def refresh(
    connection: Conn,
    lake: Lake,
    engine: Engine,
    current: Snapshot,
    content: Mapping[str, list[StoredFile]],
    touched: Mapping[str, set[date]],
) -> dict[str, list[StoredFile]]:
    """The rollups as they must be once ``content`` is published."""
    work = _Refreshing(connection, lake, engine, current)
    refreshed: dict[str, list[StoredFile]] = {}
    for fact, months in touched.items():
        if any(rollup.fact.name == fact for rollup in ROLLUPS.values()):
            refreshed |= work.of_fact(fact, content[fact], months)
    return refreshed


class _Refreshing:
    def __init__(self, connection: Conn, lake: Lake, engine: Engine, current: Snapshot) -> None:
        self._connection, self._lake, self._engine = connection, lake, engine
        self._current = current

    def of_fact(
        self, fact: str, facts: Sequence[StoredFile], months: Collection[date]
    ) -> dict[str, list[StoredFile]]:
        sized = [rollup for rollup in ROLLUPS.values() if rollup.fact.name == fact]
        by_day = [rollup for rollup in sized if not rollup.by_month]
        by_month = [rollup for rollup in sized if rollup.by_month]
        finest = max(by_day, key=lambda rollup: len(rollup.keys))
        found = {
            rollup.name: [f for f in self._current.files(rollup.name) if f.month not in months]
            for rollup in by_day
        }
        others = found[finest.name]
        for rollup in by_month:
            columns = ", ".join(f"{name} {type_}" for name, type_ in rollup.schema.items())
            self._engine.execute(f"CREATE OR REPLACE TEMP TABLE {rollup.name} ({columns})")
            if not self._current.files(rollup.name):
                # What was published before this rollup was thought of is in none of its files.
                self._add(rollup, self._relation(finest, others))
        for month in sorted(months):
            paths = [self._lake.absolute(f.path) for f in facts if f.month == month]
            rows = finest.select(reading(paths, finest.fact.schema), finest.same(paths))
            self._engine.execute(f"CREATE OR REPLACE TEMP TABLE {_FINEST} AS {rows}")
            days = {}  # each rollup by day of the month at hand, by its keys
            for rollup in by_day:
                days[rollup.keys] = _FINEST if rollup is finest else f"days_{rollup.name}"
                if rollup is not finest:
                    rows = rollup.select_again(_FINEST)
                    self._engine.execute(
                        f"CREATE OR REPLACE TEMP TABLE {days[rollup.keys]} AS {rows}"
                    )
                found[rollup.name] += self._write(rollup, month, f"FROM {days[rollup.keys]}")
            for rollup in by_month:
                self._add(rollup, days[rollup.keys])
        return found | {rollup.name: self._by_year(rollup, months) for rollup in by_month}

    def _add(self, rollup: Rollup, finer: str) -> None:
        self._engine.execute(f"INSERT INTO {rollup.name} {rollup.select_again(finer)}")

    def _by_year(self, rollup: Rollup, months: Collection[date]) -> list[StoredFile]:
        """The files of ``rollup``: the refreshed months beside the others of their years."""
        known = self._current.files(rollup.name)
        new = self._engine.execute(f"SELECT DISTINCT date FROM {rollup.name}").fetchall()
        years = {year_start(month) for month in (*months, *(month for (month,) in new))}
        found = [file for file in known if file.month not in years]
        gone = ", ".join(f"DATE '{month}'" for month in months)
        for year in sorted(years):
            before = self._relation(rollup, [file for file in known if file.month == year])
            rows = (
                f"FROM {rollup.name} WHERE year(date) = {year.year} "
                f"UNION ALL FROM {before} WHERE date NOT IN ({gone})"
            )
            found += self._write(rollup, year, rows)
        return found

    def _write(self, rollup: Rollup, month: date, rows: str) -> list[StoredFile]:
        written = self._lake.write(self._engine, rollup.name, month, rows)
        return catalogue.register(self._connection, [written] if written else [])

    def _relation(self, rollup: Rollup, files: Sequence[StoredFile]) -> str:
        return reading([self._lake.absolute(file.path) for file in files], rollup.schema)
