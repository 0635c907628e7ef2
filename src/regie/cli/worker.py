"""``regie worker``: runs queued work until it is stopped."""

from __future__ import annotations

import argparse
from typing import Any


def add_to(commands: Any) -> None:
    parser = commands.add_parser("worker", help="run queued work")
    parser.add_argument("--concurrency", type=int, default=1)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from regie.cli.session import local_operator

    with local_operator():
        from regie.jobs.worker import work

        work(concurrency=options.concurrency)
    return 0
