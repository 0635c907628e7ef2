"""Cells for CSV and XLSX that a spreadsheet will not run as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Any, TextIO

# A campaign may be called =HYPERLINK(…).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Writer:
    """Writes CSV to ``out``, each cell harmless; ``how`` is what ``csv.writer`` takes."""

    def __init__(self, out: TextIO, **how: Any) -> None:
        self._written = csv.writer(out, **how)

    def row(self, cells: Iterable[Any]) -> None:
        self._written.writerow([harmless(cell) for cell in cells])

    def rows(self, rows: Iterable[Iterable[Any]]) -> None:
        for cells in rows:
            self.row(cells)


def harmless(cell: Any) -> Any:
    """Text that begins like a formula gets an apostrophe; numbers stay what they are."""
    if isinstance(cell, str) and cell.startswith(_FORMULA) and not _is_number(cell):
        return f"'{cell}"
    return "" if cell is None else cell


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
