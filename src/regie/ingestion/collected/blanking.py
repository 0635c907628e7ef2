"""Takes a person's names out of a journal, in its place and without moving a byte of the others.

A record keeps its length, as readers remember how far they have come; only what was published
already is looked at, so that nothing under way is touched.
"""

from __future__ import annotations

import os
import re
import zlib
from pathlib import Path

import msgspec

from regie.domain.privacy.names import LEAST_TELLING, Names, spellings
from regie.ingestion.collected.journal import FRAME, LONGEST, Record

_KEYS = rb'"(?:visitor|login|customer|email_sha256|phone_sha256|loyalty_card|email|phone)"\s*:\s*'
_decode = msgspec.msgpack.Decoder(Record).decode
_encode = msgspec.msgpack.Encoder().encode


def blank(path: Path, names: Names, *, until: int, dry: bool = False) -> int:
    """How many records before ``until`` (bytes) named the person; ``dry`` changes nothing."""
    pattern = _pattern(names)
    if pattern is None or not path.is_file():
        return 0
    changed = 0
    with path.open("rb" if dry else "r+b") as file:
        place = 0
        while place + FRAME.size <= until:
            head = file.read(FRAME.size)
            if len(head) < FRAME.size:
                break
            length, _checksum = FRAME.unpack(head)
            body = file.read(length) if length <= LONGEST else b""
            if len(body) < length or not length:
                break
            mended = _blanked(body, names, pattern)
            if mended != body:
                changed += 1
                if not dry:
                    file.seek(place)
                    file.write(FRAME.pack(length, zlib.crc32(mended)) + mended)
            place += FRAME.size + length
        if changed and not dry:
            file.flush()
            os.fsync(file.fileno())
    return changed


def _blanked(body: bytes, names: Names, pattern: re.Pattern[bytes]) -> bytes:
    mended = pattern.sub(lambda found: _same_length(found[0]), body)
    # A short name is one of a device only where the whole field says so.
    record = _decode(mended)
    if record.visitor in names.all:
        filler = "x" * len(record.visitor.encode())
        mended = _encode(msgspec.structs.replace(record, visitor=filler))
    if len(mended) != len(body):
        raise RuntimeError("a record of a journal changed its length")
    return mended


def _same_length(found: bytes) -> bytes:
    """What stands before the name (its key) stays; the name becomes as many x, a number as many 1:
    the record must still be JSON."""
    if found[:1] != b'"':
        return b"x" * len(found)
    number = re.search(rb":\s*(\d+)$", found)
    start = number.start(1) if number else found.rfind(b'"') + 1
    return found[:start] + (b"1" if number else b"x") * (len(found) - start)


def _pattern(names: Names) -> re.Pattern[bytes] | None:
    """Telling names anywhere; short ones under the keys that name a person."""
    long = {form for one in names.all if len(one) >= LEAST_TELLING for form in spellings(one)}
    short = {form for one in names.all for form in spellings(one)}
    parts = []
    if long:
        parts.append(b"(?:" + _either(long) + b")")
    if short:
        parts.append(_KEYS + b'"(?:' + _either(short) + b')(?=")')
    numbers = {one for one in short if one.isascii() and one.isdigit()}
    if numbers:
        parts.append(_KEYS + b"(?:" + _either(numbers) + rb")(?=\s*[,}])")
    return re.compile(b"|".join(parts), re.IGNORECASE) if parts else None


def _either(names: set[str]) -> bytes:
    longest_first = sorted(names, key=lambda one: (-len(one), one))
    return b"|".join(re.escape(one.encode()) for one in longest_first)
