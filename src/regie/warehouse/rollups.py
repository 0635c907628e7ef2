"""Sums kept beside the facts, so that a tile does not read a hundred million rows.

A rollup always equals the raw sums (see ``warehouse.refreshing``). It also carries ``bits``: which
levels an account has that day, so that only one of them answers. By month, days of other ``bits``
stay apart, so that the same level answers as would day by day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from regie.domain.facts import CONVERSIONS, COUNT, LEVELS, PERFORMANCE, Column, Fact
from regie.domain.metrics.planning import BY_MONTH
from regie.warehouse.parquet import same_throughout

LEVEL_BIT = {level: 2 * index for index, level in enumerate(LEVELS)}


@dataclass(frozen=True)
class Rollup:
    """``fact`` summed to ``keys`` (beside organisation, asset and day).

    With ``by_month`` it is summed to months, ``date`` being the first day of each, and a file
    holds those of a year.
    """

    name: str
    fact: Fact
    keys: tuple[str, ...]
    by_month: bool = False

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

    def select(self, relation: str, same: Mapping[str, Any] | None = None) -> str:
        """The rollup of the facts in ``relation``; ``same`` is what all of its rows say."""
        known = {name: _literal(value) for name, value in (same or {}).items()}
        own = ", ".join(key for key in self._all_keys if key not in known)
        keys = ", ".join(f"{known.get(key, key)} AS {key}" for key in self._all_keys)
        sums = ", ".join(_sum(m, known.get(m.name, f"sum({m.name})")) for m in self.fact.measures)
        grouped = (
            f"SELECT {keys}, bool_or(provisional) AS provisional, "
            f"CAST(count(*) AS BIGINT) AS source_rows, {sums} FROM {relation} GROUP BY {own}"
        )
        names = ", ".join(
            f"CAST({name} AS {type_}) AS {name}" for name, type_ in self.schema.items()
        )
        if {"level", "ad_network"} <= known.keys():  # of all rows: no account has other bits
            bits = bit_of(known["level"], known["ad_network"])
            return f"SELECT {names} FROM (SELECT *, {bits} AS bits FROM ({grouped}))"
        bits = (
            f"SELECT asset_key, date, CAST(bit_or({bit_of('level', 'ad_network')}) AS INTEGER) "
            "AS bits FROM grouped GROUP BY asset_key, date"
        )
        return (
            f"WITH grouped AS MATERIALIZED ({grouped}) "
            f"SELECT {names} FROM grouped JOIN ({bits}) USING (asset_key, date)"
        )

    def same(self, paths: Sequence[str]) -> dict[str, Any]:
        """The keys of which all rows of the files say the same, and the measures they lack."""
        always = {"asset_key", "date"}
        keys = [key for key in self._all_keys if key not in always]
        counts = [measure.name for measure in self.fact.measures if measure.type == COUNT]
        said = same_throughout(paths, [*keys, *counts])
        return {name: value for name, value in said.items() if name in keys or value is None}

    def select_again(self, finer: str) -> str:
        """The rollup of ``finer``, a rollup of the same fact with more keys or by day."""
        names = ", ".join(self.schema)
        sums = ", ".join(_sum(m, f"sum({m.name})") for m in self.fact.measures)
        day = "CAST(date_trunc('month', date) AS DATE)" if self.by_month else "date"
        keys = ", ".join(("organisation_id", "asset_key", f"{day} AS date", *self.keys, "bits"))
        return (
            f"SELECT {names} FROM (SELECT {keys}, "
            "bool_or(provisional) AS provisional, CAST(sum(source_rows) AS BIGINT) AS source_rows, "
            f"{sums} FROM {finer} GROUP BY ALL)"
        )

    @property
    def _all_keys(self) -> tuple[str, ...]:
        return ("organisation_id", "asset_key", "date", *self.keys)


def _sum(measure: Column, value: str) -> str:
    return f"CAST({value} AS {_sum_type(measure.type)}) AS {measure.name}"


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def _sum_type(type_: str) -> str:
    """Sums keep every digit: a decimal of 38 digits, or a whole number of 64 bits."""
    return "DECIMAL(38,9)" if type_.startswith("DECIMAL") else "BIGINT"


def bit_of(level: str, ad_network: str) -> str:
    """The bit of a row: its level, and whether it is split by network."""
    cases = " ".join(f"WHEN '{name}' THEN {bit}" for name, bit in LEVEL_BIT.items())
    return f"(1 << ((CASE {level} {cases} ELSE 0 END) + ({ad_network} IS NOT NULL)::INTEGER))"


_CLAIM = ("conversion_name", "attribution", "category", "currency", "is_primary")
_BY_DAY = (
    Rollup("performance_by_account", PERFORMANCE, ("level", "ad_network", "location", "currency")),
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
ROLLUPS: dict[str, Rollup] = {
    rollup.name: rollup
    for by_day in _BY_DAY
    for rollup in (by_day, replace(by_day, name=f"{by_day.name}{BY_MONTH}", by_month=True))
}


def is_by_month(table: str) -> bool:
    return table in ROLLUPS and ROLLUPS[table].by_month
