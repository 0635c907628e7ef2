"""Where facts and scratch work lie on the disk of this installation."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from regie.postgres.home import regie_home
from regie.warehouse.lake import Lake


def lake() -> Lake:
    root = regie_home() / "lake"
    if not root.is_dir():
        root.mkdir(parents=True, exist_ok=True)
    return Lake(root)


@contextmanager
def workplace() -> Iterator[Path]:
    """A scratch folder that is gone afterwards."""
    root = regie_home() / "work"
    root.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=root))
    # The lock ends with the process, however it ends: who sweeps knows by it what was left behind.
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)
