"""Puts the questions of one report page and lays the answers out; the view only renders."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from regie.domain.metrics.catalog import all_metrics
from regie.domain.metrics.query import BEFORE, Answer, Query
from regie.kernel.errors import RegieError
from regie.kernel.periods import Period
from regie.ui.charts import TimeChart
from regie.web.report import results, twins
from regie.web.report.breakdown import PLURALS, breakdown, question, row_name
from regie.web.report.claimed import Beside, beside
from regie.web.report.columns import shown, within
from regie.web.report.funnel import Step, funnel
from regie.web.report.headline import Card, asked_metrics, cards, has_claims_only
from regie.web.report.rows import Breakdown
from regie.web.report.state import ANEW, LEVELS, RESULT_SPLITS, MayAnswer, ReportState
from regie.web.report.timeline import DIMENSION, time_chart, unfair_comparison

Ask = Callable[[Query], Answer]
COUNTED = {"count", "amount"}  # of a note: differs by days where it says the same
QUARTER = 92  # days: one column alone is no chart


@dataclass(frozen=True)
class Crumb:
    label: str
    address: str


@dataclass(frozen=True)
class Choice:
    label: str
    address: str
    is_chosen: bool


@dataclass(frozen=True)
class Report:
    cards: Sequence[Card] = ()
    chart: TimeChart | None = None
    breakdown: Breakdown | None = None
    trail: Sequence[Crumb] = ()
    splits: Sequence[Choice] = ()
    views: Sequence[Choice] = ()
    funnel: Sequence[Step] = ()
    claimed: Beside | None = None
    grains: Sequence[Choice] = ()
    freshness: Sequence[dict[str, Any]] = ()
    notes: Sequence[Any] = ()
    refusals: Sequence[RegieError] = ()
    words: Sequence[tuple[str, str]] = ()
    contradictions: Sequence[str] = ()
    is_empty: bool = False
    uncompared: str = ""
    claims_only: bool = False
    provisional_from: Any = None


@dataclass
class _Asked:
    """Answers, and the refusals met on the way: one refused part does not cost the page."""

    ask: Ask
    refusals: list[RegieError] = field(default_factory=list)

    def answer(self, query: Query) -> Answer | None:
        try:
            return self.ask(query)
        except RegieError as refusal:
            if str(refusal) not in map(str, self.refusals):
                self.refusals.append(refusal)
            return None


def build(state: ReportState, ask: Ask, *, organisations: Mapping[str, str]) -> Report:
    """``organisations`` are those one may see: slug and name."""
    asked = _Asked(ask)
    now = asked.answer(by_time(state, state.period, asked_metrics(state)))
    if has_claims_only(state, now):
        state = replace(state, claims_only=True)
        now = asked.answer(by_time(state, state.period, asked_metrics(state)))
    before = _compared(state, asked)
    unfair = unfair_comparison(state, before)
    bare = before is not None and not before.rows
    table = table_answer(state, asked.answer, alone=bool(unfair))
    return Report(
        cards=cards(state, now, before, unfair=unfair) if now else (),
        chart=time_chart(state, now, None if bare else before) if now else None,
        breakdown=table_part(state, table, asked.answer, organisations),
        trail=trail(state, asked.answer, organisations),
        splits=_splits(state, asked.answer, has_network=len(organisations) > 1),
        views=_views(state),
        funnel=funnel(state, asked.answer),
        claimed=beside(state, now, table, asked.answer),
        grains=grains(state),
        freshness=now.freshness if now else (),
        notes=notes_of((now, table), before),
        refusals=asked.refusals,
        words=_words(state),
        is_empty=_is_empty(now, table),
        claims_only=state.claims_only,
        uncompared=_("No figures in the days compared with.") if bare else unfair,
        provisional_from=now.provisional_from if now else None,
    )


def build_table(state: ReportState, ask: Ask, *, organisations: Mapping[str, str]) -> Report:
    """The table alone, as ``build`` has it."""
    asked = _Asked(ask)
    table = fair_answer(state, asked.answer)
    return Report(
        breakdown=table_part(state, table, asked.answer, organisations),
        splits=_splits(state, asked.answer, has_network=len(organisations) > 1),
        views=_views(state),
        refusals=asked.refusals,
    )


def table_part(
    state: ReportState,
    answer: Answer | None,
    ask: MayAnswer,
    organisations: Mapping[str, str],
) -> Breakdown | None:
    """The table, rows that are open with what is inside them."""
    if answer is None:
        return None
    alone, names = answer.compared_with is None, shown(state)

    def inside(inner: ReportState) -> Answer | None:
        return table_answer(inner, ask, alone=alone, names=within(names, inner))

    return breakdown(
        state, answer, organisations, inside, _campaigns_of_ads(state, ask),
        _accounts_of_twins(state, answer, ask),
    )  # fmt: skip


def _accounts_of_twins(state: ReportState, answer: Answer, ask: MayAnswer) -> dict[int, str]:
    """The names of accounts, where they are all that tells two rows apart."""
    if not twins.of(state, answer):
        return {}
    found = ask(Query(("spend",), ("account",), state.period, state.where, currency=state.money))
    return {int(row["account"]): row_name(row, "account") for row in (found.rows if found else [])}


def _campaigns_of_ads(state: ReportState, ask: MayAnswer) -> dict[tuple[str, str], str]:
    """What tells ads of one name apart, by platform and ad; nothing where that is above them."""
    if state.shown_split != "ad" or "campaign" in dict(state.path):
        return {}
    by = ("platform", "campaign", "ad")
    found = ask(Query(("spend",), by, state.period, state.where, currency=state.money))
    return {
        (str(row["platform"]), str(row["ad"])): row_name(row, "campaign")
        for row in (found.rows if found else [])
        if row.get("ad") and row.get("campaign")
    }


def table_answer(
    state: ReportState, ask: MayAnswer, *, alone: bool = False, names: Sequence[str] = ()
) -> Answer | None:
    """The rows of the table, each beside itself in the period compared with.

    ``alone``: without that; ``names`` are the columns, those of the state unless said.
    """
    there = None if alone else state.compared
    if state.shows_results and state.shown_split != "ad":
        return _known_before(results.beside(state, ask, there, tuple(names) or shown(state)))
    return _known_before(ask(replace(question(state, names), beside=there)))


def _known_before(answer: Answer | None) -> Answer | None:
    """Beside a period of which nothing is known, all would be called new."""
    if answer is None or answer.compared_with is None:
        return answer
    befores = [f"{name}{BEFORE}" for name in answer.metrics]
    is_known = any(row.get(name) is not None for row in answer.rows for name in befores)
    return answer if is_known else replace(answer, compared_with=None)


def fair_answer(state: ReportState, ask: MayAnswer) -> Answer | None:
    """``table_answer``, alone where the earlier period knows a part of its days only."""
    before = None
    if state.compared is not None:
        before = ask(by_time(state, state.compared, asked_metrics(state)))
    return table_answer(state, ask, alone=bool(unfair_comparison(state, before)))


def by_time(state: ReportState, period: Period, names: tuple[str, ...]) -> Query:
    return Query(
        metrics=names,
        by=(DIMENSION[state.shown_grain],),
        period=period,
        where=state.where,
        currency=state.money,
        calendar=state.calendar,
    )


def _compared(state: ReportState, asked: _Asked) -> Answer | None:
    if state.compared is None:
        return None
    return asked.answer(by_time(state, state.compared, asked_metrics(state)))


def _is_empty(now: Answer | None, table: Answer | None) -> bool:
    """Rows that are gone are no figures of this period."""
    names = table.metrics if table else ()
    has_rows = table is not None and any(
        row.get(name) is not None for row in table.rows for name in names
    )
    return not (has_rows or (now and now.rows))


def notes_of(shown: Sequence[Answer | None], before: Answer | None) -> list[Any]:
    """What is said of the figures, once; of those compared with, only what is not said already.

    A table that compares counts over both periods: the count of the figures above it stands.
    """
    found: dict[Any, Any] = {}
    for note in (note for one in shown if one is not None for note in one.notes):
        about = sorted((name, str(of)) for name, of in note.params.items() if name not in COUNTED)
        found.setdefault((note.message, *about), note)
    said = {note.message for note in found.values()}
    also = [note for note in (before.notes if before else []) if note.message not in said]
    return [*found.values(), *also]


def trail(state: ReportState, ask: MayAnswer, organisations: Mapping[str, str]) -> list[Crumb]:
    """Report › Google Ads › an account › a campaign; names are asked in one question."""
    if not state.path:
        return []
    levels = tuple(level for level, _value in state.path)
    found = ask(Query(("spend",), by=levels, where=state.where, currency=state.money, limit=1))
    row = found.rows[0] if found and found.rows else dict(state.path)
    crumbs = [Crumb(_("Report"), state.up_to(0).address())]
    for index, level in enumerate(levels, start=1):
        crumbs.append(Crumb(row_name(row, level, organisations), state.up_to(index).address()))
    return crumbs


def _splits(state: ReportState, ask: MayAnswer, *, has_network: bool) -> list[Choice]:
    wanted = list(LEVELS[state.depth :]) or [LEVELS[-1]]
    if not state.depth:
        wanted += ["organisation", "beneficiary"] if has_network and not state.path else []
        wanted += ["channel", "media"]
        wanted += ["event"] if state.split == "event" or _has_own_events(state, ask) else []
    return [
        Choice(
            _(PLURALS[split]),
            state.address(split=split, **ANEW),
            split == state.shown_split,
        )
        for split in wanted
    ]


def _has_own_events(state: ReportState, ask: MayAnswer) -> bool:
    found = ask(Query(("own_events",), period=state.period, where=state.where))
    return found is not None and found.totals.get("own_events") is not None


def _views(state: ReportState) -> list[Choice]:
    """What the platforms report, or what our own shop and forms received."""
    if state.shown_split not in RESULT_SPLITS:
        return []
    return [
        Choice(_("Delivery"), state.address(view="", **ANEW), not state.view),
        Choice(_("Results"), state.address(view="results", **ANEW), bool(state.view)),
    ]


def grains(state: ReportState, more: str = "") -> list[Choice]:
    """The steps of a chart over time; ``more`` is said in each address besides."""
    labels = {"day": _("Days"), "week": _("Weeks"), "month": _("Months")}
    if state.calendar.has_weeks:
        labels["fiscal_month"] = _("Fiscal months")
    if state.period.days > QUARTER or state.grain == "quarter":
        labels["quarter"] = _("Quarters")
    return [
        Choice(label, state.address(grain=grain) + more, grain == state.shown_grain)
        for grain, label in labels.items()
    ]


def _words(state: ReportState) -> list[tuple[str, str]]:
    """The words of this page with their definitions, for the help."""
    names = dict.fromkeys([*asked_metrics(state), *question(state).metrics])
    known = all_metrics()
    return [(_(known[name].label), _(known[name].description)) for name in names]
