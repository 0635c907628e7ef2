"""``regie collect``: redirects and events on an address of their own."""

from __future__ import annotations

import argparse
import os
from typing import Any


def add_to(commands: Any) -> None:
    parser = commands.add_parser("collect", help="serve tracked links and take events")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001, help="or the next free one")
    parser.add_argument("--workers", type=int, default=1, help="processes that answer")
    parser.add_argument(
        "--publish", action="store_true", help="publish what stands in the journals, then end"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:  # noqa: RET503 - the last step never returns
    from regie.cli.serve import free_port
    from regie.cli.session import local_operator
    from regie.collector.starting import command

    with local_operator():
        if options.publish:
            return _publish()
        port = free_port(options.host, options.port)
        print(f"Collector: http://{options.host}:{port}", flush=True)
        given = command(options.host, port, workers=options.workers)
        # Signals reach the server itself: this process becomes it.
        os.execv(given[0], given)  # noqa: S606


def _publish() -> int:
    from regie.apps.tracking import services

    events = duplicates = 0
    is_behind = True
    while is_behind:
        done = services.publish_events()
        events, duplicates = events + done.events, duplicates + done.duplicates
        is_behind = done.is_behind
    services.settle_files()
    print(f"{events} events published, {duplicates} sent again and not counted twice.")
    return 0
