"""Fits a plan to one snapshot and scope: what these do not hold needs no statement to find out.

The answer is the same as without; all that is looked up here never changes for a snapshot.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Any

from regie.domain.metrics.dimensions import DIMENSIONS
from regie.domain.metrics.planning import Extent, FactPlan, Plan
from regie.kernel.periods import Period
from regie.warehouse.compiling import figure_of
from regie.warehouse.views import Session

PERIOD_FACTS = frozenset({"performance", "conversions", "visits", "earned"})


def fitted(session: Session, plan: Plan, *, whom: str = "") -> Plan:
    """The plan with what is known of its facts; ``whom`` is what ``Session.divide`` gave."""
    return replace(plan, facts=tuple(_fitted(session, one, whom) for one in plan.facts))


def _fitted(session: Session, fact_plan: FactPlan, whom: str) -> FactPlan:
    if fact_plan.whom:
        suffix = fact_plan.whom + whom
        table = fact_plan.table.replace(fact_plan.whom, suffix)
        return replace(fact_plan, table=table, whom=suffix)
    known = extent(session, fact_plan.fact)
    by_month = fact_plan.by_month if known and session.has(fact_plan.by_month) else ""
    return replace(fact_plan, extent=known, by_month=by_month)


def extent(session: Session, fact: str) -> Extent | None:
    """Of a fact with rollups; None where it has no row."""
    if fact not in {"performance", "conversions"} or not session.has(fact):
        return None
    return session.remember(("extent", fact), lambda: _extent(_accounts(session, fact)))


def _extent(accounts: list[tuple[Any, ...]]) -> Extent | None:
    if not accounts:
        return None
    _keys, firsts, lasts, bits, currencies = zip(*accounts, strict=True)
    days = Period(min(firsts), max(lasts))
    return Extent(days, frozenset(chain(*bits)), frozenset(chain(*currencies)))


def last_days(session: Session, fact: str) -> dict[int, date]:
    """The last day of which each account has a row."""
    if not session.has(fact):
        return {}
    if fact in {"performance", "conversions"}:
        return {key: last for key, _first, last, *_rest in _accounts(session, fact)}
    sql = f"SELECT asset_key, max(date) FROM {session.table(fact)} GROUP BY asset_key"
    return session.remember(sql, lambda: dict(session.rows(sql)))


def _accounts(session: Session, fact: str) -> list[tuple[Any, ...]]:
    """Key, first and last day, combinations of levels and currencies of each account."""
    sql = (
        "SELECT asset_key, min(date), max(date), list(DISTINCT bits), "
        f"list(DISTINCT coalesce(currency, '')) FROM {session.table(f'{fact}_by_account')} "
        "GROUP BY asset_key"
    )
    return session.remember(sql, lambda: session.rows(sql))


def sources_of(session: Session, plan: Plan, fact_plan: FactPlan) -> list[FactPlan]:
    """What is read for one fact: its days, and figures of whole periods where those may answer."""
    found = [fact_plan] if fact_plan.is_laid or session.has(fact_plan.fact) else []
    if fact_plan.fact in PERIOD_FACTS and _may_be_whole(plan):
        whole = replace(fact_plan, table="period_figures", by_month="", extent=None)
        if _has_whole_periods(session, plan.query.period, whole):
            # By day or month the total alone is sure to have it: ``in_steps_of`` gives the rows.
            in_time = any(DIMENSIONS[name].time for name in plan.query.by)
            found.append(replace(whole, by=()) if in_time else whole)
    return found


def in_steps_of(part: FactPlan, asked: FactPlan) -> FactPlan | None:
    """The rows of ``part``, one of ``sources_of`` that has a total alone; None for any other."""
    if part.table != "period_figures" or part.by == asked.by:
        return None
    return replace(part, by=asked.by, in_steps=True)


def _may_be_whole(plan: Plan) -> bool:
    known = [name for name in plan.query.by if not DIMENSIONS[name].time]
    filtered = [one.dimension for one in plan.query.where]
    return not any(DIMENSIONS[name].time for name in filtered) and all(
        "period_figures" in DIMENSIONS[name].facts for name in (*known, *filtered)
    )


def _has_whole_periods(session: Session, period: Period | None, part: FactPlan) -> bool:
    """Whether a report speaks of these figures for a period inside the asked one."""
    wanted = {figure_of(one) for one in part.sums}
    asked = period or Period(date.min, date.max)
    return any(
        name in wanted and asked.start <= start and end <= asked.end
        for name, start, end in _whole_periods(session)
    )


def _whole_periods(session: Session) -> list[tuple[str, date, date]]:
    if not session.has("period_figures"):
        return []
    return session.remember(
        "whole periods",
        lambda: session.rows(
            f"SELECT DISTINCT metric, date, period_end FROM {session.table('period_figures')}"
        ),
    )
