"""Opens XLSX and XLS workbooks, after checking that they are not made to harm.

A workbook is a zip of XML: it can unfold to gigabytes or name outside entities. Both are looked
for before anything is parsed; the parser itself resolves no entity, and runs apart.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from regie.ingestion.files.refusal import UnreadableFile
from regie.ingestion.files.unpacking import DAMAGED
from regie.kernel.i18n import _

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MOST_BYTES = 400 << 20
MOST_RATIO = 200
MOST_PARTS = 2_000
LONGEST_S = 300
PROLOGUE = 1 << 20


def is_workbook(head: bytes) -> bool:
    return head.startswith((ZIP, OLE))


def sheets(path: Path, work: Path) -> Iterator[tuple[str, Path]]:
    """Name of each sheet, and a CSV below ``work`` with its cells as a person would type them.

    Raises ``UnreadableFile`` for what is not a workbook or is made to harm.
    """
    _check_harmless(path)
    folder = Path(tempfile.mkdtemp(dir=work))
    command = [sys.executable, "-m", "regie.ingestion.files.unpacking", str(path), str(folder)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"}
    done = subprocess.run(
        command, env=environment, capture_output=True, timeout=LONGEST_S, check=False
    )
    if done.returncode == DAMAGED:
        raise _damaged()
    if done.returncode:
        raise _too_much()
    for name, file in json.loads(done.stdout):
        yield name, folder / file


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
        raise _damaged() from error


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    unfolded = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    too_dense = unfolded > (8 << 20) and unfolded / packed > MOST_RATIO
    if len(parts) > MOST_PARTS or unfolded > MOST_BYTES or too_dense:
        raise _too_much()


def _too_much() -> UnreadableFile:
    return UnreadableFile(
        _("This workbook unfolds to far more than a report holds; it was not opened."),
        hint=_("Export the report again, or save it as CSV."),
    )


def _damaged() -> UnreadableFile:
    return UnreadableFile(
        _("This workbook cannot be opened: it is damaged, protected or not a table."),
        hint=_("Open it in a spreadsheet, save it as XLSX or CSV, and send it again."),
    )


def _check_no_entities(archive: zipfile.ZipFile) -> None:
    for part in archive.infolist():
        if not part.filename.endswith((".xml", ".rels")):
            continue
        with archive.open(part) as file:
            head = file.read(PROLOGUE)
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise UnreadableFile(
                _("This workbook declares outside entities; no report needs them."),
                hint=_("Export the report again from the platform."),
            )
