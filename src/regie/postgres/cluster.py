"""One embedded cluster on disk: its files, its locks, and whether its server answers.

Two locks tell who is there, and the kernel releases them however a process ends: every user
shares ``users.lock``, and the one keeper holds ``keeper.lock`` alone. In the latter stands
the process id of its server, once that is ready.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PORT = 5432  # names the socket file; nothing listens on the network


@dataclass(frozen=True)
class Cluster:
    """The files of a cluster, all in ``folder``."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def secret(self) -> Path:
        return self.folder / "secret"

    @property
    def users_lock(self) -> Path:
        return self.folder / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        return self.folder / "keeper.lock"

    @property
    def log(self) -> Path:
        return self.folder / "pg.log"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    def ready(self) -> Path | None:
        """The socket folder of a server that answers and has a living keeper, else None."""
        with opened(self.keeper_lock) as lock:
            if try_lock(lock, fcntl.LOCK_SH):
                return None
            kept = os.pread(lock, 20, 0)
        # A server of a former keeper may still answer while it is shutting down.
        status = self._status()
        return self.listening() if status and status[0] == kept else None

    def listening(self) -> Path | None:
        """The socket folder of any server that answers now, as the server itself wrote it."""
        status = self._status()
        if len(status) < 8 or status[7].strip() != b"ready":
            return None
        folder = Path(os.fsdecode(status[4]))
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(folder / f".s.PGSQL.{PORT}"))
            except OSError:
                return None
        return folder

    def _status(self) -> list[bytes]:
        try:
            return self.pid_file.read_bytes().split(b"\n")
        except FileNotFoundError:
            return []


def password(secret: str, role: str) -> str:
    """One password per role, so that the application's does not open the others."""
    return hmac.new(secret.encode(), role.encode(), hashlib.sha256).hexdigest()


@contextmanager
def opened(lock: Path) -> Iterator[int]:
    """A lock file, opened and not yet locked; closing it unlocks."""
    descriptor = open_lock(lock)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def open_log(log: Path) -> int:
    """For appending, and for our eyes only: statements that failed are quoted in it."""
    return os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def open_lock(lock: Path) -> int:
    return os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)


def try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
