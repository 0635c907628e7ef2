"""Decides how a text file is encoded, by its bytes and never by its name."""

from __future__ import annotations

import codecs
from pathlib import Path

from regie.ingestion.files.refusal import UnreadableFile
from regie.kernel.i18n import _

CHUNK = 1 << 20
LONGEST_LINE = 2 * CHUNK
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decide_encoding(path: Path) -> str:
    """The encoding of the whole file: byte-order mark, zero-byte parity, UTF-8, Windows-1252.

    Raises ``UnreadableFile`` for what is not text, and for a line longer than two megabytes.
    """
    with path.open("rb") as file:
        head = file.read(CHUNK)
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    if b"\0" in head:
        return _by_parity(head)
    _check_is_text(head)
    return "utf-8" if _is_utf8(path) else "cp1252"


def _by_parity(head: bytes) -> str:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.6 and odd < half * 0.1:
        return "utf-16-be"
    raise UnreadableFile(
        _("This is not a table: the file holds binary bytes."),
        hint=_("Export it again from the platform as CSV or XLSX."),
    )


def _check_is_text(head: bytes) -> None:
    control = sum(head.count(bytes([code])) for code in (*range(1, 9), *range(14, 32)))
    if control > len(head) * 0.02:
        raise UnreadableFile(
            _("This is not a table: the file holds binary bytes."),
            hint=_("Export it again from the platform as CSV or XLSX."),
        )


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def check_lines(path: Path) -> None:
    """Refuse a file with a line that could not be held in memory."""
    since = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            first = chunk.find(b"\n")
            if first < 0:
                since += len(chunk)
            else:
                since = len(chunk) - chunk.rfind(b"\n")
            if since > LONGEST_LINE:
                raise UnreadableFile(
                    _("One line of this file is longer than two megabytes: it is not a table."),
                    hint=_("Export it again from the platform as CSV or XLSX."),
                )
