"""How the collector speaks HTTP, byte by byte: what is odd, too much, or meant to break it."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regie.collector import http
from regie.collector.answers import answer
from regie.collector.http import Request, Server

GET = b"GET /r/a HTTP/1.1\r\nHost: x\r\n\r\n"
T = TypeVar("T")
Wire = Callable[..., bytes]


class Echo:
    """Answers with what was asked; ``/later`` a moment later, as the disk does."""

    def __call__(self, request: Request, send: Callable[[bytes], None]) -> None:
        if request.target == b"/broken":
            raise ValueError("secret")
        said = b"%b %b %b %d" % (
            request.method, request.target, request.headers.get(b"x-said", b"-"),
            len(request.body),
        )  # fmt: skip
        if request.target.startswith(b"/later"):
            asyncio.get_running_loop().call_later(0.05, send, answer(200, (), said))
        else:
            send(answer(200, (), said))


def run(work: Coroutine[Any, Any, T]) -> T:
    """In a thread of its own: a browser of other tests may have a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a server that runs in a thread of its own."""
    loop, found = asyncio.new_event_loop(), []
    ready = threading.Event()

    async def serve() -> None:
        server = Server(Echo(), ["x-said"])
        listening = await loop.create_server(server.connection, "127.0.0.1", 0)
        found.append(listening.sockets[0].getsockname()[1])
        ready.set()

    def work() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(serve())
        loop.run_forever()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    ready.wait(10)
    yield found[0]
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


@pytest.fixture(scope="module")
def wire(port: int) -> Wire:
    """Sends pieces, each in a packet of its own, and reads until the server ends or is silent."""

    def send(*pieces: bytes) -> bytes:
        got = b""
        with socket.create_connection(("127.0.0.1", port), timeout=0.4) as line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                for piece in pieces:
                    line.sendall(piece)
                while more := line.recv(65_536):
                    got += more
            except (TimeoutError, OSError):
                pass
        return got

    return send


def test_a_request_in_pieces_is_one_request(wire: Wire) -> None:
    assert wire(*[GET[i : i + 1] for i in range(len(GET))]).endswith(b"GET /r/a - 0")


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(0, 200), max_size=6))
def test_requests_cut_anywhere_are_answered_in_their_order(wire: Wire, cuts: list[int]) -> None:
    sent = (
        b"".join(
            b"POST /%b%d HTTP/1.1\r\nHost: x\r\nX-Said: %d\r\nContent-Length: 3\r\n\r\nabc"
            % (b"later" if one % 2 else b"now", one, one)
            for one in range(4)
        )
        + b"GET /end HTTP/1.1\r\nConnection: close\r\n\r\n"
    )
    places = sorted({min(cut, len(sent)) for cut in cuts} | {0, len(sent)})
    got = wire(*[sent[a:b] for a, b in pairwise(places)])

    bodies = [part.partition(b"HTTP/1.1")[0] for part in got.split(b"\r\n\r\n")[1:]]
    assert bodies == [
        b"POST /now0 0 3", b"POST /later1 1 3", b"POST /now2 2 3", b"POST /later3 3 3",
        b"GET /end - 0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("target", "read"),
    [
        ("/r/ÉTÉ?utm_content=crème&gclid=Ab%2Fc".encode(),
         b"/r/%C3%89T%C3%89?utm_content=cr%C3%A8me&gclid=Ab%2Fc"),
        (b"/r/a?b=\xe9", b"/r/a?b=%E9"),
        ("/r/a\u00a0".encode(), b"/r/a%C2%A0"),
    ],
)  # fmt: skip
def test_an_address_that_was_pasted_with_accents_is_read(
    wire: Wire, target: bytes, read: bytes
) -> None:
    got = wire(b"POST " + target + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n\xc3\xa9")

    assert got.endswith(b"POST " + read + b" - 2")


def test_a_body_in_chunks_is_put_together(wire: Wire) -> None:
    head = b"POST /e HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert wire(head, b"3\r\nabc\r\n", b"2\r\nde\r\n0\r\n\r\n").endswith(b"POST /e - 5")


def test_who_waits_to_be_asked_for_the_body_is_asked(wire: Wire) -> None:
    head = b"POST /e HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    got = wire(head, b"ab")

    assert got.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")


def test_only_the_head_is_sent_to_who_asks_for_it(wire: Wire) -> None:
    got = wire(GET.replace(b"GET", b"HEAD"))

    assert b"content-length: 13\r\n" in got
    assert got.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    "request_", [GET.replace(b"1.1", b"1.0"), GET.replace(b"Host: x", b"Connection: close")]
)
def test_a_connection_that_shall_end_ends(wire: Wire, request_: bytes) -> None:
    got = wire(request_ + GET)

    assert b"connection: close" in got
    assert got.count(b"HTTP/1.1 200") == 1


def test_another_protocol_is_not_spoken(wire: Wire) -> None:
    offered = GET.replace(b"Host: x", b"Connection: Upgrade\r\nUpgrade: h2c")
    assert b"HTTP/1.1 200 OK" in wire(offered)


@pytest.mark.parametrize(
    "broken",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"POST /e HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /e HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"GET / HTTP/1.1\r\nX-Said: a\r\n : b\nc\r\n\r\n",
    ],
)
def test_what_cannot_be_read_is_refused_and_ends(wire: Wire, broken: bytes) -> None:
    got = wire(broken)

    assert got.startswith(b"HTTP/1.1 400 ")
    assert got.count(b"HTTP/1.1") == 1


def test_a_request_without_end_is_cut_off(wire: Wire) -> None:
    endless = b"GET / HTTP/1.1\r\nX-Said: " + b"a" * http.MOST_BYTES
    assert wire(endless)[:13] in (b"HTTP/1.1 413 ", b"")  # the answer, or a line that is cut


def test_requests_that_nobody_waits_for_do_not_pile_up(wire: Wire) -> None:
    got = wire(GET.replace(b"/r/a", b"/later") * (http.MOST_WAITING + 20))
    assert b"HTTP/1.1 429 " in got


def test_an_error_is_an_answer_that_says_nothing(wire: Wire) -> None:
    got = wire(GET.replace(b"/r/a", b"/broken") + GET)

    assert got.startswith(b"HTTP/1.1 500 ")
    assert b"secret" not in got
    assert got.endswith(b"GET /r/a - 0")


def test_every_answer_is_dated(wire: Wire) -> None:
    assert b" GMT\r\n" in wire(GET).partition(b"date: ")[2]


@pytest.mark.parametrize(
    ("sent", "after_s", "heard"),
    [
        (b"GET / HTTP/1.1\r\nHost:", http.SLOW_S, None),
        (b"GET / HTTP/1.1\r\nHost:", http.SLOW_S + 1, b"HTTP/1.1 408 "),
        (GET, http.SLOW_S + 1, None),
        (GET, http.IDLE_S + 1, b"HTTP/1.1 200 "),
    ],
)
def test_who_is_slow_or_silent_is_let_go(sent: bytes, after_s: int, heard: bytes | None) -> None:
    """``heard`` is how what was said begins once the line is cut; None where it is not."""

    async def heard_of() -> bytes | None:
        server, loop = Server(Echo(), []), asyncio.get_running_loop()
        listening = await loop.create_server(server.connection, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname())
        writer.write(sent)
        await asyncio.sleep(0.1)
        for one in list(server.connections):
            one.end_if_late(after_s)
        try:
            return await asyncio.wait_for(reader.read(), 0.3)
        except TimeoutError:
            return None
        finally:
            writer.close()
            listening.close()

    got = run(heard_of())
    assert got is None if heard is None else got is not None and got.startswith(heard)


def test_who_leaves_is_let_finish() -> None:
    async def leaving() -> tuple[bytes, bytes]:
        server, loop = Server(Echo(), []), asyncio.get_running_loop()
        listening = await loop.create_server(server.connection, "127.0.0.1", 0)
        lines = [
            await asyncio.open_connection(*listening.sockets[0].getsockname()) for _two in range(2)
        ]
        lines[0][1].write(GET.replace(b"/r/a", b"/later"))
        await asyncio.sleep(0.02)
        await server.leave(5)
        heard = [await reader.read() for reader, _writer in lines]
        for _reader, writer in lines:
            writer.close()
        listening.close()
        return heard[0], heard[1]

    asked, idle = run(leaving())
    assert asked.endswith(b"GET /later - 0")
    assert idle == b""
