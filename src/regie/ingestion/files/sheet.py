"""A file as tables of text: each line keeps the number that a person sees in an editor.

Small text files and workbooks are read here; a large clean CSV is left to Arrow's reader
(``Sheet.engine_csv``), which is many times cheaper.
"""

from __future__ import annotations

import codecs
import csv
import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from regie.ingestion.files.encoding import Encoding, decide_encoding
from regie.ingestion.files.refusal import UnreadableFile
from regie.ingestion.files.workbook import is_workbook, sheets
from regie.kernel.i18n import _, say

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
    encoding: Encoding = field(default_factory=lambda: Encoding("utf-8"))
    completes: int | None = None
    typed_cells: bool = False  # numbers came as numbers (workbooks): their mark is the dot
    by_record: bool = False  # lines are numbered by row, however many line ends a cell holds
    large: bool = field(default=False)

    def lines(self) -> Iterator[Line]:
        """Raises ``UnreadableFile`` where the text stops being a table."""
        if self.rows is not None:
            yield from self.rows
        elif self.text_path is not None:
            read = _lines_of(self)
            yield from (map(_as_it_was, read) if self.completes else read)

    @property
    def engine_csv(self) -> bool:
        utf8 = self.encoding.name in {"utf-8", "utf-8-sig"} and not self.encoding.damaged
        return self.large and utf8 and self.text_path is not None and not self.by_record


_NOTHING = (b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
COMPLETES = "# regie: refused lines of import "


def read_sheets(path: Path, work: Path, *, alone: bool = False) -> list[Sheet]:
    """Every way to read ``path`` as a table: one sheet per workbook sheet or CSV delimiter.

    ``work`` is a folder for what has to be unpacked. A text without any delimiter is no table,
    unless a column may stand ``alone``. Raises ``UnreadableFile``.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(8)
    if head in _NOTHING:
        raise _empty()
    if is_workbook(head):
        return [_workbook_sheet(name, text) for name, text in sheets(path, work)]
    encoding = decide_encoding(path)
    if size > LARGE and encoding.name not in {"utf-8", "utf-8-sig"}:
        path, encoding = _as_utf8(path, encoding, work), Encoding("utf-8", encoding.damaged)
    found = (_text_sheet(path, delimiter, encoding, large=size > LARGE) for delimiter in DELIMITERS)
    read = list(found)
    if not any(cell.strip() for sheet in read for _line, cells in sheet.preview for cell in cells):
        raise _empty()
    tables = [sheet for sheet in read if any(len(cells) > 1 for _line, cells in sheet.preview)]
    return tables or (read[:1] if alone else [])


def _empty() -> UnreadableFile:
    return UnreadableFile(
        _("This file is empty."), hint=_("Export it again: the download may have failed.")
    )


def _text_sheet(path: Path, delimiter: str, encoding: Encoding, *, large: bool) -> Sheet:
    sheet = Sheet("", [], None, path, delimiter, encoding, large=large)
    sheet.preview = _preview(sheet)
    sheet.completes = _completes(sheet.preview)
    return sheet


def _workbook_sheet(name: str, path: Path) -> Sheet:
    sheet = Sheet(name, [], None, path, ",", Encoding("utf-8"), typed_cells=True, by_record=True)
    sheet.preview = _preview(sheet)
    sheet.completes = _completes(sheet.preview)
    return sheet


def _preview(sheet: Sheet) -> list[Line]:
    """The first lines, as far as they can be read: reading all of them says what is wrong."""
    lines: list[Line] = []
    with suppress(UnreadableFile):
        for line in islice(sheet.lines(), PREVIEW):
            lines.append(line)
    return lines


def _completes(preview: list[Line]) -> int | None:
    first = ",".join(preview[0][1]).strip().strip('"') if preview else ""
    if first.startswith(COMPLETES):
        digits = first.removeprefix(COMPLETES).split(",")[0].strip()
        return int(digits) if digits.isdigit() else None
    return None


def _as_it_was(line: Line) -> Line:
    """Refused lines go out with an apostrophe before what a spreadsheet would run."""
    number, cells = line
    marked = ("'=", "'+", "'-", "'@", "'\t", "'\r")
    return number, [cell[1:] if cell.startswith(marked) else cell for cell in cells]


def _lines_of(sheet: Sheet) -> Iterator[Line]:
    with _text(sheet) as text:
        reader = csv.reader(text, delimiter=sheet.delimiter)
        start, record = 1, 0
        try:
            for cells in reader:
                record += 1
                yield (record if sheet.by_record else start), cells
                last, start = start, reader.line_num + 1
        except csv.Error as error:
            raise _unclosed(start) from error
    if record and reader.line_num > last and not sheet.by_record:
        _check_closed(sheet, last)


def _text(sheet: Sheet) -> io.TextIOWrapper:
    assert sheet.text_path is not None  # noqa: S101 - asked for by ``lines`` only then
    text = sheet.text_path.open(
        encoding=sheet.encoding.name, newline="", errors=sheet.encoding.errors
    )
    if sheet.encoding.name.startswith("utf-16") and text.read(1) != "\ufeff":
        text.seek(0)
    return text


def _check_closed(sheet: Sheet, line: int) -> None:
    """Refuse a file whose last cell swallows the rest of it."""
    with _text(sheet) as text:
        try:
            for _cells in csv.reader(
                islice(text, line - 1, None), delimiter=sheet.delimiter, strict=True
            ):
                pass
        except csv.Error as error:
            if "unexpected end" in str(error):
                raise _unclosed(line) from error


def _unclosed(line: int) -> UnreadableFile:
    return UnreadableFile(
        say(_("A quotation mark opens on line {line} and is never closed."), line=line),
        hint=_("Close it or take it away, and send the file again."),
    )


def _as_utf8(path: Path, encoding: Encoding, work: Path) -> Path:
    handle, target = tempfile.mkstemp(suffix=".csv", dir=work)
    decoder = codecs.getincrementaldecoder(encoding.name)(errors=encoding.errors)
    with path.open("rb") as source, open(handle, "w", encoding="utf-8", newline="") as out:
        while chunk := source.read(1 << 20):
            out.write(decoder.decode(chunk).removeprefix("\ufeff"))
        out.write(decoder.decode(b"", final=True))
    return Path(target)
