"""The share of the market in the days of the report: own sales over a noted size of all sales.

It speaks of the whole organisation, so that a page narrowed to a part of it shows none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from regie.apps.dashboards.selectors import (
    ObjectiveCard,
    Share,
    based_on,
    in_force,
    market_steps,
    share,
    stand,
)
from regie.apps.dashboards.selectors import shares as shares_of
from regie.domain.markets import SHARES, MarketSize
from regie.domain.metrics.query import Answer, Query
from regie.domain.objectives import aimed as with_target
from regie.kernel.periods import Period
from regie.ui import figures
from regie.ui.changes import Change, change
from regie.ui.charts import Line, TimeChart
from regie.web.objectives import explained
from regie.web.objectives.words import Badge, badge
from regie.web.report.periods import comparison_word
from regie.web.report.state import ReportState
from regie.web.report.targets import target_line
from regie.web.report.timeline import DIMENSION, over_time, period_text

Ask = Callable[[Query], Answer]


@dataclass(frozen=True)
class MarketLine:
    """One share, who published the market's size, and the address that explains it."""

    label: str
    definition: str
    figure: str
    reason: str
    change: Change | None
    sources: Sequence[str]
    why: str
    objective: Badge | None


def shares(
    state: ReportState, sizes: Sequence[MarketSize], ask: Ask
) -> list[tuple[str, Share, Share | None]]:
    """Each share of which a size speaks of these days, and that of the days compared with."""
    if state.path or state.filters:
        return []
    there = state.compared
    return [
        (name, now, share(name, there, sizes, ask) if there else None)
        for name, now in shares_of(state.period, sizes, ask)
    ]


def lines(
    state: ReportState, sizes: Sequence[MarketSize], ask: Ask, aims: Sequence[ObjectiveCard]
) -> list[MarketLine]:
    return [
        MarketLine(
            label=_(SHARES[name].label),
            definition=_(SHARES[name].description),
            figure=written(now),
            reason=_doubt(now),
            change=_changed(now, before),
            sources=[
                _("{source}, {date}").format(
                    source=part.size.source, date=figures.day(part.size.published_on)
                )
                for part in now.parts
            ],
            why=f"{reverse('report-market')}{state.address()}&of={name}",
            objective=_badge(name, state, sizes, ask, aims),
        )
        for name, now, before in shares(state, sizes, ask)
    ]


def chart(
    name: str,
    state: ReportState,
    sizes: Sequence[MarketSize],
    ask: Ask,
    aims: Sequence[ObjectiveCard],
) -> TimeChart:
    """The share step by step, that of the days compared with dashed, and what is aimed at."""
    grain, label = DIMENSION[state.shown_grain], _(SHARES[name].label)
    periods = [(label, state.period, False)]
    if state.compared:
        periods.append((comparison_word(state.comparison, state.compared), state.compared, True))
    drawn = TimeChart(
        key=f"{name}-{state.period.start}-{state.period.end}",
        title=over_time(label, state.shown_grain),
        unit=SHARES[name].unit,
        currency="",
        grain=grain,
        calendar=state.calendar,
        lines=[_line(name, *one, state, sizes, ask) for one in periods],
        empty=_("The size of the market is not noted for all of these days in one currency."),
        days=period_text(state),
    )
    aimed = in_force(aims, name, state.period)
    if aimed is None:
        return drawn
    wanted = with_target(aimed.objective, based_on(aimed.objective, ask, state.calendar, sizes))
    if wanted.target is None:
        return drawn
    return replace(drawn, lines=[*drawn.lines, target_line(wanted, drawn, aimed.id)])


def _line(
    name: str,
    title: str,
    days: Period,
    is_comparison: bool,
    state: ReportState,
    sizes: Sequence[MarketSize],
    ask: Ask,
) -> Line:
    grain = DIMENSION[state.shown_grain]
    count = len(state.calendar.steps(state.period, grain))
    starts = state.calendar.steps(days, grain)[:count]
    found = market_steps(name, days, grain, sizes, ask, state.calendar)[:count]
    return Line(
        title,
        [one.value for one in found],
        starts,
        comparison=is_comparison,
        explained=["" if one.value is None else _why(name, state, one.days) for one in found],
    )


def _why(name: str, state: ReportState, days: Period) -> str:
    said = replace(state, preset="dates", period=days, comparison="none").address()
    return f"{reverse('report-market')}{said}&of={name}"


def written(found: Share) -> str:
    return figures.MISSING if found.value is None else figures.percent(found.value, digits=2)


def _doubt(found: Share) -> str:
    """Why there is no share, or why the one there is cannot be."""
    if found.value is not None:
        return _("More than the whole market: look at the size.") if found.value > 1 else ""
    if found.whole is None:
        return _("The size of the market is not noted for all of these days in one currency.")
    return _("No figure for this period.")


def _changed(now: Share, before: Share | None) -> Change | None:
    if now.value is None or before is None or before.value is None:
        return None
    return change(now.value, before.value, unit="share", better="higher")


def _badge(
    name: str,
    state: ReportState,
    sizes: Sequence[MarketSize],
    ask: Ask,
    aims: Sequence[ObjectiveCard],
) -> Badge | None:
    aimed = in_force(aims, name, state.period)
    if aimed is None:
        return None
    stands = stand(aimed.objective, ask, state.today, state.calendar, sizes)
    told = badge(aimed.objective, stands)
    return Badge(
        told.word, told.tone, told.icon, told.text, told.hint,
        explained.address(aimed.id, explained.Of.STATUS),
    )  # fmt: skip
