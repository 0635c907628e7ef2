"""What the report shows, taken out: its table and its chart, exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from regie.domain.metrics.comparison import difference, relative
from regie.domain.metrics.query import BEFORE, ENDS, Answer
from regie.ui import figures
from regie.ui.charts import Mark
from regie.ui.templatetags.ui import say
from regie.web.report import page as report_page
from regie.web.report.breakdown import in_order, row_name
from regie.web.report.columns import shown
from regie.web.report.headline import chosen_metric
from regie.web.report.state import ReportState
from regie.web.report.timeline import DIMENSION, period_text
from regie.web.requests import ScopedRequest
from regie.web.spreadsheets import as_csv, as_xlsx
from regie.web.views.report import ask_of, marks, source_rows, state_of


@login_required
@require_safe
def table_csv(request: ScopedRequest) -> HttpResponse:
    state = state_of(request)
    header, rows = _table(request, state, report_page.fair_answer(state, ask_of(request)))
    return as_csv(f"regie-{state.shown_split}", header, rows)


@login_required
@require_safe
def table_xlsx(request: ScopedRequest) -> HttpResponse:
    state = state_of(request)
    answer = report_page.fair_answer(state, ask_of(request))
    header, rows = _table(request, state, answer)
    return as_xlsx(f"regie-{state.shown_split}", header, rows, _notes(request, state, answer))


def _table(
    request: ScopedRequest, state: ReportState, answer: Answer | None
) -> tuple[list[str], list[list[Any]]]:
    """What the page shows, all pages of it in its order, with exact values.

    Beside each figure stands that of the period compared with, by how much it moved in its own
    unit, and by which part of what it was.
    """
    split, names = state.shown_split, shown(state)
    organisations = {one.slug: one.name for one in request.organisations}
    found = in_order(state, answer, organisations) if answer else []
    has_two = answer is not None and answer.compared_with is not None
    rows = [
        [
            row_name(row, split, organisations),
            *(value for name in names for value in _values(row, name, has_two=has_two)),
            state.money,
        ]
        for row in found
    ]
    ends = ENDS if has_two else ("",)
    return [split, *(f"{name}{end}" for name in names for end in ends), "currency"], rows


def _values(row: Mapping[str, Any], name: str, *, has_two: bool) -> list[Any]:
    now, before = row.get(name), row.get(f"{name}{BEFORE}")
    moved = [before, difference(row, name), relative(now, before)]
    return [now, *moved] if has_two else [now]


@login_required
@require_safe
def chart_csv(request: ScopedRequest) -> HttpResponse:
    state = state_of(request)
    name, dimension = chosen_metric(state), DIMENSION[state.shown_grain]
    answer = ask_of(request)(report_page.by_time(state, state.period, (name,)))
    known = marks(request, state, ())
    rows = (
        [row[dimension], row.get(name), state.money, _on(row[dimension], known, state, dimension)]
        for row in answer.rows
    )
    return as_csv(f"regie-{name}", [dimension, name, "currency", "events"], rows)


def _on(day: date, known: Sequence[Mark], state: ReportState, grain: str) -> str:
    """The events of the step that begins on ``day``."""
    last = state.calendar.step(day, grain).end
    return "; ".join(one.title for one in known if one.start <= last and day <= one.end)


def _notes(request: ScopedRequest, state: ReportState, answer: Answer | None) -> list[list[str]]:
    """What the page says around the table: of what, until when, and what happened meanwhile."""
    found = [[_("Days"), period_text(state)], [_("Currency"), state.money]]
    if request.organisation is not None:
        found.insert(0, [_("Organisation"), request.organisation.name])
    if answer is None:
        return found
    if (there := answer.compared_with) is not None:
        found.append([_("Compared with"), figures.days(there.start, there.end)])
    found += [[_("Note"), say(note)] for note in answer.notes]
    if answer.provisional_from:
        found.append([_("Provisional from"), figures.day(answer.provisional_from)])
    found += [
        [_("{source}, figures up to").format(source=one["name"]), one["until"]]
        for one in source_rows(state, answer.freshness)
    ]
    return found + [[_("Event"), f"{one.days}: {one.title}"] for one in marks(request, state, ())]
