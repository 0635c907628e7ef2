"""HTTP/1.1 as far as the collector needs it: one object for each connection, none for a request.

The grammar is llhttp's, by httptools. Bounded in every direction, since anybody can call: the size
of a request, how many wait on one connection, how many connections there are and how long one may
be silent or slow. Answers go out in the order of the requests.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol, cast

import httptools

from regie.collector.answers import CLOCK, answer

MOST_BYTES = 320 << 10  # of a whole request; of events it is less, and refused with a sentence
MOST_WAITING = 32  # requests of one connection that were sent before the one ahead was answered
MOST_CONNECTIONS = 10_000
IDLE_S, SLOW_S = 75, 20  # without a request; for the whole of one
CLOSE = ("connection", "close")
LOG = logging.getLogger(__name__)


class Request:
    """``headers`` are those that were asked for, their names in lower case; all values as sent."""

    __slots__ = ("address", "body", "headers", "is_last", "method", "target")

    def __init__(self, address: str) -> None:
        self.address = address
        self.target = b""
        self.headers: dict[bytes, bytes] = {}
        self.body = b""
        self.method = b""
        self.is_last = False


def _with_plain_target(data: bytes) -> bytes:
    """``data`` whose first line has its letters beyond ASCII as %XX: the grammar knows no other,
    and who pastes an address with an accent or a space that does not break means what he says."""
    line, end, rest = data.partition(b"\n")
    if line.isascii():
        return data
    return b"".join(b"%%%02X" % one if one > 127 else bytes((one,)) for one in line) + end + rest


class Handler(Protocol):
    """What answers: it calls ``send`` once, now or later, with a whole answer."""

    def __call__(self, request: Request, send: Callable[[bytes], None], /) -> None: ...


class Server:
    """What connections share: who answers, which headers are kept, and the passing of time."""

    def __init__(self, handler: Handler, wanted: Iterable[str]) -> None:
        self.handler = handler
        self.wanted = frozenset(name.encode() for name in (*wanted, "expect"))
        self.connections: set[Connection] = set()
        self.second = 0
        self.is_leaving = False

    def connection(self) -> Connection:
        return Connection(self)

    async def keep_time(self) -> None:
        """Each second: a new date, and the end of connections that are idle or too slow."""
        while True:
            await asyncio.sleep(1)
            self.second += 1
            CLOCK.strike()
            if self.second % 5 == 0:
                for one in list(self.connections):
                    one.end_if_late(self.second)

    async def leave(self, within_s: float) -> None:
        """Let what was asked be answered, then close every connection."""
        self.is_leaving = True
        for one in list(self.connections):
            one.end_if_quiet()
        left = within_s
        while self.connections and left > 0:
            await asyncio.sleep(0.02)
            left -= 0.02
        for one in list(self.connections):
            one.abort()


class Connection(asyncio.Protocol):
    """One connection. The parser calls the ``on_`` methods while it is fed."""

    __slots__ = (
        "_address", "_parser", "_reading", "_request", "_server", "_since", "_size", "_transport",
        "_waiting",
    )  # fmt: skip

    def __init__(self, server: Server) -> None:
        self._server = server
        self._parser: httptools.HttpRequestParser | None = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._address = ""
        self._reading: Request | None = None  # not whole yet
        self._request: Request | None = None  # not answered yet
        self._waiting: deque[Request] = deque()
        self._size = 0
        self._since = server.second

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername")
        self._address = peer[0] if isinstance(peer, tuple) else ""
        if len(self._server.connections) >= MOST_CONNECTIONS:
            self._refuse(503, ("retry-after", "5"))
            return
        self._server.connections.add(self)

    def connection_lost(self, _problem: Exception | None) -> None:
        self._server.connections.discard(self)
        self._transport = None
        self._waiting.clear()
        self._parser = None  # which holds this connection

    def data_received(self, data: bytes) -> None:
        if self._parser is None or self._transport is None or self._transport.is_closing():
            return
        self._size += len(data)
        if self._reading is None and not data.isascii():
            data = _with_plain_target(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # Another protocol was offered: the answer in this one says no, and is the last.
            if self._request is not None:
                self._request.is_last = True
        except httptools.HttpParserError:
            self._refuse(400)
            return
        if self._reading is not None and self._size > MOST_BYTES:
            self._refuse(413)

    def on_url(self, url: bytes) -> None:
        if self._reading is None:
            self._reading = Request(self._address)
            self._since = self._server.second
        self._reading.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        lower = name.lower()
        if lower in self._server.wanted and self._reading is not None:
            self._reading.headers[lower] = value
            if lower == b"expect" and self._request is None and self._transport is not None:
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        if self._reading is not None:
            self._reading.body += body

    def on_message_complete(self) -> None:
        request, self._reading = self._reading, None
        parser = self._parser
        self._size = 0
        if request is None or parser is None:
            return
        request.method = parser.get_method()
        if not parser.should_keep_alive() or parser.get_http_version() != "1.1":
            request.is_last = True
        if self._request is None:
            self._handle(request)
        elif len(self._waiting) < MOST_WAITING:
            self._waiting.append(request)
        else:
            self._refuse(429)

    def _handle(self, request: Request) -> None:
        self._request = request
        try:
            self._server.handler(request, self.send)
        except Exception:
            LOG.exception("A request was not answered")
            self.send(answer(500))

    def send(self, content: bytes) -> None:
        """Send the answer of the request that waits for it, then take up the next."""
        request, self._request = self._request, None
        transport = self._transport
        if transport is None or request is None or transport.is_closing():
            return
        if request.method == b"HEAD":
            content = content[: content.index(b"\r\n\r\n") + 4]
        if request.is_last or self._server.is_leaving:
            transport.write(content.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n", 1))
            transport.close()
            return
        transport.write(content)
        self._since = self._server.second
        if self._waiting:
            self._handle(self._waiting.popleft())

    def end_if_late(self, second: int) -> None:
        silent = second - self._since
        if self._reading is not None and silent > SLOW_S:
            self._refuse(408)
        elif silent > IDLE_S:
            self.abort()

    def end_if_quiet(self) -> None:
        if self._request is None and self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _refuse(self, status: int, *headers: tuple[str, str]) -> None:
        """Answer what cannot be read or is too much, and end."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(answer(status, [CLOSE, *headers]))
            self._transport.close()
