"""Writes the statement of one fact's plan: filter, one level, group, sum, convert.

Values are bound parameters; names come from declarations only. Totals are computed in the same
pass from the same rows (grouping sets), never from the rows that are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from regie.domain.facts import EARNED, EARNED_KINDS
from regie.domain.metrics import levels
from regie.domain.metrics.definitions import Sum, Unit
from regie.domain.metrics.dimensions import DIMENSIONS
from regie.domain.metrics.planning import MONEY_FACTS, OWNER, FactPlan, Plan
from regie.domain.metrics.query import Filter
from regie.kernel.fiscal import Calendar
from regie.kernel.periods import Period
from regie.warehouse.calendars import in_one_step, step_start
from regie.warehouse.covering import LEVELLED
from regie.warehouse.reading_months import Tables, by_whole_months

NOT_GIVEN = ""
# A product of both keeps every decimal, 9 + 12, and 17 whole digits: beyond, it is refused.
_MONEY, _RATE = "DECIMAL(29,9)", "DECIMAL(18,12)"


@dataclass(frozen=True)
class Statement:
    """SQL and its parameters.

    Columns: is_total, dimensions …, currency, sums …, partial, unconverted.
    """

    sql: str
    parameters: tuple[Any, ...]
    dimensions: tuple[str, ...]
    sums: tuple[Sum, ...]


def statement(plan: Plan, fact_plan: FactPlan, tables: Tables, *, rates: str = "") -> Statement:
    """``rates`` is a relation (currency, day, until, rate) when money is to be converted."""
    parameters: list[Any] = []
    to = plan.query.currency if rates else ""
    by_month = by_whole_months(fact_plan, plan.query.period, tables, converted_to=to)
    source = by_month or _source(plan, fact_plan, tables)
    where = conditions(plan, fact_plan, parameters, dated=not by_month)
    dimensions = [
        f"{column} AS d{i}"
        for i, column in enumerate(columns_of(fact_plan.by, plan.query.calendar))
    ]
    names = [f"d{i}" for i in range(len(fact_plan.by))]
    currency = "coalesce(currency, '')" if fact_plan.fact in MONEY_FACTS else "''"
    whole_periods = fact_plan.table == "period_figures"
    sums = [
        f"{f'sum({one.name})' if whole_periods else sum_of(one)} AS m{i}"
        for i, one in enumerate(fact_plan.sums)
    ]
    inner_keys = [*dimensions, f"{currency} AS cur"]
    sums.append(f"{partial_of(fact_plan)} AS p")
    if rates:
        inner_keys.append("date AS on_day")
    inner = f"SELECT {', '.join([*inner_keys, *sums])} FROM {source} WHERE {where} GROUP BY ALL"
    outer_sums, unconverted = _outer(fact_plan.sums, converts=bool(rates))
    splits = plan.splits_currency and not rates
    kept = "cur" if splits else "''"
    grouped = ", ".join([*names, "cur"]) if splits else ", ".join(names)
    total = "(cur)" if splits else "()"
    sets = f"GROUPING SETS (({grouped}), {total})" if names else f"GROUPING SETS ({total})"
    is_total = f"grouping({names[0]})" if names else "1"
    joined = (
        f"({inner}) i LEFT JOIN {rates} r ON r.currency = i.cur AND i.on_day >= r.day "
        "AND i.on_day < r.until"
        if rates
        else f"({inner}) i"
    )
    sql = (
        f"SELECT {', '.join([f'{is_total} AS t', *names, f'{kept} AS cur', *outer_sums])}, "
        f"coalesce(bool_or(p), false) AS p, {unconverted} AS u FROM {joined} GROUP BY {sets}"
    )
    return Statement(sql, tuple(parameters), fact_plan.by, fact_plan.sums)


def _source(plan: Plan, fact_plan: FactPlan, tables: Tables) -> str:
    if fact_plan.table == "period_figures":
        return period_figures(plan, fact_plan, tables)
    return tables.table(fact_plan.table, plan.query.period)


def column_of(name: str, calendar: Calendar) -> str:
    dimension = DIMENSIONS[name]
    return step_start(name, calendar) if dimension.time else dimension.column


def columns_of(by: Sequence[str], calendar: Calendar) -> list[str]:
    """Expressions of the dimensions; the owner is that of the entities beside it."""
    entities = [DIMENSIONS[name].column for name in by if name != OWNER and DIMENSIONS[name].needs]
    owner = f"CASE WHEN coalesce({', '.join(entities)}) IS NOT NULL THEN owner_key END"
    return [owner if name == OWNER else column_of(name, calendar) for name in by]


def partial_of(fact_plan: FactPlan) -> str:
    """Whether keywords or search terms answer without having been asked for."""
    asked = fact_plan.needs == "keyword" or fact_plan.chooses_level
    if asked or fact_plan.fact not in {"performance", "conversions"}:
        return "false"
    if fact_plan.seen is not None and not levels.has_partial(fact_plan.seen):
        return "false"
    return f"bool_or({levels.is_partial()})"


def sum_of(one: Sum) -> str:
    only = f" FILTER (WHERE {one.only})" if one.only else ""
    return f"sum({one.added}){only}"


def _outer(sums: tuple[Sum, ...], *, converts: bool) -> tuple[list[str], str]:
    money = [i for i, one in enumerate(sums) if one.unit is Unit.MONEY]
    found = []
    for i in range(len(sums)):
        if converts and i in money:
            product = f"CAST(m{i} AS {_MONEY}) * CAST(r.rate AS {_RATE})"
            found.append(f"sum({product}) AS m{i}")
        else:
            found.append(f"sum(m{i}) AS m{i}")
    if not converts or not money:
        return found, "false"
    lost = " OR ".join(f"(m{i} IS NOT NULL AND m{i} <> 0)" for i in money)
    return found, f"coalesce(bool_or(r.rate IS NULL AND ({lost})), false)"


def conditions(
    plan: Plan, fact_plan: FactPlan, parameters: list[Any], *, dated: bool = True
) -> str:
    """Without ``dated`` the rows are those of the asked days already."""
    parts = []
    has_days = fact_plan.table != "period_figures"
    if plan.query.period is not None and has_days and dated:
        parameters += [plan.query.period.start, plan.query.period.end]
        parts.append("date BETWEEN ? AND ?")
    if fact_plan.fact in LEVELLED and has_days:
        parts.append(
            levels.shown(split=fact_plan.split, seen=fact_plan.seen)
            if fact_plan.chooses_level
            else levels.answers(fact_plan.needs, split=fact_plan.split, seen=fact_plan.seen)
        )
    for filter_ in fact_plan.where:
        parts.append(_filter(filter_, fact_plan.fact, parameters))
    return " AND ".join(parts) or "true"


def _filter(filter_: Filter, fact: str, parameters: list[Any]) -> str:
    dimension = DIMENSIONS[filter_.dimension]
    if fact not in dimension.facts:
        return "true" if dimension.chooses else "false"
    values = [value for value in filter_.values if value != NOT_GIVEN]
    # Credits are of the account that measured them, and of the one that ran their campaign.
    both = fact == "credits" and filter_.dimension == "account"
    columns = [dimension.column, "owner_key"] if both else [dimension.column]
    parts = []
    for column in columns if values else ():
        marks = ", ".join("?" for _value in values)
        parameters += values
        parts.append(f"CAST({column} AS VARCHAR) IN ({marks})")
    if filter_.owned:
        marks = ", ".join("?" for _one in filter_.owned)
        parameters += [f"{'' if key is None else key}~{value}" for key, value in filter_.owned]
        owned = f"coalesce(CAST(owner_key AS VARCHAR), '') || '~' || {dimension.column}"
        parts.append(f"{owned} IN ({marks})")
    if len(values) < len(filter_.values):
        parts.append(f"coalesce(CAST({dimension.column} AS VARCHAR), '') = ''")
    elif dimension.chooses:
        parts.append(f"{dimension.column} IS NULL")
    return f"({' OR '.join(parts)})"


def period_figures(plan: Plan, fact_plan: FactPlan, tables: Tables) -> str:
    """Figures of whole periods inside the asked one, each day counted once.

    Where periods overlap the longest answers, then the latest import; where the account has
    daily figures in a period, those answer and the period's does not.
    """
    metrics = ", ".join(f"'{figure_of(one)}'" for one in fact_plan.sums)
    period = plan.query.period or Period(date(1, 1, 1), date(9999, 12, 31))
    daily = {
        "performance": "performance_by_account", "conversions": "conversions_by_account",
        "visits": "visits", "earned": "earned",
    }[fact_plan.fact]  # fmt: skip
    figures = tables.table(f"period_figures{fact_plan.whom}")
    by_day = tables.table(f"{daily}{fact_plan.whom}", plan.query.period)
    longer = (
        "(o.period_end - o.date, -o.place, o.import_id) > "
        "(p.period_end - p.date, -p.place, p.import_id)"
    )
    place = levels.rank(fact_plan.needs, split=fact_plan.split)
    fits = in_steps(plan, fact_plan) if fact_plan.in_steps else "true"
    sums = ", ".join(
        f"CASE WHEN metric = '{figure_of(one)}'{_only_of_periods(one)} THEN value END AS {one.name}"
        for one in fact_plan.sums
    )
    # What is known day by day of one kind of earned media says nothing of another.
    alike = f" AND d.kind = {_kind_of_figure('p')}" if fact_plan.fact == EARNED.name else ""
    own = "CASE WHEN {0}.date = DATE '1970-01-01' THEN {0}.ad_id END"
    return (
        f"(WITH chosen AS (SELECT *, {place} AS place FROM {figures} "
        f"WHERE metric IN ({metrics}) "
        f"AND date >= DATE '{period.start}' AND period_end <= DATE '{period.end}' AND {fits}), "
        "heads AS (SELECT DISTINCT asset_key, unit, metric, place, date, period_end, import_id, "
        "CASE WHEN date = DATE '1970-01-01' THEN ad_id END AS ad_id FROM chosen) "
        f"SELECT p.*, {sums} FROM chosen p WHERE NOT EXISTS (SELECT 1 "
        "FROM heads o WHERE o.asset_key = p.asset_key AND o.unit = p.unit AND o.metric = p.metric "
        f"AND {own.format('o')} IS NOT DISTINCT FROM {own.format('p')} "
        f"AND o.date <= p.period_end AND p.date <= o.period_end AND {longer}) "
        f"AND NOT EXISTS (SELECT 1 FROM {by_day} d WHERE d.asset_key = p.asset_key "
        f"AND d.unit = p.unit AND d.date BETWEEN p.date AND p.period_end{alike}))"
    )


def in_steps(plan: Plan, fact_plan: FactPlan) -> str:
    """Whether a whole period lies in one step of the time that is asked by."""
    steps = [name for name in fact_plan.by if name != OWNER and DIMENSIONS[name].time]
    return " AND ".join(in_one_step(name, plan.query.calendar) for name in steps)


def _only_of_periods(one: Sum) -> str:
    is_known = one.only_by and "period_figures" in DIMENSIONS[one.only_by].facts
    return f" AND ({one.only})" if is_known else ""


def figure_of(one: Sum) -> str:
    """What the figure of a whole period is called that adds to ``one``."""
    by_name = one.name == "total_revenue" or one.fact == EARNED.name
    return one.name if by_name else one.column


def _kind_of_figure(alias: str) -> str:
    cases = " ".join(f"WHEN '{name}' THEN '{kind}'" for name, kind in EARNED_KINDS.items())
    return f"CASE {alias}.metric {cases} END"
