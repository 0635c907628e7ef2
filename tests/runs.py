"""The folder of a run of tests, in memory where the machine has some, and what killed runs left.

A run holds a lock on its folder and removes it when it ends. Where nobody holds the lock any
more, the run was killed: the next one ends the servers that still live there, and removes it.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

PREFIX = "regie-run-"
_LOCK = "held"
_BEGINNING = 60  # seconds at most between a folder and its lock


def memory() -> Path:
    """A folder in memory, where the machine has one, else that for temporary files."""
    roomy = Path("/dev/shm")  # noqa: S108 - what is made inside is private
    is_ours = roomy.is_dir() and os.access(roomy, os.W_OK | os.X_OK)
    return roomy if is_ours else Path(tempfile.gettempdir())


def begin(base: Path) -> Path:
    """A folder inside ``base`` for this process alone."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
    lock = os.open(folder / "new", os.O_CREAT | os.O_RDWR)  # until this process ends
    fcntl.flock(lock, fcntl.LOCK_EX)
    (folder / "new").rename(folder / _LOCK)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def clear(base: Path) -> None:
    """End and remove what killed runs left in ``base``."""
    for folder in base.glob(f"{PREFIX}*"):
        if _is_left(folder):
            _end_servers(folder)
            shutil.rmtree(folder, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    """Whether its run is over: nobody holds the lock, or a server wrote on after the removal."""
    try:
        if not (folder / _LOCK).exists():
            return time.time() - folder.stat().st_mtime > _BEGINNING
        lock = os.open(folder / _LOCK, os.O_RDWR)
    except OSError:  # another user's, or removed meanwhile
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True


def _end_servers(folder: Path) -> None:
    """Kill the processes whose home lies in ``folder``; where there is no /proc, nobody knows."""
    home = b"REGIE_HOME=" + os.fsencode(folder) + b"/"
    for process in Path("/proc").glob("[0-9]*"):
        try:
            said = (process / "environ").read_bytes().split(b"\0")
            if any(one.startswith(home) for one in said):
                os.kill(int(process.name), signal.SIGKILL)
        except OSError:
            continue
