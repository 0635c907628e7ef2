"""How the collector's process is started, by its command or beside the pages."""

from __future__ import annotations

import sys


def command(host: str, port: int, *, workers: int = 1) -> list[str]:
    """How the collector's process is started."""
    return [
        sys.executable, "-m", "regie.collector.serving", "--host", host, "--port", str(port),
        "--workers", str(workers),
    ]  # fmt: skip
