"""The table of results: what was spent beside what our own shop and forms received for it.

Orders, leads and visits name a campaign, not a platform: a platform's results are those of its
campaigns, and what names no campaign of an ad account stays in a row of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from regie.domain.metrics.catalog import metric
from regie.domain.metrics.query import Answer, Filter, Query
from regie.domain.metrics.ratios import value_of
from regie.web.report.state import MayAnswer, ReportState

# The columns of the course's table, in its order; both kinds of cost have a column of their own.
RESULTS = (
    "spend", "leads_received", "bounce_transaction", "completed", "conversion_rate", "orders",
    "revenue", "cpl_received", "cpa", "roas",
)  # fmt: skip
SUMS = (
    "spend", "leads_received", "completed", "visits_completion_known", "orders", "revenue",
)  # fmt: skip
OF_ADVERTISING = ("platform", "account")
NO_CAMPAIGN = ("no campaign",)  # a filter that nothing answers


def question(state: ReportState, ask: MayAnswer) -> tuple[Query, dict[str, str]]:
    """What is asked by campaign, and the platform of each campaign."""
    base = Query(("spend",), by=("platform", "campaign"), period=state.period, where=state.where,
                 currency=state.money)  # fmt: skip
    known = ask(base)
    platforms = {
        str(row["campaign"]): str(row["platform"])
        for row in (known.rows if known else [])
        if row.get("campaign")
    }
    where = [one for one in state.where if one.dimension not in OF_ADVERTISING]
    if len(where) < len(state.where):
        # A platform is asked about by its campaigns: orders belong to no platform.
        where.append(Filter("campaign", tuple(platforms) or NO_CAMPAIGN))
    names = tuple(dict.fromkeys((*SUMS, *RESULTS)))
    return replace(base, metrics=names, by=("campaign",), where=tuple(where)), platforms


def of_no_platform(state: ReportState, ask: MayAnswer) -> Query:
    """What is asked for the orders and leads that name no campaign of an ad account."""
    query, platforms = question(state, ask)
    found = ask(query)
    named = {str(row.get("campaign") or "") for row in (found.rows if found else [])}
    rest = tuple(sorted(named - platforms.keys())) or NO_CAMPAIGN
    return replace(query, where=(*query.where, Filter("campaign", rest)))


def answer(state: ReportState, ask: MayAnswer) -> Answer | None:
    """Rows of the table of results at the split of the state."""
    if state.shown_split == "ad":
        return ask(
            Query(RESULTS, by=("platform", "ad"), period=state.period, where=state.where,
                  currency=state.money)
        )  # fmt: skip
    query, platforms = question(state, ask)
    found = ask(query)
    if found is None:
        return None
    rows = [{**row, "platform": platforms.get(str(row.get("campaign")))} for row in found.rows]
    if state.shown_split == "platform":
        rows = _by_platform(rows)
    return replace(found, rows=rows)


def _by_platform(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    sums: dict[str | None, dict[str, Any]] = {}
    for row in rows:
        into = sums.setdefault(row["platform"], {})
        for name in SUMS:
            if row.get(name) is not None:
                into[name] = into.get(name, 0) + row[name]
    found = []
    for slug, values in sums.items():
        found.append(
            {"platform": slug} | {name: value_of(metric(name), values) for name in RESULTS}
        )
    return found
