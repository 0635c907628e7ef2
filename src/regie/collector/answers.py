"""Answers as the bytes that are sent: made once where they never change, with the date of now."""

from __future__ import annotations

from collections.abc import Iterable
from email.utils import formatdate
from http import HTTPStatus

Header = tuple[str, str]


class Clock:
    """The ``Date`` header, written again by whoever serves each second and not for each answer."""

    line = b""

    def strike(self) -> None:
        self.line = f"date: {formatdate(usegmt=True)}\r\n".encode()


CLOCK = Clock()
CLOCK.strike()


def head(status: int, headers: Iterable[Header], length: int) -> bytes:
    """An answer's first lines, without its date and the empty line that ends them."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"]
    lines += [f"{name}: {value}\r\n" for name, value in headers]
    if status != HTTPStatus.NO_CONTENT:
        lines.append(f"content-length: {length}\r\n")
    return "".join(lines).encode("latin-1", "replace")


def answer(status: int, headers: Iterable[Header] = (), body: bytes | str = b"") -> bytes:
    """A whole answer. ``headers`` hold no line break: none comes from a visitor undecoded."""
    content = body.encode() if isinstance(body, str) else body
    return b"%b%b\r\n%b" % (head(status, headers, len(content)), CLOCK.line, content)
