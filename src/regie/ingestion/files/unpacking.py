"""Unpacks a workbook into one CSV per sheet, in a process of its own with little memory.

The parser lays a sheet out as one dense block: a few kilobytes that name a far corner cell
could ask for gigabytes. Here only this process ends, and the service says why.
Run as ``python -m regie.ingestion.files.unpacking WORKBOOK FOLDER``; prints the sheets as JSON.
"""

from __future__ import annotations

import csv
import json
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

MEMORY = 700 << 20
DAMAGED = 4
_EXACT_AS_FLOAT = 10**15


def main(workbook: str, folder: str) -> int:
    _limit_memory()
    from python_calamine import CalamineError, CalamineWorkbook

    found = []
    try:
        # Read by content: a path would be opened by its extension, which may lie.
        with Path(workbook).open("rb") as file:
            opened = CalamineWorkbook.from_filelike(file)
            for number, name in enumerate(opened.sheet_names):
                target = Path(folder) / f"sheet{number}.csv"
                sheet = opened.get_sheet_by_name(name)
                before = [""] * (sheet.start or (0, 0))[1]  # empty columns on the left count
                with target.open("w", encoding="utf-8", newline="") as out:
                    csv.writer(out).writerows(
                        before + [cell_text(cell) for cell in row] for row in sheet.iter_rows()
                    )
                found.append([name, target.name])
    except (CalamineError, OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return DAMAGED
    json.dump(found, sys.stdout)
    return 0


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def cell_text(cell: object) -> str:
    """A cell as the text that a person would type."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if cell.is_integer() and abs(cell) < _EXACT_AS_FLOAT:
            return str(int(cell))
        return repr(cell) if abs(cell) >= _EXACT_AS_FLOAT else format(Decimal(repr(cell)), "f")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(int(cell.total_seconds()))
    return str(cell).replace("\0", "")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
