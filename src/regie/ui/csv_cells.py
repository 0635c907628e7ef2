"""Cells for CSV and XLSX that a spreadsheet will not run as a formula."""

from __future__ import annotations

from typing import Any

# A campaign may be called =HYPERLINK(…).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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
