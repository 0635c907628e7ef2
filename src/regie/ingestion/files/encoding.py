"""Decides how a text file is encoded, by its bytes and never by its name."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from regie.ingestion.files.refusal import UnreadableFile
from regie.kernel.i18n import _

CHUNK = 1 << 20
STEP = 1 << 16  # larger pieces of memory come new from the system each time
LONGEST_LINE = 2 * CHUNK
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True)
class Encoding:
    """``damaged``: some bytes mean nothing in it and read as U+FFFD; their lines are refused."""

    name: str
    damaged: bool = False

    @property
    def errors(self) -> str:
        return "replace" if self.damaged or self.name == "cp1252" else "strict"


def decide_encoding(path: Path) -> Encoding:
    """The encoding of the whole file: byte-order mark, zero-byte parity, UTF-8, Windows-1252.

    Raises ``UnreadableFile`` for what is not text, and for a line longer than two megabytes.
    """
    with path.open("rb") as file:
        head = file.read(CHUNK)
    encoding = next((name for bom, name in _BOMS if head.startswith(bom)), "")
    if not encoding and b"\0" in head:
        encoding = _by_parity(head)
    wide = encoding.startswith("utf-16")
    if not wide:
        _check_is_text(head)
    name = encoding or "utf-8"
    if _is_whole(path, name, never=b"\0\0\0" if wide else b"\0"):
        return Encoding(name)
    return _decoded(path, name, is_sure=bool(encoding))


def _is_whole(path: Path, encoding: str, *, never: bytes) -> bool:
    """Whether all of the file is text in ``encoding``.

    Refuses zero bytes, and a line that could not be held in memory.
    """
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    whole, since, before = True, 0, b""
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(STEP):
            if never in chunk or never in before + chunk[:2]:
                raise _binary()
            before = chunk[-2:]
            end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            since = since + len(chunk) if end < 0 else len(chunk) - end
            if since > LONGEST_LINE:
                raise _too_long()
            whole = whole and _decodes(decoder, chunk)
    return whole and _decodes(decoder, b"", final=True)


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final=final)
    except UnicodeDecodeError:
        return False
    return True


def _by_parity(head: bytes) -> str:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.6 and odd < half * 0.1:
        return "utf-16-be"
    raise _binary()


def _check_is_text(head: bytes) -> None:
    control = sum(head.count(bytes([code])) for code in (*range(1, 9), *range(14, 32)))
    if control > len(head) * 0.02:
        raise _binary()


def _binary() -> UnreadableFile:
    return UnreadableFile(
        _("This is not a table: the file holds binary bytes."),
        hint=_("Export it again from the platform as CSV or XLSX."),
    )


def _too_long() -> UnreadableFile:
    return UnreadableFile(
        _("One line of this file is longer than two megabytes: it is not a table."),
        hint=_("Export it again from the platform as CSV or XLSX."),
    )


def _decoded(path: Path, encoding: str, *, is_sure: bool) -> Encoding:
    """``encoding`` if the file is written in it, though damaged; else Windows-1252.

    A file with more letters that UTF-8 explains than bytes it does not was UTF-8, and damaged.
    """
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    letters = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError:
                text = chunk.decode(encoding, errors="replace")
                bad = text.count("\ufffd")
                letters += _letters(text) - bad
                is_utf = is_sure or letters > bad
                return Encoding(encoding, damaged=True) if is_utf else Encoding("cp1252")
            if letters <= CHUNK:  # more than a chunk could hold of bad bytes: they cannot win
                letters += _letters(text)
    return _ended(decoder, encoding, letters, is_sure=is_sure)


def _letters(text: str) -> int:
    """How many characters are beyond ASCII; counted without a loop, for files of gigabytes."""
    return 0 if text.isascii() else len(text) - len(text.encode("ascii", errors="ignore"))


def _ended(
    decoder: codecs.IncrementalDecoder, encoding: str, letters: int, *, is_sure: bool
) -> Encoding:
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        is_utf = is_sure or letters > 1
        return Encoding(encoding, damaged=True) if is_utf else Encoding("cp1252")
    return Encoding(encoding)
