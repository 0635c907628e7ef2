"""The time chart of the report: one metric, its comparison dashed, provisional days hatched."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from regie.domain.metrics.catalog import metrics
from regie.domain.metrics.query import Answer
from regie.kernel.periods import Period, month_start
from regie.ui import figures
from regie.ui.charts import Line, TimeChart
from regie.web.report.headline import chosen_metric, why_missing
from regie.web.report.periods import COMPARISONS
from regie.web.report.state import ReportState

# A new account that starts a few days late does not spoil a comparison.
HEAD_START = timedelta(days=7)
DIMENSION = {"day": "date", "week": "week", "month": "month"}


def time_chart(state: ReportState, now: Answer, before: Answer | None) -> TimeChart:
    name = chosen_metric(state)
    metric = metrics()[name]
    lines = [_line(_(metric.label), name, state.period, state.shown_grain, now)]
    compared = state.compared
    if before is not None and compared is not None:
        word = _(COMPARISONS[state.comparison])
        lines.append(_line(word, name, compared, state.shown_grain, before, comparison=True))
    return TimeChart(
        key=f"{name}-{state.period.start}-{state.period.end}",
        title=_title(_(metric.label), state.shown_grain),
        unit=metric.unit,
        currency=state.money,
        grain=state.shown_grain,
        lines=lines,
        provisional_from=now.provisional_from,
        empty=why_missing(name),
        bars=state.shown_grain != "day" or len(lines[0].dates) < 3,
    )


def _title(label: str, grain: str) -> str:
    sentence = {"week": _("{metric} per week"), "month": _("{metric} per month")}
    return sentence.get(grain, _("{metric} per day")).format(metric=label)


def _line(
    title: str, name: str, period: Period, grain: str, answer: Answer, *, comparison: bool = False
) -> Line:
    dimension = DIMENSION[grain]
    values = {_as_date(row[dimension]): row.get(name) for row in answer.rows}
    starts = steps(period, grain)
    return Line(title, [values.get(day) for day in starts], starts, comparison=comparison)


def steps(period: Period, grain: str) -> list[date]:
    """Every day, Monday or first of the month of the period, with or without figures."""
    if grain == "month":
        found, day = [], month_start(period.start)
        while day <= period.end:
            found.append(day)
            day = month_start(day + timedelta(days=31))
        return found
    first = period.start - timedelta(days=period.start.weekday() if grain == "week" else 0)
    step = 7 if grain == "week" else 1
    return [first + timedelta(days=n) for n in range(0, (period.end - first).days + 1, step)]


def unfair_comparison(state: ReportState, before: Answer | None) -> str:
    """Why changes would mislead: the earlier period has figures for a part of its days only."""
    compared = state.compared
    if before is None or compared is None or not before.rows:
        return ""
    first = min(_as_date(row[DIMENSION[state.shown_grain]]) for row in before.rows)
    if first <= steps(compared, state.shown_grain)[0] + HEAD_START:
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
