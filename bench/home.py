"""Installations to measure in: a home of its own each, with the embedded PostgreSQL."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def workplace() -> Path:
    """Where inputs and homes go, on a disk with some room."""
    folder = Path(os.environ.get("BENCH_FOLDER", tempfile.gettempdir())) / "regie-bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def home() -> Iterator[Path]:
    """An empty home that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="home-", dir=workplace()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def environment(folder: Path) -> dict[str, str]:
    """As where Régie is installed: nothing set, and Python keeps what it has compiled."""
    set_here = ("DATABASE_", "REGIE_", "PYTHONDONTWRITEBYTECODE")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(set_here)}
    return {**kept, "REGIE_HOME": str(folder)}


def regie(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "regie.cli.main", *arguments]
