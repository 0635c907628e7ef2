"""The rows that a figure is made of: those that were added up, and no other.

They are read from the fact itself with the conditions of the figure's own plan, so that their
sums are the figure's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from regie.domain.facts import PURCHASES
from regie.domain.metrics.definitions import Sum
from regie.domain.metrics.dimensions import EVENTS
from regie.domain.metrics.planning import MONEY_FACTS, FactPlan, Plan
from regie.warehouse.compiling import conditions, period_figures
from regie.warehouse.fitting import sources_of
from regie.warehouse.views import Session

# What says who or what a row is about, from the widest to the finest.
ENTITY_COLUMNS = ("campaign_id", "ad_group_id", "ad_id", "keyword_id")
TRAFFIC_COLUMNS = ("channel", "source", "campaign")
OWN_NUMBER = {"orders": "order_id", "leads": "lead_id", "calls": "call_id", "own_events": "event",
              "credits": "ref", "earned": "network"}  # fmt: skip


@dataclass(frozen=True)
class Beneath:
    """``rows`` of one page; ``count`` and ``totals`` are of all of them."""

    fact: str
    sums: tuple[Sum, ...]
    rows: list[dict[str, Any]]
    count: int
    totals: list[tuple[str, dict[str, Any]]]  # by currency


@dataclass(frozen=True)
class Origin:
    """What one account, through one import, gave to the figure."""

    asset_key: int
    import_id: int
    rows: int
    last_day: date


def beneath(session: Session, plan: Plan, fact: str, *, offset: int, limit: int) -> Beneath | None:
    """The rows of ``fact``, latest days first; None where the plan reads nothing of it."""
    found = [one for one in _selections(session, plan) if one.fact_plan.fact == fact]
    if not found:
        return None
    sums = found[0].fact_plan.sums
    values = [f"v{i}" for i in range(len(sums))]
    union = " UNION ALL BY NAME ".join(one.sql for one in found)
    parameters = [value for one in found for value in one.parameters]
    cursor = session.rows(
        f"SELECT * FROM ({union}) ORDER BY date DESC, asset_key, "
        f"{', '.join(f'{one} DESC NULLS LAST' for one in values)}, about, import_id "
        f"LIMIT {int(limit)} OFFSET {int(offset)}",
        parameters,
    )
    names = ["date", "until", "asset_key", "level", "about", *found[0].columns, "currency",
             "provisional", "import_id", *values]  # fmt: skip
    added = ", ".join(f"sum({one})" for one in values)
    totals = session.rows(
        f"SELECT currency, count(*), {added} FROM ({union}) GROUP BY currency ORDER BY currency",
        parameters,
    )
    return Beneath(
        fact,
        sums,
        [dict(zip(names, row, strict=True)) for row in cursor],
        sum(row[1] for row in totals),
        [(row[0], dict(zip([s.name for s in sums], row[2:], strict=True))) for row in totals],
    )


def origins(session: Session, plan: Plan) -> list[Origin]:
    """Which accounts and imports the figure rests on."""
    found = []
    for one in _selections(session, plan):
        rows = session.rows(
            f"SELECT asset_key, import_id, count(*), max(coalesce(until, date)) FROM ({one.sql}) "
            "GROUP BY asset_key, import_id ORDER BY asset_key, import_id",
            one.parameters,
        )
        found += [Origin(*row) for row in rows]
    return found


@dataclass(frozen=True)
class _Selection:
    fact_plan: FactPlan
    sql: str
    parameters: Sequence[Any]
    columns: tuple[str, ...]


def _selections(session: Session, plan: Plan) -> Iterator[_Selection]:
    for fact_plan in plan.facts:
        for part in sources_of(session, plan, fact_plan):
            yield _selection(session, plan, part)


def _selection(session: Session, plan: Plan, part: FactPlan) -> _Selection:
    parameters: list[Any] = []
    is_event = part.fact in EVENTS or part.fact == PURCHASES.name
    whole = part.table == "period_figures"
    if whole:
        source = period_figures(plan, part, session)
    else:
        # Not a rollup: the rows themselves.
        source = session.table(part.table if is_event else part.fact + part.whom, plan.query.period)
    where = conditions(plan, part, parameters)
    values = [_value(one, whole) for one in part.sums]
    columns = TRAFFIC_COLUMNS if is_event else ENTITY_COLUMNS
    shown = [_column(name, whole) for name in columns]
    counted = " OR ".join(f"{value} IS NOT NULL" for value in values)
    chosen = [
        "date",
        "period_end AS until" if whole else "CAST(NULL AS DATE) AS until",
        "asset_key",
        "CAST(NULL AS VARCHAR) AS level" if is_event and not whole else "level",
        f"{_about(part, whole)} AS about",
        *shown,
        "coalesce(currency, '') AS currency" if part.fact in MONEY_FACTS else "'' AS currency",
        "provisional",
        "import_id",
        *(f"{value} AS v{i}" for i, value in enumerate(values)),
    ]
    if part.whom:
        chosen.append("sign")
    sql = f"SELECT {', '.join(chosen)} FROM {source} WHERE {where} AND ({counted})"
    return _Selection(part, _left(sql, len(values)) if part.whom else sql, parameters, columns)


def _left(sql: str, count: int) -> str:
    """Without the rows that are there and taken off again: what works for others, on its level."""
    added = ", ".join(f"sum(v{i}) AS v{i}" for i in range(count))
    names = ", ".join(f"v{i}" for i in range(count))
    return (
        f"SELECT * EXCLUDE ({names}, sign), {added} FROM ({sql}) GROUP BY ALL HAVING sum(sign) <> 0"
    )


def _value(one: Sum, whole: bool) -> str:
    """What the row adds to the sum: nothing where the sum leaves it out."""
    column = one.name if whole else one.added
    return f"CASE WHEN {one.only} THEN {column} END" if one.only and not whole else column


def _column(name: str, whole: bool) -> str:
    return "CAST(NULL AS VARCHAR) AS campaign" if whole and name == "campaign" else name


def _about(part: FactPlan, whole: bool) -> str:
    """What tells events of one day apart."""
    if whole:
        return "CAST(NULL AS VARCHAR)"
    if part.fact == "visits":
        return "landing_page"
    return OWN_NUMBER.get(part.fact, "CAST(NULL AS VARCHAR)")
