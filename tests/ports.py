"""Ports of loopback for servers under test, no two the same."""

from __future__ import annotations

import os
import socket

# Below the ports that systems give to outgoing connections: nobody takes one between the moment
# that it is handed out and the moment that its server listens.
_FIRST, _EACH, _WORKERS = 10_000, 2_500, 8


def _range() -> list[int]:
    """This worker's own ports, begun elsewhere by another run beside it."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _WORKERS
    first, begin = _FIRST + worker * _EACH, os.getpid()
    return [first + (begin + n) % _EACH for n in range(_EACH)]


_LEFT = _range()


def free_port() -> int:
    """A port that nobody listens on; this process hands out none twice."""
    while _LEFT:
        port = _LEFT.pop()
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("a worker of the tests has used up its ports")
