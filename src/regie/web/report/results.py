"""The table of results: what was spent beside what our own shop and forms received for it.

Orders, leads and visits name a campaign, not a platform: a platform's results are those of its
campaigns, and what names no campaign of an ad account stays in a row of its own. Two accounts may
have a campaign of one id: each is told by its account, and what was sold for either alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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

Campaign = tuple[int | None, str]  # its account, None where that cannot be told, and its id


@dataclass(frozen=True)
class Known:
    """The campaigns that the table may speak of, each with its platform."""

    platforms: Mapping[Campaign, str | None]

    def platform(self, row: Mapping[str, Any]) -> str | None:
        return self.platforms.get(campaign_of(row))

    @property
    def filter(self) -> Filter:
        owned = tuple(self.platforms)
        return Filter("campaign", () if owned else NO_CAMPAIGN, owned)


def campaign_of(row: Mapping[str, Any]) -> Campaign:
    owner = row.get(OWNER)
    return (None if owner is None else int(owner), str(row.get("campaign") or ""))


def known(state: ReportState, ask: MayAnswer) -> Known:
    """Those of the accounts of ``state``; what names an id of theirs alone is theirs too."""
    here = _delivered(state.where, state, ask)
    wide = tuple(one for one in state.where if one.dimension not in OF_ADVERTISING)
    every = here if len(wide) == len(state.where) else _delivered(wide, state, ask)
    outside = {name for one in every.keys() - here.keys() for name in one[1:]}
    platforms: dict[Campaign, str | None] = dict(here)
    for name in {name for _owner, name in here} - outside:
        those = {platform for (_owner, one), platform in here.items() if one == name}
        platforms.setdefault((None, name), those.pop() if len(those) == 1 else None)
    return Known(platforms)


def _delivered(
    where: tuple[Filter, ...], state: ReportState, ask: MayAnswer
) -> dict[Campaign, str | None]:
    found = ask(
        Query(("spend",), by=("platform", "campaign"), period=state.period, where=where,
              currency=state.money, spares=True)
    )  # fmt: skip
    rows = [row for row in (found.rows if found else []) if row.get("campaign")]
    return {campaign_of(row): str(row["platform"]) for row in rows}


def question(
    state: ReportState, ask: MayAnswer, asked: Sequence[str] = RESULTS
) -> tuple[Query, Known]:
    """What is asked by campaign, with the sums of ratios, and the platform of each campaign."""
    campaigns = known(state, ask)
    where = [one for one in state.where if one.dimension not in OF_ADVERTISING]
    if len(where) < len(state.where):
        # A platform is asked about by its campaigns: orders belong to no platform.
        where.append(campaigns.filter)
    names = tuple(dict.fromkeys((*_sums(asked), *asked)))
    query = Query(names, by=("campaign",), period=state.period, where=tuple(where),
                  currency=state.money, spares=True)  # fmt: skip
    return query, campaigns


def of_no_platform(state: ReportState, ask: MayAnswer, names: Sequence[str] = RESULTS) -> Query:
    """What is asked for the orders and leads that name no campaign of one platform."""
    query, campaigns = question(state, ask, names)
    found = ask(query)
    rows = found.rows if found else []
    named = {campaign_of(row) for row in rows if not campaigns.platform(row)}
    rest = tuple(sorted(named - {(None, "")}, key=str))
    values = ("",) if (None, "") in named else () if rest else NO_CAMPAIGN
    return replace(query, where=(*query.where, Filter("campaign", values, rest)))


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
    query, campaigns = question(state, ask, names)
    found = ask(query)
    if found is None:
        return None
    rows = [{**row, "platform": campaigns.platform(row)} for row in found.rows]
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
