"""The keeper: one process that owns the server as long as anybody uses it.

It runs in a session of its own, so that Ctrl-C reaches the users and not the server, starts a
killed server again, and stops it when the kernel has released the last user's lock.
Started by the launcher as ``python -m regie.postgres.keeper DATA_FOLDER``.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

from regie.kernel.errors import RegieError
from regie.kernel.i18n import _, say
from regie.postgres import postmaster
from regie.postgres.binaries import programs
from regie.postgres.cluster import Cluster, open_lock, open_log, opened, try_lock
from regie.postgres.creation import create_if_absent
from regie.postgres.errors import PostgresError
from regie.postgres.server_user import server_user

LONGEST_RECOVERY = 600.0


class Keeper:
    """Owns the server of one cluster."""

    def __init__(self, cluster: Cluster, lock: int) -> None:
        self.cluster = cluster
        self.lock = lock
        self.user = server_user(cluster.data)
        self.programs = programs(self.user)

    def keep(self) -> None:
        """Serve until the last user has gone; return at once if there is none."""
        with opened(self.cluster.users_lock) as users:
            if try_lock(users, fcntl.LOCK_EX):
                return
            create_if_absent(self.cluster, self.programs, self.user)
            server = self._start()
            try:
                self._wait(server)
                _say_no_more(self.cluster)
                while not try_lock(users, fcntl.LOCK_EX):
                    time.sleep(0.5)
                    if server.poll() is not None:
                        server = self._start()
                        self._wait(server)
            finally:
                postmaster.stop(server)

    def _start(self) -> subprocess.Popen[bytes]:
        os.ftruncate(self.lock, 0)
        postmaster.clear_stale(self.cluster, self.programs, self.user)
        return postmaster.start(self.cluster, self.programs, self.user)

    def _wait(self, server: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + LONGEST_RECOVERY
        while self.cluster.listening() is None:
            if server.poll() is not None or time.monotonic() > end:
                said = _last_words(self.cluster.log)
                raise PostgresError(say(_("The server ended: {said}"), said=said))
            time.sleep(0.02)
        os.pwrite(self.lock, str(server.pid).encode(), 0)


def take_over(cluster: Cluster) -> int | None:
    """The keeper's lock, or None when another keeper serves: there is one at any time."""
    lock = open_lock(cluster.keeper_lock)
    while not try_lock(lock, fcntl.LOCK_EX):
        if cluster.ready():
            os.close(lock)
            return None
        time.sleep(0.05)
    return lock


def main(data: str) -> int:
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    cluster = Cluster(Path(data).parent)
    try:
        lock = take_over(cluster)  # held until this process ends
        if lock is not None:
            Keeper(cluster, lock).keep()
    except (RegieError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _leave(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(0)


def _say_no_more(cluster: Cluster) -> None:
    """From now on our own words go to the log: the process that started us may be gone."""
    log = open_log(cluster.log)
    os.dup2(log, 2)
    os.close(log)


def _last_words(log: Path) -> str:
    return log.read_text(errors="replace").strip()[-500:] if log.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
