"""Opens XLSX and XLS workbooks, after checking that they are not made to harm.

A workbook is a zip of XML: it can unfold to gigabytes or name outside entities. Both are looked
for before anything is parsed; the parser itself resolves no entity.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from regie.ingestion.files.refusal import UnreadableFile
from regie.kernel.i18n import _

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MOST_BYTES = 400 << 20
MOST_RATIO = 200
MOST_PARTS = 2_000
_EXACT_AS_FLOAT = 10**15


def is_workbook(head: bytes) -> bool:
    return head.startswith((ZIP, OLE))


def sheets(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """Name and rows of each sheet, every cell as the text a person would type.

    Raises ``UnreadableFile`` for what is not a workbook or is made to harm.
    """
    _check_harmless(path)
    try:
        # Read by content: a path would be opened by its extension, which may lie.
        with path.open("rb") as file:
            workbook = CalamineWorkbook.from_filelike(file)
            for name in workbook.sheet_names:
                rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                yield name, [[cell_text(cell) for cell in row] for row in rows]
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise UnreadableFile(
            _("This workbook cannot be opened: it is damaged, protected or not a table."),
            hint=_("Open it in a spreadsheet, save it as XLSX or CSV, and send it again."),
        ) from error


def cell_text(cell: object) -> str:
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
    return str(cell)


def _check_harmless(path: Path) -> None:
    with path.open("rb") as file:
        if not file.read(4).startswith(ZIP):
            return
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(archive.infolist())
            names = archive.namelist()
            if not any(name.startswith(("xl/", "content.xml")) for name in names):
                raise UnreadableFile(
                    _("This is a zip archive, not a workbook."),
                    hint=_("Unpack it and send the files that are inside."),
                )
            _check_no_entities(archive)
    except zipfile.BadZipFile as error:
        raise UnreadableFile(
            _("This workbook cannot be opened: it is damaged, protected or not a table."),
            hint=_("Open it in a spreadsheet, save it as XLSX or CSV, and send it again."),
        ) from error


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    unfolded = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    too_dense = unfolded > (8 << 20) and unfolded / packed > MOST_RATIO
    if len(parts) > MOST_PARTS or unfolded > MOST_BYTES or too_dense:
        raise UnreadableFile(
            _("This workbook unfolds to far more than a report holds; it was not opened."),
            hint=_("Export the report again, or save it as CSV."),
        )


def _check_no_entities(archive: zipfile.ZipFile) -> None:
    for part in archive.infolist():
        if not part.filename.endswith((".xml", ".rels")):
            continue
        with archive.open(part) as file:
            head = file.read(4096)
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise UnreadableFile(
                _(
                    "This workbook declares outside entities, which no report needs; it was refused."
                ),
                hint=_("Export the report again from the platform."),
            )
