"""Loaded by a collector under test before anything else: notes what the disk was told to keep.

Beside each journal stands how many bytes its last finished sync covers, and in ``names`` which
files the last finished sync of their folder covers. Whatever is beyond may be gone after a power
cut: the test takes it away.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_fdatasync, _fsync = os.fdatasync, os.fsync


def _name(file: int) -> Path:
    return Path(os.readlink(f"/proc/self/fd/{file}"))


def _write(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text)
    temporary.rename(path)


def _noted_fdatasync(file: int) -> None:
    size = os.fstat(file).st_size  # what is written during the sync is not covered by it
    _fdatasync(file)
    path = _name(file)
    if path.suffix == ".journal":
        _write(path.with_suffix(".synced"), str(size))


def _noted_fsync(file: int) -> None:
    path = _name(file)
    names = [one.name for one in path.glob("*.journal")] if path.is_dir() else []
    _fsync(file)
    if names:
        _write(path / "names", "\n".join(names))


if sys.platform == "linux":
    os.fdatasync, os.fsync = _noted_fdatasync, _noted_fsync
