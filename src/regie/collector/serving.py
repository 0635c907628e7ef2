"""``python -m regie.collector.serving``: the collector's processes, on one address.

One worker answers in this process. Several are forked from it and share its socket; one that ends
by itself is started again, and all end with the first.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import resource
import signal
import socket
import sys
import threading
import time
from contextlib import suppress

import uvloop

from regie.collector.app import Collector
from regie.collector.http import Server
from regie.collector.journal import Journal
from regie.collector.registry import Registry
from regie.postgres.home import regie_home

BACKLOG = 2048
LEAVING_S = 10.0
SOON_S = 1.0  # a worker that ends sooner would end again
LOG = logging.getLogger(__name__)


def main() -> int:
    parser = argparse.ArgumentParser(prog="regie collect")
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=1)
    said = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    _allow_connections()
    listening = _listen(said.host, said.port)
    if said.workers > 1:
        return _watch(listening, said.workers)
    return _work(listening)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((host, port))
    listening.listen(BACKLOG)
    return listening


def _allow_connections() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _work(listening: socket.socket, *, first: int = 0) -> int:
    uvloop.run(_serve(listening, first))
    return 0


async def _end_with(first: int, leaving: asyncio.Event) -> None:
    """A worker whose first process was killed ends too, so that the address is free again."""
    while os.getppid() == first:
        await asyncio.sleep(1)
    leaving.set()


async def _serve(listening: socket.socket, first: int) -> None:
    """Answer until SIGTERM or SIGINT; what was asked by then is still answered."""
    loop, leaving = asyncio.get_running_loop(), asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, leaving.set)
    registry = Registry()
    registry.load()
    registry.follow()
    journal = Journal(regie_home() / "collector" / "journal")
    collector = Collector(journal, registry)
    served = Server(collector, collector.wanted)
    server = await loop.create_server(served.connection, sock=listening, backlog=BACKLOG)
    beside = [asyncio.create_task(served.keep_time())]
    if first:
        beside.append(asyncio.create_task(_end_with(first, leaving)))
    # What lives from the start on is not searched for garbage again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    await leaving.wait()
    server.close()
    await served.leave(LEAVING_S)
    for task in beside:
        task.cancel()
    await journal.close()


def _watch(listening: socket.socket, count: int) -> int:
    """Keep ``count`` workers until a signal says to end; 1 where one cannot even start."""
    ending = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda _signal, _frame: ending.set())
    workers = {_fork(listening): time.monotonic() for _place in range(count)}
    while not ending.wait(0.2):
        ended = [pid for pid in workers if os.waitpid(pid, os.WNOHANG) != (0, 0)]
        for pid in ended:
            if time.monotonic() - workers.pop(pid) < SOON_S:
                ending.set()
                break
            LOG.error("Worker %s ended and is started again", pid)
            workers[_fork(listening)] = time.monotonic()
    for pid in workers:
        os.kill(pid, signal.SIGTERM)
    for pid in workers:
        os.waitpid(pid, 0)
    return 1 if len(workers) < count else 0


def _fork(listening: socket.socket) -> int:
    first, pid = os.getpid(), os.fork()
    if pid == 0:
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, signal.SIG_DFL)
        os._exit(_work(listening, first=first))
    return pid


if __name__ == "__main__":
    sys.exit(main())
