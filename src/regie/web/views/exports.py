"""The tables of a report as CSV, exact and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from regie.kernel.money import plain
from regie.web.report import page as report_page
from regie.web.report.breakdown import columns_of, question, row_name
from regie.web.report.headline import chosen_metric
from regie.web.report.timeline import DIMENSION
from regie.web.requests import ScopedRequest
from regie.web.views.report import ask_of, state_of

# A cell that begins so is a formula to a spreadsheet: a campaign may be called =HYPERLINK(…).
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@login_required
@require_safe
def table_csv(request: ScopedRequest) -> HttpResponse:
    state = state_of(request)
    split, names = state.shown_split, columns_of(state.shown_split)
    answer = ask_of(request)(question(state))
    rows = [[row_name(row, split), *(row.get(name) for name in names)] for row in answer.rows]
    header = [split, *names, "currency"]
    return as_csv(f"regie-{split}", header, ([*row, state.money] for row in rows))


@login_required
@require_safe
def chart_csv(request: ScopedRequest) -> HttpResponse:
    state = state_of(request)
    name, dimension = chosen_metric(state), DIMENSION[state.shown_grain]
    answer = ask_of(request)(report_page.by_time(state, state.period, (name,)))
    rows = ([row[dimension], row.get(name), state.money] for row in answer.rows)
    return as_csv(f"regie-{name}", [dimension, name, "currency"], rows)


def as_csv(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    # The mark tells Excel that accents are UTF-8.
    response = HttpResponse("\ufeff" + written.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return plain(value)
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text
