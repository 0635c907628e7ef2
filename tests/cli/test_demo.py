"""``regie demo``: it says where it is, ends cleanly, and keeps its data for the next start."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.installation import Installation, installation
from tests.ports import free_port
from tests.waiting import PATIENCE, until

__all__ = ["installation"]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
PEOPLE = ("Amélie", "Bruno", "Chloé", "Diane")


@dataclass(frozen=True)
class Demo:
    process: subprocess.Popen[str]
    said: str  # up to where it says how to stop it
    address: str

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


@contextmanager
def started(home: Installation, port: int) -> Iterator[Demo]:
    process = subprocess.Popen(
        home.command("demo", "--port", str(port)), env=home.environment, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        said = ""
        for line in process.stdout or ():
            said += line
            if line.startswith("Ctrl-C"):
                break
        address = re.search(r"http://\S+", said)
        assert address is not None, said
        yield Demo(process, said, address[0])
    finally:
        process.kill()
        process.communicate()


def living(home: Installation) -> list[str]:
    """The command lines of processes that work for this home."""
    mark = f"REGIE_HOME={home.home}\0".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (entry / "environ").read_bytes():
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # another's, or gone
    return found


def page(address: str) -> str:
    with urlopen(f"{address}/accounts/login/", timeout=PATIENCE) as answer:  # noqa: S310
        return str(answer.read().decode())


@pytest.mark.slow
def test_it_takes_the_next_free_port_and_ends_with_all_that_it_started(
    installation: Installation,
) -> None:
    (installation.home / "demo-ready").touch()  # nothing to make: this is about the processes
    port = free_port()
    with closing(socket.create_server(("127.0.0.1", port))), started(installation, port) as demo:
        assert demo.address.startswith("http://127.0.0.1:")
        assert int(demo.address.rpartition(":")[2]) > port
        assert "<form" in page(demo.address)
        kinds = {kind for kind in ("granian", "worker", "collect") for line in living(installation)
                 if kind in line}  # fmt: skip
        assert kinds == {"granian", "worker", "collect"}

        assert demo.interrupt() == 0
    until(lambda: not living(installation))


@pytest.mark.long
def test_the_network_is_made_once_served_and_kept(installation: Installation) -> None:
    question = ("query", "--metrics", "spend,orders,leads,visits", "--organisation",
                "great-insurance", "--currency", "EUR", "--format", "json")  # fmt: skip
    with started(installation, free_port()) as demo:
        for person in PEOPLE:
            assert person in demo.said
            assert person in page(demo.address)
        before = installation.json(*question)["totals"]
        assert demo.interrupt() == 0
    until(lambda: not living(installation))
    assert all(float(value) > 0 for value in before.values())
    made = {path.name: path.stat().st_mtime_ns for path in installation.home.glob("demo-files/*")}
    assert made

    with started(installation, free_port()) as demo:
        assert "Amélie" in page(demo.address)
        assert demo.interrupt() == 0
    again = {path.name: path.stat().st_mtime_ns for path in installation.home.glob("demo-files/*")}
    assert again == made
    assert installation.json(*question)["totals"] == before
    assert not [one for one in installation.json("doctor", "--json")["findings"] if one["todo"]]
