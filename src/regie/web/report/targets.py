"""Objectives on the report: a status on the card, a line on the chart.

They speak of the whole organisation, so that a page narrowed to a part of it shows none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from regie.apps.dashboards.selectors import ObjectiveCard, based_on, in_force, stand
from regie.domain.markets import MarketSize
from regie.domain.objectives import Objective, due
from regie.domain.objectives import aimed as with_target
from regie.kernel.periods import Period
from regie.ui.charts import Line, TimeChart
from regie.web.objectives import explained
from regie.web.objectives.tree import branches, contradictions
from regie.web.objectives.words import badge
from regie.web.report.headline import Card, chosen_metric
from regie.web.report.page import Ask, Report
from regie.web.report.state import ReportState


def with_targets(
    report: Report,
    state: ReportState,
    found: Sequence[ObjectiveCard],
    ask: Ask,
    sizes: Sequence[MarketSize] = (),
) -> Report:
    if state.path or state.filters or not found:
        return report
    cards = [_card(card, state, found, ask) for card in report.cards]
    aimed = in_force(found, chosen_metric(state), state.period)
    chart = report.chart
    if chart is not None and aimed is not None and _same_money(aimed.objective, state):
        wanted = with_target(aimed.objective, based_on(aimed.objective, ask, state.calendar))
        if wanted.target is not None:
            chart = replace(chart, lines=[*chart.lines, target_line(wanted, chart, aimed.id)])
    told = _contradictions(state, found, ask, sizes)
    return replace(report, cards=cards, chart=chart, contradictions=told)


def _contradictions(
    state: ReportState, found: Sequence[ObjectiveCard], ask: Ask, sizes: Sequence[MarketSize]
) -> list[str]:
    """Of the objectives of today, what speaks against what serves it."""
    today = Period(state.today, state.today)
    tree = branches([one for one in found if one.objective.period.overlaps(today)])
    asked = [one for branch in tree.tops if branch.beneath for one in (branch.top, *branch.beneath)]
    return contradictions(
        replace(tree, tops=[branch for branch in tree.tops if branch.beneath]),
        {one.id: stand(one.objective, ask, state.today, state.calendar, sizes) for one in asked},
    )


def _card(card: Card, state: ReportState, found: Sequence[ObjectiveCard], ask: Ask) -> Card:
    aimed = in_force(found, card.name, state.period)
    if aimed is None:
        return card
    stands = stand(aimed.objective, ask, state.today, state.calendar)
    why = explained.address(aimed.id, explained.Of.STATUS)
    return replace(card, objective=replace(badge(aimed.objective, stands), why=why))


def _same_money(objective: Objective, state: ReportState) -> bool:
    return objective.currency in {"", state.money}


def target_line(objective: Objective, chart: TimeChart, objective_id: int) -> Line:
    """What is due in each step of the chart, for the days that the objective speaks of."""
    days = chart.lines[0].dates
    steps = [_within(objective, Period(day, chart.last_day(day))) for day in days]
    return Line(
        _("Target"),
        [None if one is None else due(objective, one) for one in steps],
        days,
        target=True,
        explained=[_why(objective_id, one) for one in steps],
    )


def _within(objective: Objective, step: Period) -> Period | None:
    """So much of ``step`` as the objective speaks of."""
    start = max(step.start, objective.period.start)
    end = min(step.end, objective.period.end)
    return Period(start, end) if start <= end else None


def _why(objective_id: int, step: Period | None) -> str:
    return explained.address(objective_id, explained.Of.STEP, step) if step else ""
