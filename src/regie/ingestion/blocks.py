"""Files that hold several tables, one below the other, with an empty line between them.

They show the same visits in several ways, so only one of them can be stored: the best reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from regie.ingestion.files.sheet import Line, Sheet
from regie.ingestion.format import Format
from regie.ingestion.recognise import Table, recognise
from regie.kernel.i18n import _, say

if TYPE_CHECKING:
    from regie.ingestion.staging import Staged

_MOST_TABLES = 30


def best_table(first: Table, formats: Sequence[Format], file_name: str) -> Table:
    """The table of the sheet that is stored: one with figures before one that is only counted."""
    sheet = first.sheet
    above = [line for line in sheet.preview if line[0] < first.header_line and _is_comment(line)]
    headers = [lines[0] for lines in islice(_tables_of(sheet), _MOST_TABLES)]
    stacked = [format_ for format_ in formats if format_.blocks]
    found = [
        table
        for header in headers
        for table in recognise([replace(sheet, preview=[*above, header])], stacked, file_name)[:1]
    ]
    stored = [table for table in found if table.format.fact != "counted"]
    return replace((stored or found or [first])[0], sheet=sheet)


def lines_elsewhere(table: Table) -> int:
    """How many lines stand in the other tables of the sheet, their headers left out."""
    return sum(
        len(lines) - 1 for lines in _tables_of(table.sheet) if lines[0][0] != table.header_line
    )


def on_other_sheets(best: Table, found: Sequence[Table]) -> list[Table]:
    """Those of ``found`` of the same format as ``best`` on other sheets of its workbook."""
    others = {
        one.sheet.name: one
        for one in found
        if one.sheet.name and one.sheet is not best.sheet and one.format is best.format
    }
    return list(others.values())


def leave_sheets_aside(staged: Staged, others: Sequence[Table]) -> None:
    """Each sheet may show the same figures in another way: only one is read, the rest is told."""
    for other in others:
        lines = sum(
            1
            for number, cells in other.sheet.lines()
            if number > other.header_line and any(cell.strip() for cell in cells)
        )
        if lines:
            staged.rows_read += lines
            staged.rows_aside += lines
            reason = say(
                _("they are on the sheet “{sheet}”: send it as a file of its own"),
                sheet=other.sheet.name,
            )
            note = say(_("Lines left aside: {count} ({reason})"), count=lines, reason=reason)
            staged.notes.append(note)


def _tables_of(sheet: Sheet) -> Iterator[list[Line]]:
    """The lines of each table, its header first."""
    lines: list[Line] = []
    for line in sheet.lines():
        if any(cell.strip() for cell in line[1]) and not (_is_comment(line) and not lines):
            lines.append(line)
        elif lines:
            yield lines
            lines = []
    if lines:
        yield lines


def _is_comment(line: Line) -> bool:
    return bool(line[1]) and line[1][0].startswith("#")
