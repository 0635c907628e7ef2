"""Tables as CSV and XLSX answers: exact, and safe to open in a spreadsheet."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook

from regie.kernel.money import plain
from regie.ui.csv_answers import csv_answer
from regie.ui.csv_cells import Writer, harmless

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_csv(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    written = io.StringIO()
    writer = Writer(written)
    writer.row(header)
    writer.rows(map(cell, row) for row in rows)
    return csv_answer(name, written.getvalue())


def as_xlsx(
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    notes: Sequence[Sequence[str]] = (),
) -> HttpResponse:
    """``notes`` have a sheet of their own, so that the first one is nothing but its table."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.append(list(header))
    for row in rows:
        sheet.append([_sheet_cell(value) for value in row])
    if notes:
        beside = book.create_sheet(_("Notes"))
        for note in notes:
            beside.append([_sheet_cell(value) for value in note])
    written = io.BytesIO()
    book.save(written)
    response = HttpResponse(written.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def _sheet_cell(value: Any) -> Any:
    """Numbers stay numbers, as far as spreadsheets keep them; text is never a formula."""
    return harmless(value) if isinstance(value, str) else value


def cell(value: Any) -> str:
    return plain(value) if isinstance(value, Decimal) else str(harmless(value))
