"""Files that hold several tables, one below the other, with an empty line between them.

They show the same visits in several ways, so only one of them can be stored: the best reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from regie.ingestion.files.sheet import Line, Sheet
from regie.ingestion.format import Format
from regie.ingestion.recognise import Table, recognise

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
