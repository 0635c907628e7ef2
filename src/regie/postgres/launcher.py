"""Gives a process the embedded server: starts it when nobody did, and holds it while needed.

Safe from any number of processes at once. Each one also watches over the keeper, so that the
server comes back whichever process was killed.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from regie.kernel.errors import RegieError
from regie.kernel.i18n import _, say
from regie.postgres.cluster import PORT, Cluster, open_lock, opened, password
from regie.postgres.errors import PostgresError
from regie.postgres.home import regie_home
from regie.postgres.place import cluster_of

_ATTEMPTS = 5  # keepers that somebody killed while they were starting
_SOURCES = Path(__file__).parents[2]


@dataclass(frozen=True)
class Server:
    """A server that answers.

    ``host`` is its socket folder; ``started`` is true when it did not run before we came.
    """

    host: str
    port: int
    secret: str = field(repr=False)
    data: Path
    started: bool

    def password(self, role: str) -> str:
        return password(self.secret, role)


@dataclass
class _Hold:
    """Our share of a cluster's ``users.lock``."""

    cluster: Cluster
    lock: int
    active: bool = True
    watch: threading.Thread | None = None


_holds: dict[Path, _Hold] = {}
_keepers: list[subprocess.Popen[bytes]] = []  # those we started and have not yet reaped
_mutex = threading.RLock()


def ensure(home: Path | None = None) -> Server:
    """The server of ``home`` (by default ``regie_home()``), held until this process ends."""
    try:
        with _mutex:
            hold = _hold((home or regie_home()).absolute())
            host, started = _reach(hold)
            if hold.watch is None:
                hold.watch = threading.Thread(target=_watch_over, args=(hold,), daemon=True)
                hold.watch.start()
            secret = hold.cluster.secret.read_text(encoding="utf-8")
            return Server(str(host), PORT, secret, hold.cluster.data, started)
    except OSError as error:
        raise PostgresError(
            say(_("The embedded PostgreSQL cannot be used: {reason}."), reason=str(error)),
            hint=_("Run as the user who owns the folder, or set REGIE_HOME to another one."),
        ) from error


def release() -> None:
    """Give up every server; each stops when its last user has gone."""
    with _mutex:
        for hold in _holds.values():
            hold.active = False
            os.close(hold.lock)
        _holds.clear()


def _hold(home: Path) -> _Hold:
    hold = _holds.get(home)
    if hold is None:
        cluster = cluster_of(home)
        lock = open_lock(cluster.users_lock)
        # Waits while a keeper that saw its last user go is stopping the server.
        fcntl.flock(lock, fcntl.LOCK_SH)
        hold = _holds[home] = _Hold(cluster, lock)
    return hold


def _reach(hold: _Hold) -> tuple[Path, bool]:
    """The socket folder, and whether we had to start a keeper."""
    said = ""
    for attempt in range(_ATTEMPTS):
        host = hold.cluster.ready()
        if host is not None:
            return host, attempt > 0
        keeper = _start_keeper(hold.cluster)
        _keepers.append(keeper)
        said = _wait_for(keeper, hold.cluster)
        if (keeper.poll() or 0) > 0:
            break
    else:
        host = hold.cluster.ready()
        if host is not None:
            return host, True
    raise PostgresError(
        say(_("The embedded PostgreSQL did not start: {said}"), said=said or _("it was killed.")),
        hint=say(_("Its log is {path}."), path=str(hold.cluster.log)),
    )


def _start_keeper(cluster: Cluster) -> subprocess.Popen[bytes]:
    inherited = os.environ.get("PYTHONPATH")
    path = os.pathsep.join(filter(None, (str(_SOURCES), inherited)))
    return subprocess.Popen(
        [sys.executable, "-m", "regie.postgres.keeper", str(cluster.data)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        cwd="/",  # else it would keep the caller's folder busy
        env={**os.environ, "PYTHONPATH": path},
    )


def _wait_for(keeper: subprocess.Popen[bytes], cluster: Cluster) -> str:
    """Until the server is ready or this keeper has ended; what it said in that case."""
    assert keeper.stderr is not None  # noqa: S101 - a pipe was asked for
    with keeper.stderr as stderr:
        while cluster.ready() is None:
            if keeper.poll() is not None:
                return stderr.read().decode(errors="replace").strip()[-800:]
            time.sleep(0.02)
    return ""


def _watch_over(hold: _Hold) -> None:
    """Sleep in the kernel until the keeper's lock is free, that is until it has died."""
    while hold.active:
        try:
            with opened(hold.cluster.keeper_lock) as lock:
                fcntl.flock(lock, fcntl.LOCK_SH)
            _reap()
            with _mutex:
                if hold.active:
                    _reach(hold)
        except (RegieError, OSError):
            if not hold.cluster.folder.exists():
                return  # somebody removed the whole home
            time.sleep(5)  # a full disk, say; the next query reports it


def _reap() -> None:
    _keepers[:] = [keeper for keeper in _keepers if keeper.poll() is None]


def _after_fork() -> None:
    """A child shares its parent's holds, but not its threads."""
    global _mutex
    _mutex = threading.RLock()
    for hold in _holds.values():
        hold.watch = None


os.register_at_fork(after_in_child=_after_fork)
