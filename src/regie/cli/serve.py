"""``regie serve``: the pages on an address, with a worker beside them."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

from regie.collector.starting import command
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say

TRIES = 50
THREADS = 2 * (os.cpu_count() or 1)  # half of them wait for the database


def add_to(commands: Any) -> None:
    parser = commands.add_parser("serve", help="serve the pages")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000, help="or the next free one")
    parser.add_argument("--no-worker", action="store_true", help="work is done elsewhere")
    parser.add_argument("--collector-port", type=int, default=8001, help="or the next free one")
    parser.add_argument("--no-collector", action="store_true", help="links are served elsewhere")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from regie.cli.session import local_operator

    with local_operator():
        port = free_port(options.host, options.port)
        collector = 0 if options.no_collector else options.collector_port
        return serve(
            options.host, port, worker=not options.no_worker, collector=collector,
            ready=lambda: print(f"Régie: http://{options.host}:{port}", flush=True),
        )  # fmt: skip


def free_port(host: str, wanted: int) -> int:
    """``wanted``, or the next port that nobody listens on."""
    for port in range(wanted, min(wanted + TRIES, 65_536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise WrongUse(
        say(_("No port between {first} and {last} is free."), first=wanted, last=wanted + TRIES)
    )


def serve(
    host: str, port: int, *, worker: bool, collector: int = 0,
    ready: Callable[[], None] = lambda: None,
) -> int:  # fmt: skip
    """Run web server, worker and collector until Ctrl-C; all are ended with this process.

    ``collector`` is the port to try first for tracked links, 0 for none. ``ready`` is called once
    the pages are there.
    """
    commands, environment = _commands(host, port, worker=worker, collector=collector)
    # A group for each: what one of them leaves behind, stopped while it starts, ends with it.
    processes = [subprocess.Popen(one, env=environment, process_group=0) for one in commands]
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    announced = False
    while not stopping and all(process.poll() is None for process in processes):
        if not announced and _listens(host, port):
            announced = True
            ready()
        time.sleep(0.2)
    failed = [p.returncode for p in processes if p.returncode not in (None, 0)]
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    return 1 if failed and not stopping else 0


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def _commands(
    host: str, port: int, *, worker: bool, collector: int
) -> tuple[list[list[str]], dict[str, str]]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "regie.config.settings"}
    commands = [
        [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host,
            "--port", str(port), "--workers", "1", "--blocking-threads", str(THREADS),
            "--no-access-log", "--log-level", "warning", "regie.config.wsgi:application",
        ]
    ]  # fmt: skip
    if collector:
        links = free_port(host, collector)
        environment.setdefault("REGIE_COLLECTOR_URL", f"http://{host}:{links}")
        commands.append(command(host, links))
    if worker:
        commands.append([sys.executable, "-m", "regie.cli.main", "worker"])
    return commands, environment
