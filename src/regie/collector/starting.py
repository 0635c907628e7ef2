"""How the collector's process is started, by its command or beside the pages."""

from __future__ import annotations

import sys


def command(host: str, port: int, *, workers: int = 1) -> list[str]:
    """How the collector's process is started."""
    return [
        sys.executable, "-m", "granian", "--interface", "rsgi", "--loop", "uvloop",
        "--host", host, "--port", str(port), "--workers", str(workers), "--no-ws",
        "--backpressure", "1024", "--no-access-log", "--log-level", "warning", "--factory",
        "regie.collector.app:application",
    ]  # fmt: skip
