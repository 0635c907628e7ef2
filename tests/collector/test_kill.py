"""Killed under load, and cut from its power: what was told yes is there, once.

Every client remembers what it was told yes for. After each end the journals are published, and in
the warehouse each of these events stands exactly once.
"""

from __future__ import annotations

import asyncio
import os
import random
import resource
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from tests.collector.running import Running, end, running, start
from tests.collector.test_collecting import rows
from tests.installation import new_installation
from tests.ports import free_port
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.slow
CLIENTS = 24
CHANCE = random.Random()  # noqa: S311 - when to kill, not a secret
DISK = Path(__file__).parent / "disk"


@dataclass
class Told:
    """Ids of events and of clicks for which the answer was yes; and of all that were sent."""

    events: set[str] = field(default_factory=set)
    clicks: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)


async def client(shop: Running, told: Told, stop: asyncio.Event) -> None:
    """Clicks and events in turn, until the collector is gone; each event sent twice at times."""
    again = ""
    while not stop.is_set():
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
            while not stop.is_set():
                name = again or uuid.uuid4().hex
                again = name if not again and CHANCE.random() < 0.2 else ""
                await _event(shop, told, name, reader, writer)
                await _click(told, reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            if stop.is_set():
                return
            await asyncio.sleep(0.02)


async def _event(
    shop: Running, told: Told, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    body = f'{{"name":"page_view","id":"{name}","site":"{shop.key}"}}'.encode()
    told.sent.add(name)
    writer.write(
        b"POST /e HTTP/1.1\r\nHost: x\r\nUser-Agent: Mozilla/5.0 (X11) Firefox/140.0\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body) + body
    )
    head = await reader.readuntil(b"\r\n\r\n")
    await reader.readexactly(_length(head))
    if head.startswith(b"HTTP/1.1 202"):
        told.events.add(name)


async def _click(told: Told, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"GET /r/ete HTTP/1.1\r\nHost: x\r\nUser-Agent: Mozilla/5.0 (X11) Firefox\r\n\r\n")
    head = await reader.readuntil(b"\r\n\r\n")
    await reader.readexactly(_length(head))
    if head.startswith(b"HTTP/1.1 302"):
        told.clicks.add(head.partition(b"x-event-id: ")[2].partition(b"\r\n")[0].decode())


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)


def under_load(shop: Running, told: Told, seconds: float) -> None:
    """In a thread of its own: a browser of other tests may have a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _under_load(shop, told, seconds)).result()


async def _under_load(shop: Running, told: Told, seconds: float) -> None:
    """Load until ``seconds`` have passed, then kill -9 in its midst."""
    stop = asyncio.Event()
    clients = [asyncio.create_task(client(shop, told, stop)) for _one in range(CLIENTS)]
    await asyncio.sleep(seconds)
    end(shop.process, hard=True)
    stop.set()
    await asyncio.wait(clients, timeout=20)


def check(shop: Running, told: Told) -> None:
    assert len(told.events) > 100
    kept = rows(shop, "events", "event_id, count(*)", "kind = 'page_view' GROUP BY event_id")
    clicks = rows(shop, "events", "event_id, count(*)", "kind = 'click' GROUP BY event_id")

    assert {name for name, times in [*kept, *clicks] if times > 1} == set()
    assert told.events - {name for name, _times in kept} == set()
    assert told.clicks - {name for name, _times in clicks} == set()
    assert {name for name, _times in kept} <= told.sent


@pytest.fixture
def shop() -> Iterator[Running]:
    with (
        new_installation() as installation,
        running(
            installation, PYTHONPATH=f"{DISK}{os.pathsep}{installation.environment['PYTHONPATH']}"
        ) as served,
    ):
        yield served


def again(shop: Running) -> None:
    shop.process = start(shop.installation, shop.port, shop.more)


def test_killed_under_load_nothing_is_lost_or_doubled(shop: Running) -> None:
    _kill(shop, times=3)


@pytest.mark.long
def test_killed_fifty_times_nothing_is_lost_or_doubled(shop: Running) -> None:
    _kill(shop, times=50)


def _kill(shop: Running, *, times: int) -> None:
    told = Told()
    for time_ in range(times):
        if time_:
            again(shop)
        under_load(shop, told, CHANCE.uniform(0.4, 1.2))
        if time_ % 10 == 1:
            shop.publish()
    shop.publish()
    shop.publish()
    check(shop, told)


def test_cut_from_its_power_nothing_acknowledged_is_lost(shop: Running) -> None:
    told = Told()
    for time_ in range(3):
        if time_:
            again(shop)
        under_load(shop, told, CHANCE.uniform(0.4, 1.0))
        cut_power(shop.installation.home / "collector" / "journal")
    shop.publish()
    check(shop, told)


def cut_power(folder: Path) -> None:
    """Take away what no finished sync covers, and leave some of it torn, as disks do."""
    kept = set((folder / "names").read_text().split())
    for path in folder.glob("*.journal"):
        if path.name not in kept:
            path.unlink()
            continue
        noted = path.with_suffix(".synced")
        synced = int(noted.read_text()) if noted.exists() else 0
        beyond = path.read_bytes()[synced:]
        torn = bytearray(beyond[: CHANCE.randint(0, len(beyond))])
        if torn:
            torn[-1] ^= 0xFF
        with path.open("r+b") as file:
            file.truncate(synced)
            file.seek(synced)
            file.write(torn)


def test_a_publisher_killed_at_any_moment_leaves_all_or_nothing(shop: Running) -> None:
    told = Told()
    under_load(shop, told, 1.5)
    for _time in range(4):
        publisher = subprocess.Popen(
            shop.installation.command("collect", "--publish"), env=shop.installation.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(CHANCE.uniform(0.8, 3.0))
        publisher.kill()
        publisher.wait(PATIENCE)
    shop.publish()
    check(shop, told)


def test_where_nothing_can_be_written_nobody_is_told_yes(shop: Running) -> None:
    worker = _working(shop.process.pid)
    before = resource.prlimit(worker, resource.RLIMIT_FSIZE)
    resource.prlimit(worker, resource.RLIMIT_FSIZE, (4096, before[1]))
    statuses = []
    for number in range(60):
        statuses.append(shop.call("/e", shop.event("page_view", f"full-{number}")).status)
    busy = shop.call("/r/ete")
    sent_on = busy.body.decode()
    resource.prlimit(worker, resource.RLIMIT_FSIZE, (0, before[1]))
    ill = shop.call("/health")
    resource.prlimit(worker, resource.RLIMIT_FSIZE, before)
    assert (ill.status, shop.call("/health").status) == (503, 200)
    after = shop.call("/e", shop.event("page_view", "after"))
    shop.publish()

    assert set(statuses) == {202, 503}
    assert after.status == 202
    accepted = {f"full-{n}" for n, status in enumerate(statuses) if status == 202} | {"after"}
    assert {row[0] for row in rows(shop, "events", "event_id", "kind = 'page_view'")} == accepted
    assert busy.status in {302, 503}
    assert busy.status == 302 or "https://boutique.example/ete" in sent_on


def test_of_several_workers_one_that_dies_is_replaced_and_none_stays_alone(shop: Running) -> None:
    port = free_port()
    first = subprocess.Popen(
        shop.installation.command("collect", "--port", port, "--workers", 2),
        env=shop.installation.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        workers = until(lambda: len(_children(first.pid)) == 2 and _children(first.pid))
        until(lambda: _answers(port))
        time.sleep(1.2)  # who ends sooner is not replaced
        psutil.Process(workers[0]).kill()
        until(lambda: len(_children(first.pid)) == 2 and workers[0] not in _children(first.pid))
        assert _answers(port)
    finally:
        first.kill()
        first.wait(PATIENCE)
    until(lambda: not _answers(port))


def _children(pid: int) -> list[int]:
    return [one.pid for one in psutil.Process(pid).children()]


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return answer.read() == b"ok"
    except OSError:
        return False


def _working(main: int) -> int:
    """The process that answers: the only child of the one that was started."""
    children = psutil.Process(main).children(recursive=True)
    named = [one for one in children if "resource_tracker" not in " ".join(one.cmdline())]
    return int(named[0].pid) if named else main
