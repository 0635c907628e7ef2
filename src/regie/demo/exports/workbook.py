"""XLSX files whose bytes depend on their cells only, not on the moment they were written."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal

from openpyxl import Workbook

_MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")
_EPOCH = (2026, 1, 1, 0, 0, 0)


def workbook(title: str, rows: Iterable[Sequence[str | int | Decimal | None]]) -> bytes:
    """One sheet with ``rows``; decimals become the numbers that a spreadsheet shows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append([float(cell) if isinstance(cell, Decimal) else cell for cell in row])
    raw = io.BytesIO()
    book.save(raw)
    return _timeless(raw)


def _timeless(raw: io.BytesIO) -> bytes:
    """The same archive without the clock: fixed dates inside and outside."""
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.infolist():
            content = _MODIFIED.sub(rb"\g<1>2026-01-01T00:00:00Z\g<3>", old.read(item))
            entry = zipfile.ZipInfo(item.filename, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return out.getvalue()
