"""``regie serve``: the address is told when there is something to see, and nothing outlives it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.environment import SOURCE
from tests.ports import free_port

pytestmark = pytest.mark.slow


@contextmanager
def serving(port: int) -> Iterator[subprocess.Popen[str]]:
    server = subprocess.Popen(
        [sys.executable, "-m", "regie.cli.main", "serve", "--port", str(port),
         "--collector-port", str(free_port())],
        env={**os.environ, "PYTHONPATH": str(SOURCE)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield server
    finally:
        server.kill()
        server.communicate()


def of_port(port: int) -> list[int]:
    """The web server's processes, as far as their command line says the port."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"granian" in line and str(port).encode() in line:
            found.append(int(entry.name))
    return found


def test_the_address_is_told_once_the_pages_are_there() -> None:
    port = free_port()
    with serving(port) as server:
        assert server.stdout is not None
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address is not None
        with urlopen(f"{address[0]}/accounts/login/", timeout=20) as page:  # noqa: S310
            assert page.status == 200
        server.terminate()
        assert server.wait(30) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_stopped_while_it_starts_it_leaves_no_process() -> None:
    port = free_port()
    with serving(port) as server:
        for _attempt in range(300):
            if of_port(port):
                break
            time.sleep(0.05)
        assert of_port(port)
        time.sleep(0.7)  # into what is read before listening
        server.terminate()
        server.wait(40)
    for _attempt in range(40):
        if not of_port(port):
            break
        time.sleep(0.05)
    assert of_port(port) == []
