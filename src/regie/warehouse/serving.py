"""Rows of the parts of accounts that work for somebody: statements that the reading views run.

Each part, a campaign or an ad group, counts like an account of its own: its ``unit`` tells which
levels it has each day, so that exactly one of them answers. Levels above it are never read: they
hold what works for others. Of visits, orders, leads and calls the parts are whole rows.

``parts`` are the qualified name of a table that ``laid`` makes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

from regie.domain.facts import FACTS
from regie.domain.metrics.dimensions import REPORTED
from regie.kernel.scope import Part
from regie.warehouse.covering import LEVELLED, covered_in_parts
from regie.warehouse.rollups import ROLLUPS

TRAFFIC, TRAFFIC_FACTS = "traffic", ("visits", "orders", "leads", "calls")
# Whose an order, lead or call was stays with the account that took it.
PERSONAL = ("order_id", "refund_of", "lead_id", "call_id", "customer", "promo_code")
ENTITY_COLUMNS = ("campaign_id", "ad_group_id", "ad_id", "keyword_id")
_TYPES = {
    "asset_key": "BIGINT", "platform": "VARCHAR", "level": "VARCHAR", "entity": "VARCHAR",
    "starts": "DATE", "ends": "DATE", "organisation": "VARCHAR", "place": "VARCHAR",
    "media": "VARCHAR", "source": "VARCHAR", "at_location": "VARCHAR", "beneficiary": "VARCHAR",
}  # fmt: skip


@dataclass(frozen=True)
class Portion:
    """``parts`` and the ``table`` that holds them: of others' accounts, or of accounts of one's
    own that are divided."""

    table: str
    parts: Collection[Part]
    is_own: bool = False


def digest_of(parts: Collection[Part], own: Mapping[int, str]) -> str:
    """The same for the same rules."""
    said = "\n".join([*sorted(map(repr, parts)), *sorted(map(repr, own.items()))])
    return blake2b(said.encode(), digest_size=6).hexdigest()


def laid(parts: str) -> str:
    """Makes the table of parts from one list for each column."""
    columns = ", ".join(f"unnest(?::{type_}[]) AS {name}" for name, type_ in _TYPES.items())
    return (
        f"CREATE OR REPLACE TABLE {parts} AS SELECT *, level || ':' || entity AS unit "
        f"FROM (SELECT {columns})"
    )


def columns_of(
    parts: Collection[Part], platforms: dict[int, str], paid: Collection[str]
) -> list[list[Any]]:
    """For ``laid``: the parts whose platform is known."""
    rows = [
        (one.asset, platforms[one.asset], one.level, one.entity, one.starts or date(1, 1, 1),
         one.ends or date(9999, 12, 31), one.organisation, one.place or None,
         "paid" if platforms[one.asset] in paid else "owned", one.source, one.location,
         one.beneficiary)
        for one in parts if one.asset in platforms
    ]  # fmt: skip
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _name in _TYPES]


def fact_of(table: str) -> str:
    return ROLLUPS[table].fact.name if table in ROLLUPS else table


def may_serve(table: str) -> bool:
    """Whether rows of ``table`` can be told campaign by campaign."""
    return table in ROLLUPS or (table in REPORTED and table in FACTS)


def serves(table: str, parts: Collection[Part]) -> bool:
    """Whether any of ``parts`` can have rows of ``table``."""
    if table in TRAFFIC_FACTS:
        return any(one.level == TRAFFIC for one in parts)
    return may_serve(table) and any(one.level != TRAFFIC for one in parts)


def source_of(table: str, parts: Collection[Part]) -> str:
    """The table whose rows know the level of every part: a rollup of campaigns knows no others."""
    if table not in ROLLUPS:
        return table
    fact = fact_of(table)
    has_groups = any(part.level == "ad_group" for part in parts)
    return fact if has_groups else f"{fact}_by_campaign"


def known(relation: str, ids: dict[str, str], joins: str, parts: str) -> str:
    """The rows of accounts with parts, with ids in place of names where both are known."""
    replaced = ", ".join(f"{expression} AS {column}" for column, expression in ids.items())
    columns = f"f.* REPLACE ({replaced})" if replaced else "f.*"
    return (
        f"(SELECT {columns} FROM {relation} f{joins} "
        f"WHERE f.asset_key IN (SELECT asset_key FROM {parts}))"
    )


def rows(relation: str, table: str, parts: str) -> str:
    """The rows of ``relation`` that belong to a part on their day, with whom it works for."""
    until = "f.period_end" if table == "period_figures" else "f.date"
    given = (
        "SELECT f.*, p.unit, p.organisation AS works_for, p.place AS works_in, p.platform, "
        "p.media AS part_media, p.beneficiary "
        f"FROM {relation} f JOIN {parts} p ON p.asset_key = f.asset_key "
        f"AND f.date >= p.starts AND {until} <= p.ends AND p.level = "
    )
    if table in TRAFFIC_FACTS:
        return (
            f"({given}'{TRAFFIC}' AND p.entity = coalesce(f.campaign, '') "
            "AND coalesce(p.source = coalesce(f.source, ''), true) "
            "AND coalesce(p.at_location = coalesce(f.location, ''), true))"
        )
    if table in ROLLUPS:
        return f"({given}'campaign' AND p.entity = f.campaign_id)"
    alone = (
        f" WHERE NOT EXISTS (SELECT 1 FROM {parts} g WHERE g.level = 'ad_group' "
        "AND g.asset_key = f.asset_key AND g.entity = f.ad_group_id)"
    )
    return (
        f"({given}'campaign' AND p.entity = f.campaign_id{alone} "
        f"UNION ALL {given}'ad_group' AND p.entity = f.ad_group_id)"
    )


def shaped(
    rows_: str, table: str, columns: Sequence[str], bits_: str, *, media: str, hides: bool
) -> str:
    """``rows_`` with the ``columns`` of ``table`` and what every view adds to them.

    With ``hides`` nothing in them names whom an order, lead or call was of.
    """
    hidden = PERSONAL if hides else ()
    own = [
        f"CAST(NULL AS VARCHAR) AS {name}" if name in hidden else _column(name, table)
        for name in columns
        if name not in {"location", "bits"}
    ]
    has_bits = fact_of(table) in LEVELLED
    join = covered_in_parts(fact_of(table), bits_) if has_bits else ""
    place = (
        "coalesce(nullif(f.location, ''), f.works_in)" if "location" in columns else "f.works_in"
    )
    extra = ["b.bits"] if has_bits else []
    extra += [f"{place} AS location", "f.works_for AS organisation", "f.platform",
              "f.asset_key AS owner_key", f"{media} AS media", "f.unit",
              "f.beneficiary"]  # fmt: skip
    return f"SELECT {', '.join([*own, *extra])} FROM {rows_} f{join}"


def _column(name: str, table: str) -> str:
    rollup = ROLLUPS.get(table)
    if rollup is None:
        return f"f.{name}"
    if name == "source_rows":
        return "CAST(1 AS BIGINT) AS source_rows"
    if name == "date" and rollup.by_month:
        return "CAST(date_trunc('month', f.date) AS DATE) AS date"
    type_ = rollup.schema[name]
    return f"CAST(f.{name} AS {type_}) AS {name}"


def met(rows_by_table: dict[str, str]) -> str:
    """(asset_key, kind, entity_id, last): what the rows of the parts speak of, and until when."""
    told = " UNION ALL ".join(
        f"SELECT asset_key, {', '.join(ENTITY_COLUMNS)}, max(date) AS last FROM {rows_} "
        f"GROUP BY asset_key, {', '.join(ENTITY_COLUMNS)}"
        for rows_ in rows_by_table.values()
    )
    kinds = " UNION ALL ".join(
        f"SELECT asset_key, '{column.removesuffix('_id')}' AS kind, {column} AS entity_id, last "
        f"FROM told WHERE {column} IS NOT NULL"
        for column in ENTITY_COLUMNS
    )
    return (
        f"WITH told AS MATERIALIZED ({told}) SELECT asset_key, kind, entity_id, max(last) AS last "
        f"FROM ({kinds}) GROUP BY asset_key, kind, entity_id"
    )


def nothing_met() -> str:
    return (
        "SELECT CAST(NULL AS BIGINT) AS asset_key, '' AS kind, '' AS entity_id, "
        "CAST(NULL AS DATE) AS last WHERE false"
    )


def names(relation: str, met_: str, parts: str, columns: Sequence[str]) -> str:
    """One name for each: the latest of its days here, so that later ones stay with others."""
    own = ", ".join(f"f.{name}" for name in columns)
    return (
        f"SELECT {own}, p.place AS location, p.organisation, p.platform, "
        "f.asset_key AS owner_key, p.media "
        f"FROM {relation} f JOIN {met_} m ON m.asset_key = f.asset_key AND m.kind = f.kind "
        "AND m.entity_id = f.entity_id "
        "JOIN (SELECT asset_key, any_value(place) AS place, any_value(organisation) AS "
        f"organisation, any_value(platform) AS platform, any_value(media) AS media "
        f"FROM {parts} WHERE level <> '{TRAFFIC}' GROUP BY asset_key) p "
        "ON p.asset_key = f.asset_key "
        "WHERE f.name IS NOT NULL "
        "QUALIFY row_number() OVER (PARTITION BY f.asset_key, f.kind, f.entity_id ORDER BY "
        "(f.date <= m.last) DESC, CASE WHEN f.date <= m.last THEN f.date END DESC, f.date, "
        "f.import_id DESC) = 1"
    )
