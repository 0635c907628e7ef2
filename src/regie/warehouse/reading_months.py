"""Reads whole months from the rollup by month, and only the days before and after them by day.

Amounts to be converted are an exception: each day has its own rate, so that months answer only for
amounts that are in the asked currency already.
"""

from __future__ import annotations

from typing import Protocol

from regie.domain.metrics.planning import FactPlan
from regie.kernel.periods import Period, whole_months


class Tables(Protocol):
    def table(self, name: str, period: Period | None = None) -> str:
        """The relation of that name; with ``period``, at least the rows of its days."""


def by_whole_months(
    fact_plan: FactPlan, period: Period | None, tables: Tables, *, converted_to: str
) -> str:
    """The rows of ``period`` as a relation; "" where months cannot answer."""
    if not fact_plan.by_month or fact_plan.extent is None:
        return ""
    known = fact_plan.extent.days
    whole, edges = whole_months(period or known, known)
    if whole is None:
        return ""
    by_day, by_month = fact_plan.table, fact_plan.by_month
    others = {converted_to} != fact_plan.extent.currencies if converted_to else False
    own = f" AND currency = '{converted_to}'" if others else ""
    parts = [f"FROM {tables.table(by_month, whole)} WHERE {_in(whole)}{own}"]
    parts += [f"FROM {tables.table(by_day, edge)} WHERE {_in(edge)}" for edge in edges]
    if others:
        foreign = f"currency IS DISTINCT FROM '{converted_to}'"
        parts.append(f"FROM {tables.table(by_day, whole)} WHERE {_in(whole)} AND {foreign}")
    return f"({' UNION ALL '.join(parts)})"


def _in(period: Period) -> str:
    return f"date BETWEEN DATE '{period.start}' AND DATE '{period.end}'"
