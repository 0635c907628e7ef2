"""``python -m bench.load PORT COUNT [BODY]``: requests over kept connections, one after the other.

Prints how many answers there were of each status. Its own cost is nobody's: only the processor
time of the server is compared.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from typing import cast

CONNECTIONS = 128
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0"


def request(number: int, body: str) -> bytes:
    """A click, or an event whose ``ID`` is made unique."""
    head = f"Host: 127.0.0.1\r\nUser-Agent: {AGENT}\r\nReferer: https://social.example/post\r\n"
    if not body:
        return f"GET /r/go HTTP/1.1\r\n{head}\r\n".encode()
    content = body.replace("ID", f"{number:016x}")
    said = f"Content-Type: text/plain\r\nContent-Length: {len(content)}\r\n"
    return f"POST /e HTTP/1.1\r\n{head}{said}\r\n{content}".encode()


class Client(asyncio.Protocol):
    """One connection: the next request leaves when the answer is whole."""

    def __init__(
        self, numbers: list[int], body: str, seen: Counter[str], done: asyncio.Future[None]
    ):
        self.numbers, self.body, self.seen, self.done = numbers, body, seen, done
        self.waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        head, end, rest = self.waiting.partition(b"\r\n\r\n")
        if not end:
            return
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0].strip()
        if len(rest) >= int(length or 0):
            self.seen[head[9:12].decode()] += 1
            self.waiting = b""
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def _next(self) -> None:
        if self.numbers:
            self.transport.write(request(self.numbers.pop(), self.body))
        else:
            self.transport.close()


async def load(port: int, count: int, body: str) -> Counter[str]:
    loop, seen = asyncio.get_running_loop(), Counter[str]()
    numbers = list(range(count))
    ends = [loop.create_future() for _one in range(CONNECTIONS)]
    for end in ends:
        await loop.create_connection(
            lambda end=end: Client(numbers, body, seen, end), "127.0.0.1", port
        )
    await asyncio.gather(*ends)
    return seen


if __name__ == "__main__":
    import uvloop

    answered = uvloop.run(load(int(sys.argv[1]), int(sys.argv[2]), "".join(sys.argv[3:4])))
    print(json.dumps(answered))  # noqa: T201
