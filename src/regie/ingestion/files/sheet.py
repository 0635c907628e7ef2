"""A file as tables of text: each line keeps the number that a person sees in an editor.

Small text files and workbooks are read here; a large clean CSV is left to the engine's own
reader (``Sheet.engine_csv``), which is many times cheaper.
"""

from __future__ import annotations

import codecs
import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from regie.ingestion.files.encoding import check_lines, decide_encoding
from regie.ingestion.files.refusal import UnreadableFile
from regie.ingestion.files.workbook import is_workbook, sheets
from regie.kernel.i18n import _

DELIMITERS = (",", "\t", ";", "|")
PREVIEW = 60
LARGE = 8 << 20

csv.field_size_limit(min(sys.maxsize, 1 << 22))

Line = tuple[int, list[str]]


@dataclass
class Sheet:
    """One table of text. ``preview`` holds its first lines; ``lines()`` reads all of them."""

    name: str
    preview: list[Line]
    rows: list[Line] | None = None
    text_path: Path | None = None
    delimiter: str = ""
    encoding: str = "utf-8"
    completes: int | None = None
    typed_cells: bool = False  # numbers came as numbers (workbooks): their mark is the dot
    large: bool = field(default=False)

    def lines(self) -> Iterator[Line]:
        if self.rows is not None:
            yield from self.rows
        elif self.text_path is not None:
            yield from _csv_lines(self.text_path, self.delimiter, self.encoding)

    @property
    def engine_csv(self) -> bool:
        return self.large and self.encoding in {"utf-8", "utf-8-sig"} and self.text_path is not None


COMPLETES = "# regie: refused lines of import "


def read_sheets(path: Path, work: Path) -> list[Sheet]:
    """Every way to read ``path`` as a table: one sheet per workbook sheet or CSV delimiter.

    ``work`` is a folder for what has to be unpacked. Raises ``UnreadableFile``.
    """
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFile(
            _("This file is empty."), hint=_("Export it again: the download may have failed.")
        )
    with path.open("rb") as file:
        head = file.read(8)
    if is_workbook(head):
        return [_workbook_sheet(name, rows) for name, rows in sheets(path)]
    encoding = decide_encoding(path)
    check_lines(path)
    if size > LARGE and encoding not in {"utf-8", "utf-8-sig"}:
        path, encoding = _as_utf8(path, encoding, work), "utf-8"
    return list(_text_sheets(path, encoding, large=size > LARGE))


def _text_sheets(path: Path, encoding: str, *, large: bool) -> Iterator[Sheet]:
    for delimiter in DELIMITERS:
        try:
            preview = list(islice(_csv_lines(path, delimiter, encoding), PREVIEW))
        except (csv.Error, UnicodeError):
            continue
        if any(len(cells) > 1 for _line, cells in preview):
            completes = _completes(preview)
            yield Sheet("", preview, None, path, delimiter, encoding, completes, large=large)


def _completes(preview: list[Line]) -> int | None:
    first = ",".join(preview[0][1]).strip().strip('"') if preview else ""
    if first.startswith(COMPLETES):
        digits = first.removeprefix(COMPLETES).split(",")[0].strip()
        return int(digits) if digits.isdigit() else None
    return None


def _workbook_sheet(name: str, rows: list[list[str]]) -> Sheet:
    lines = [(number, cells) for number, cells in enumerate(rows, start=1)]
    return Sheet(name, lines[:PREVIEW], lines, typed_cells=True)


def _csv_lines(path: Path, delimiter: str, encoding: str) -> Iterator[Line]:
    with path.open(encoding=encoding, newline="", errors=_errors(encoding)) as text:
        if encoding.startswith("utf-16"):
            _skip_bom(text)
        reader = csv.reader(text, delimiter=delimiter)
        start = 1
        for cells in reader:
            yield start, cells
            start = reader.line_num + 1


def _errors(encoding: str) -> str:
    return "replace" if encoding == "cp1252" else "strict"


def _skip_bom(text: io.TextIOWrapper) -> None:
    if text.read(1) != "\ufeff":
        text.seek(0)


def _as_utf8(path: Path, encoding: str, work: Path) -> Path:
    target = work / "text.csv"
    decoder = codecs.getincrementaldecoder(encoding)(errors=_errors(encoding))
    with path.open("rb") as source, target.open("w", encoding="utf-8", newline="") as out:
        while chunk := source.read(1 << 20):
            out.write(decoder.decode(chunk).removeprefix("\ufeff"))
        out.write(decoder.decode(b"", final=True))
    return target
