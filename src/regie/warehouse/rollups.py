"""Sums kept beside the facts, so that a tile does not read a hundred million rows.

A rollup is rebuilt for the months that a publication touches and published with it, so it always
equals the raw sums. It also carries ``bits``: which levels an account has that day, so that only
one of them answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from regie.domain.facts import CONVERSIONS, LEVELS, PERFORMANCE, Fact
from regie.warehouse import catalogue
from regie.warehouse.catalogue import Conn, Snapshot, StoredFile
from regie.warehouse.lake import Lake, reading

LEVEL_BIT = {level: 2 * index for index, level in enumerate(LEVELS)}


@dataclass(frozen=True)
class Rollup:
    """``fact`` summed to ``keys`` (beside organisation, asset and day)."""

    name: str
    fact: Fact
    keys: tuple[str, ...]

    @property
    def schema(self) -> dict[str, str]:
        types = self.fact.schema
        columns = {
            "organisation_id": "BIGINT",
            "asset_key": "BIGINT",
            "date": "DATE",
            **{key: types[key] for key in self.keys},
            "bits": "INTEGER",
            "provisional": "BOOLEAN",
            "source_rows": "BIGINT",
        }
        return columns | {m.name: _sum_type(m.type) for m in self.fact.measures}

    def select(self, relation: str) -> str:
        """The rollup of the facts in ``relation``."""
        grouped = (
            f"SELECT {self._keys}, bool_or(provisional) AS provisional, "
            f"CAST(count(*) AS BIGINT) AS source_rows, {self._sums} FROM {relation} "
            f"GROUP BY {self._keys}"
        )
        bits = (
            f"SELECT asset_key, date, CAST(bit_or({bit_of('level', 'ad_network')}) AS INTEGER) "
            "AS bits FROM grouped GROUP BY asset_key, date"
        )
        names = ", ".join(self.schema)
        return (
            f"WITH grouped AS MATERIALIZED ({grouped}) "
            f"SELECT {names} FROM grouped JOIN ({bits}) USING (asset_key, date)"
        )

    def select_again(self, finer: str) -> str:
        """The rollup of ``finer``, a rollup of the same fact with more keys."""
        names = ", ".join(self.schema)
        return (
            f"SELECT {names} FROM (SELECT {self._keys}, any_value(bits) AS bits, "
            "bool_or(provisional) AS provisional, CAST(sum(source_rows) AS BIGINT) AS source_rows, "
            f"{self._sums} FROM {finer} GROUP BY {self._keys})"
        )

    @property
    def _keys(self) -> str:
        return ", ".join(("organisation_id", "asset_key", "date", *self.keys))

    @property
    def _sums(self) -> str:
        return ", ".join(
            f"CAST(sum({m.name}) AS {_sum_type(m.type)}) AS {m.name}" for m in self.fact.measures
        )


def _sum_type(type_: str) -> str:
    """Sums keep every digit: a decimal of 38 digits, or a whole number of 64 bits."""
    return "DECIMAL(38,9)" if type_.startswith("DECIMAL") else "BIGINT"


def bit_of(level: str, ad_network: str) -> str:
    """The bit of a row: its level, and whether it is split by network."""
    cases = " ".join(f"WHEN '{name}' THEN {bit}" for name, bit in LEVEL_BIT.items())
    return f"(1 << ((CASE {level} {cases} ELSE 0 END) + ({ad_network} IS NOT NULL)::INTEGER))"


_CLAIM = ("conversion_name", "attribution", "category", "currency", "is_primary")
ROLLUPS: dict[str, Rollup] = {
    rollup.name: rollup
    for rollup in (
        Rollup(
            "performance_by_account", PERFORMANCE, ("level", "ad_network", "location", "currency")
        ),
        Rollup(
            "performance_by_campaign",
            PERFORMANCE,
            ("level", "ad_network", "location", "currency", "campaign_id"),
        ),
        Rollup("conversions_by_account", CONVERSIONS, ("level", "ad_network", "location", *_CLAIM)),
        Rollup(
            "conversions_by_campaign",
            CONVERSIONS,
            ("level", "ad_network", "location", *_CLAIM, "campaign_id"),
        ),
    )
}


def refresh(
    connection: Conn,
    lake: Lake,
    engine: duckdb.DuckDBPyConnection,
    current: Snapshot,
    content: Mapping[str, list[StoredFile]],
    touched: Mapping[str, set[date]],
) -> dict[str, list[StoredFile]]:
    """The rollups as they must be once ``content`` is published."""
    refreshed: dict[str, list[StoredFile]] = {}
    for fact, months in touched.items():
        sized = [rollup for rollup in ROLLUPS.values() if rollup.fact.name == fact]
        for rollup in sized:
            files = current.files(rollup.name)
            refreshed[rollup.name] = [file for file in files if file.month not in months]
        for month in sorted(months) if sized else ():
            facts = [file for file in content[fact] if file.month == month]
            relation = reading([lake.absolute(f.path) for f in facts], sized[0].fact.schema)
            # The facts are read once, to the finest keys; each coarser rollup adds that up.
            finest = max(sized, key=lambda rollup: len(rollup.keys))
            engine.execute(f"CREATE OR REPLACE TEMP TABLE finest AS {finest.select(relation)}")
            for rollup in sized:
                rows = "FROM finest" if rollup is finest else rollup.select_again("finest")
                written = lake.write(engine, rollup.name, month, rows)
                if written is not None:
                    refreshed[rollup.name] += catalogue.register(connection, [written])
    return refreshed
