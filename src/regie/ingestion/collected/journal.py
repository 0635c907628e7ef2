"""The form of a journal: what the collector appends, and how it is read again after any end.

A journal is a file of frames, each a length, a checksum and a record. A file is written by one
process and never appended to by another, so that what follows a torn frame is nothing.
"""

from __future__ import annotations

import fcntl
import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

SUFFIX = ".journal"
FRAME = struct.Struct("<II")
LONGEST = 1 << 20  # bytes of a record: a longer one is a broken length


class Record(msgspec.Struct, array_like=True, frozen=True):
    """One thing that happened, as it was received; nothing is judged yet.

    ``at`` is the time of receipt in microseconds since 1970. ``source`` is a link for a click, a
    site for anything else. ``address`` is truncated, ``day_visitor`` is of one day and one site.
    ``visitor`` is the visitor's own cookie, present only with consent. ``sent`` is what the page or
    the server said, as JSON.
    """

    id: str
    kind: str
    at: int
    organisation: int
    source: int
    query: str = ""
    referrer: str = ""
    agent: str = ""
    address: str = ""
    day_visitor: str = ""
    visitor: str = ""
    country: str = ""
    flags: str = ""
    sent: bytes = b""


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Record).decode


def frame(record: Record) -> bytes:
    """The bytes of ``record`` as they stand in a journal."""
    body = _encode(record)
    return FRAME.pack(len(body), zlib.crc32(body)) + body


@dataclass(frozen=True)
class Stretch:
    """What a journal holds from an offset on: its records, and where the whole ones end."""

    records: list[Record]
    end: int
    torn: int  # bytes after the last whole frame


def read(path: Path, offset: int, *, most: int) -> Stretch:
    """At most ``most`` records of ``path`` from ``offset`` on, all of them durable."""
    with path.open("rb") as file:
        # A reader may be quicker than the writer's sync: nothing is published that could be lost.
        os.fdatasync(file.fileno())
        size = os.fstat(file.fileno()).st_size
        file.seek(offset)
        content = file.read(size - offset) if size > offset else b""
    records: list[Record] = []
    place = 0
    for body, after in _frames(content):
        if len(records) == most:
            return Stretch(records, offset + place, 0)
        records.append(_decode(body))
        place = after
    return Stretch(records, offset + place, len(content) - place)


def _frames(content: bytes) -> Iterator[tuple[memoryview, int]]:
    view, place = memoryview(content), 0
    while place + FRAME.size <= len(content):
        length, checksum = FRAME.unpack_from(content, place)
        start, end = place + FRAME.size, place + FRAME.size + length
        if length > LONGEST or end > len(content) or zlib.crc32(view[start:end]) != checksum:
            return
        yield view[start:end], end
        place = end


def journals(folder: Path) -> list[Path]:
    """Every journal, oldest first."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def is_open(path: Path) -> bool:
    """Whether a living process still appends to it: its lock ends with the process."""
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
