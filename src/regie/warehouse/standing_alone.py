"""Figures that stand for their own row: found at the asked grain, never added up.

A row of the asked level and days answers. A figure that a report gives for the whole asked period
answers for that period; where several rows would have to be added, the question is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from regie.domain.facts import LEVELS
from regie.domain.metrics import levels
from regie.domain.metrics.dimensions import DIMENSIONS
from regie.domain.metrics.planning import BENEFICIARY, FactPlan, Plan, deepest, refuse_adding
from regie.kernel.errors import Refused
from regie.kernel.i18n import Sentence
from regie.warehouse.compiling import columns_of, conditions
from regie.warehouse.views import Session

Key = tuple[Any, ...]


def sparing(session: Session, plan: Plan) -> tuple[dict[Key, dict[str, Any]], dict[str, Sentence]]:
    """``nonadditive_rows``, without the metrics of which some would have to be added: and why."""
    found: dict[Key, dict[str, Any]] = {}
    withheld = {}
    for one in plan.nonadditive:
        try:
            rows = nonadditive_rows(session, replace(plan, nonadditive=(one,)))
        except Refused as refusal:
            withheld[one.name] = refusal.sentence
            continue
        for key, values in rows.items():
            found.setdefault(key, {}).update(values)
    return found, withheld


def nonadditive_rows(session: Session, plan: Plan) -> dict[Key, dict[str, Any]]:
    """Figure by key and metric. Raises ``Refused`` where they would have to be added."""
    _refuse_beneficiaries(plan)
    found: dict[Key, dict[str, Any]] = {}
    too_many: set[tuple[Key, str]] = set()
    for table in ("nonadditive", "period_figures"):
        if not session.has(table) or not _knows(table, plan):
            continue
        for *cells, name, count, value in _rows(session, plan, table):
            key = tuple(cells)
            known = name in found.get(key, {}) or (key, name) in too_many
            if known and plan.query.period is None:
                continue
            if count == 1:
                found.setdefault(key, {})[name] = value
                too_many.discard((key, name))
            elif not known:
                too_many.add((key, name))
    if too_many:
        names = sorted({name for _key, name in too_many})
        raise refuse_adding(names, plan.query.by, _level(session, names))
    return found


def _refuse_beneficiaries(plan: Plan) -> None:
    """The rest of an account would have to be taken from it, which these figures forbid."""
    asked = (*plan.query.by, *(one.dimension for one in plan.query.where))
    if BENEFICIARY in asked:
        raise refuse_adding([one.name for one in plan.nonadditive], (), "")


def _level(session: Session, names: Sequence[str]) -> str:
    """The coarsest level of the reports that give these figures: there they can be asked."""
    marks = ", ".join("?" for _name in names)
    found = {
        level
        for table in ("nonadditive", "period_figures")
        if session.has(table)
        for (level,) in session.rows(
            f"SELECT DISTINCT level FROM {session.table(table)} WHERE metric IN ({marks})", names
        )
    }
    return next((level for level in LEVELS if level in found), "")


def _knows(table: str, plan: Plan) -> bool:
    """Whether its rows know all that is asked by and about."""
    asked = (*plan.query.by, *(one.dimension for one in plan.query.where))
    knows = all(table in DIMENSIONS[name].facts for name in asked)
    return knows and (table != "period_figures" or _whole(plan))


def _whole(plan: Plan) -> bool:
    """Whether the asked period can be one that a report speaks of as a whole."""
    asked = (*plan.query.by, *(one.dimension for one in plan.query.where))
    return not any(DIMENSIONS[name].time for name in asked)


def _rows(session: Session, plan: Plan, table: str) -> list[tuple[Any, ...]]:
    """Key, metric, how many rows would have to be added, and the value of one of them."""
    query = plan.query
    asked = (*query.by, *(one.dimension for one in query.where))
    needs, split = deepest(asked), "ad_network" in asked
    fact_plan = FactPlan("nonadditive", table, (), plan.keys, (), query.where)
    parameters: list[Any] = [one.name for one in plan.nonadditive]
    marks = ", ".join("?" for _name in parameters)
    where = [f"metric IN ({marks})", conditions(plan, fact_plan, parameters)]
    if table == "period_figures" and query.period is not None:
        parameters += [query.period.start, query.period.end]
        where.append("date = ? AND period_end = ?")
    keys = _named(columns_of(plan.keys, plan.query.calendar))
    place = "0" if "level" in asked else levels.rank(needs, split=split)
    cells = ", ".join(f"k{i}" for i in range(len(plan.keys)))
    return session.rows(
        f"WITH chosen AS (SELECT {keys}metric, value, asset_key, unit, date AS on_day, "
        f"{place} AS place "
        f"FROM {session.table(table)} WHERE {' AND '.join(where)}) "
        f"SELECT {cells + ', ' if cells else ''}metric, count(*), any_value(value) FROM "
        "(FROM chosen QUALIFY place = min(place) OVER "
        "(PARTITION BY metric, asset_key, unit, on_day)) GROUP BY ALL",
        parameters,
    )


def _named(columns: Sequence[str]) -> str:
    return "".join(f"{column} AS k{i}, " for i, column in enumerate(columns))
