"""The time chart of the report: one metric, its comparison dashed, provisional days hatched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from regie.domain.metrics.catalog import metrics
from regie.domain.metrics.query import Answer
from regie.kernel.periods import Period
from regie.ui import figures
from regie.ui.charts import Line, TimeChart
from regie.web.report.asked import Asked
from regie.web.report.headline import chosen_metric, why_missing
from regie.web.report.periods import comparison_word
from regie.web.report.state import ReportState

# A new account that starts a few days late does not spoil a comparison.
HEAD_START = timedelta(days=7)
DIMENSION = {
    "day": "date", "week": "week", "month": "month", "fiscal_month": "fiscal_month",
    "quarter": "fiscal_quarter",
}  # fmt: skip


def time_chart(state: ReportState, now: Answer, before: Answer | None) -> TimeChart:
    name = chosen_metric(state)
    metric = metrics()[name]
    lines = [_line(_(metric.label), name, state.period, state, now)]
    compared = state.compared
    if before is not None and compared is not None:
        word = comparison_word(state.comparison, compared)
        lines.append(_line(word, name, compared, state, before, comparison=True))
    return TimeChart(
        key=f"{name}-{state.period.start}-{state.period.end}",
        title=over_time(_(metric.label), state.shown_grain),
        unit=metric.unit,
        currency=state.money,
        grain=DIMENSION[state.shown_grain],
        calendar=state.calendar,
        lines=lines,
        provisional_from=now.provisional_from,
        empty=_why_empty(name, now),
        days=_days(state) if len(lines) > 1 else period_text(state),
        bars=state.shown_grain != "day" or len(lines[0].dates) < 3,
    )


def _days(state: ReportState) -> str:
    """The days, and those of the dashed line: a picture has no legend beside it."""
    there = state.compared
    if there is None:
        return period_text(state)
    return _("{days}; dashed: {other}").format(
        days=period_text(state), other=figures.days(there.start, there.end)
    )


def _why_empty(name: str, now: Answer) -> str:
    if now.totals.get(name) is None:
        return why_missing(name, now)
    return _("What is known covers the whole period: no part of it can be drawn.")


def over_time(label: str, grain: str) -> str:
    sentence = {
        "week": _("{metric} per week"),
        "month": _("{metric} per month"),
        "fiscal_month": _("{metric} per fiscal month"),
        "quarter": _("{metric} per quarter"),
    }
    return sentence.get(grain, _("{metric} per day")).format(metric=label)


def _line(
    title: str,
    name: str,
    period: Period,
    state: ReportState,
    answer: Answer,
    *,
    comparison: bool = False,
) -> Line:
    dimension = DIMENSION[state.shown_grain]
    values = {_as_date(row[dimension]): row.get(name) for row in answer.rows}
    starts = state.calendar.steps(_as_long(period, state.period), dimension)
    if comparison:
        # Of longer ones only the steps that stand beside others are drawn.
        starts = starts[: len(state.calendar.steps(state.period, dimension))]
    return Line(
        title,
        [values.get(day) for day in starts],
        starts,
        comparison=comparison,
        explained=list(_explained(state, name, period, starts)),
    )


def _explained(
    state: ReportState, name: str, period: Period, starts: Sequence[date]
) -> Iterator[str]:
    """Where the figure of each step comes from: of its first and last step, the days asked for."""
    shown = Asked(replace(state, preset="dates", period=period), name).address()
    explain, dimension = reverse("report-explain"), DIMENSION[state.shown_grain]
    first = f"from={period.start}&to={period.end}"  # hundreds of addresses differ by this alone
    for start in starts:
        last = min(period.end, state.calendar.step(start, dimension).end)
        days = f"from={max(period.start, start)}&to={last}"
        yield explain + shown.replace(first, days, 1)


def _as_long(period: Period, other: Period) -> Period:
    """``period``, or so much of it as ``other`` has, and a quarter more."""
    most = timedelta(days=other.days + 92)
    return period if period.days <= most.days else Period(period.start, period.start + most)


def unfair_comparison(state: ReportState, before: Answer | None) -> str:
    """Why changes would mislead: the earlier period has figures for a part of its days only."""
    compared = state.compared
    if before is None or compared is None or not before.rows:
        return ""
    grain = DIMENSION[state.shown_grain]
    first = min(_as_date(row[grain]) for row in before.rows)
    if first <= state.calendar.start_of(compared.start, grain) + HEAD_START:
        return ""
    return _("Nothing to compare with before {day}.").format(day=figures.day(first))


def _as_date(value: Any) -> date:
    if isinstance(value, date):
        return value
    text = str(value)
    if len(text) == 7:  # a month: 2026-09
        text += "-01"
    return date.fromisoformat(text)


def period_text(state: ReportState) -> str:
    return figures.days(state.period.start, state.period.end)
