"""Waiting for what happens elsewhere: as long as a busy machine may take, and not for ever."""

from __future__ import annotations

import http.client
import subprocess
import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 120.0  # seconds

T = TypeVar("T")


def until(condition: Callable[[], T], seconds: float = PATIENCE) -> T:
    """What ``condition`` gives as soon as it is true."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return found


def until_it_answers(server: subprocess.Popen[bytes], port: int, path: str) -> None:
    """Until the server on ``port`` of the loopback answers; where it ends before, that is said."""

    def answers() -> bool:
        if server.poll() is not None:
            raise RuntimeError("the server ended before it answered")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return True

    until(answers)
