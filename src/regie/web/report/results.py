"""The table of results: what was spent beside what our own shop and forms received for it.

Orders, leads and visits name a campaign, not a platform: a platform's results are those of its
campaigns, and what names no campaign of an ad account stays in a row of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from regie.domain.metrics import comparison
from regie.domain.metrics.catalog import metric
from regie.domain.metrics.planning import OWNER
from regie.domain.metrics.query import Answer, Filter, Query
from regie.domain.metrics.ratios import parts_of, value_of
from regie.kernel.periods import Period
from regie.web.report.columns import RESULTS
from regie.web.report.state import MayAnswer, ReportState

OF_ADVERTISING = ("platform", "account")
NO_CAMPAIGN = ("no campaign",)  # a filter that nothing answers


def question(
    state: ReportState, ask: MayAnswer, asked: Sequence[str] = RESULTS
) -> tuple[Query, dict[str, str]]:
    """What is asked by campaign, with the sums of ratios, and the platform of each campaign."""
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
    names = tuple(dict.fromkeys((*_sums(asked), *asked)))
    return replace(base, metrics=names, by=("campaign",), where=tuple(where)), platforms


def of_no_platform(state: ReportState, ask: MayAnswer, names: Sequence[str] = RESULTS) -> Query:
    """What is asked for the orders and leads that name no campaign of an ad account."""
    query, platforms = question(state, ask, names)
    found = ask(query)
    named = {str(row.get("campaign") or "") for row in (found.rows if found else [])}
    rest = tuple(sorted(named - platforms.keys())) or NO_CAMPAIGN
    return replace(query, where=(*query.where, Filter("campaign", rest)))


def beside(
    state: ReportState, ask: MayAnswer, there: Period | None, names: Sequence[str]
) -> Answer | None:
    """``answer``, and beside it that of another period, whose campaigns were those of then."""
    now = answer(state, ask, names)
    before = answer(replace(state, preset="dates", period=there), ask, names) if there else None
    if now is None or before is None or there is None:
        return now
    return comparison.beside(
        now, before, here=state.period, there=there, owner=OWNER, calendar=state.calendar
    )


def answer(state: ReportState, ask: MayAnswer, names: Sequence[str] = RESULTS) -> Answer | None:
    """Rows of the table of results by platform or by campaign."""
    query, platforms = question(state, ask, names)
    found = ask(query)
    if found is None:
        return None
    rows = [{**row, "platform": platforms.get(str(row.get("campaign")))} for row in found.rows]
    if state.shown_split == "platform":
        rows = _by_platform(rows, names)
    return replace(found, rows=rows, by=(state.shown_split,), metrics=tuple(names))


def _sums(names: Sequence[str]) -> tuple[str, ...]:
    """What the figures are made of: a platform's are worked out from those of its campaigns."""
    return tuple(dict.fromkeys(part for name in names for part in parts_of(metric(name))))


def _by_platform(rows: Iterable[Mapping[str, Any]], names: Sequence[str]) -> list[dict[str, Any]]:
    sums: dict[str | None, dict[str, Any]] = {}
    for row in rows:
        into = sums.setdefault(row["platform"], {})
        for name in _sums(names):
            if row.get(name) is not None:
                into[name] = into.get(name, 0) + row[name]
    return [
        {"platform": slug} | {name: value_of(metric(name), values) for name in names}
        for slug, values in sums.items()
    ]
