"""Starts and stops the server process, and clears what a dead one left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from regie.kernel.i18n import _, say
from regie.postgres.cluster import PORT, Cluster, open_log
from regie.postgres.creation import FAST
from regie.postgres.errors import PostgresError
from regie.postgres.home import socket_folder
from regie.postgres.server_user import ENVIRONMENT, ServerUser

_PR_SET_PDEATHSIG = 1
_LARGEST_LOG = 10_000_000
# Commits still reach the system before they are acknowledged: kill -9 loses none of them.
_UNSAFE = ("fsync=off", "full_page_writes=off")

# Its log says what went wrong, and not in whose row: no statement, no value of a key.
_DISCREET = ("log_error_verbosity=terse", "log_min_error_statement=panic")


def start(cluster: Cluster, programs: Path, user: ServerUser) -> subprocess.Popen[bytes]:
    """Start the server; it is not ready yet when this returns."""
    sockets = _private_folder(socket_folder(cluster.folder), user)
    quoted = str(sockets).replace('"', '""')
    settings = ["listen_addresses=", f'unix_socket_directories="{quoted}"', f"port={PORT}"]
    settings += ["unix_socket_permissions=0700", "max_connections=60", "shared_buffers=128MB"]
    # In files of the data folder: containers give little of /dev/shm, and kill -9 litters it.
    settings += ["dynamic_shared_memory_type=mmap"]
    # A segment of its log that is done with goes: kept for later use it would hold former rows.
    settings += ["wal_recycle=off"]
    settings += _DISCREET
    settings += _UNSAFE if os.environ.get(FAST) == "1" else ()
    if cluster.log.exists() and cluster.log.stat().st_size > _LARGEST_LOG:
        cluster.log.replace(cluster.log.with_suffix(".log.1"))
    log = open_log(cluster.log)
    try:
        return subprocess.Popen(
            [
                str(programs / "postgres"),
                "-D",
                str(cluster.data),
                *(part for setting in settings for part in ("-c", setting)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=dict(ENVIRONMENT),
            cwd="/",
            start_new_session=True,
            preexec_fn=_die_with_parent(),
            user=user.uid,
            group=user.gid,
            extra_groups=user.groups,
        )
    finally:
        os.close(log)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown, then harder if it takes more than a minute."""
    for sign, patience in ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        if process.poll() is not None:
            return
        process.send_signal(sign)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue


def clear_stale(cluster: Cluster, programs: Path, user: ServerUser) -> None:
    """Wait for what still works in the data folder, then remove a dead server's pid file.

    The pid in that file proves nothing: pids are reused, above all in containers. Who works
    in the folder does.
    """
    if not cluster.pid_file.exists():
        return
    if sys.platform != "linux":
        # No /proc to ask, and no signal when a keeper died: stop what may still run, and
        # let PostgreSQL judge its own pid file.
        stopping = (f"--pgdata={cluster.data}", "--mode=fast", "--silent", "stop")
        subprocess.run([str(programs / "pg_ctl"), *stopping], check=False, capture_output=True)
        return
    _wait_for_workers(cluster)
    sockets = socket_folder(cluster.folder)
    for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (sockets / name).unlink(missing_ok=True)
    cluster.pid_file.unlink(missing_ok=True)


def _wait_for_workers(cluster: Cluster) -> None:
    first = cluster.pid_file.read_text(errors="replace").split("\n")[0]
    # A server that is shutting down needs its time; backends without one need none.
    patience = 60 if first in _workers(cluster.data) else 2
    for sign in (signal.SIGQUIT, signal.SIGKILL, None):
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if not _workers(cluster.data):
                return
            time.sleep(0.05)
        for pid in _workers(cluster.data) if sign else ():
            _signal(int(pid), sign)
        patience = 5
    raise PostgresError(
        say(
            _("Processes {pids} still work in {path}."),
            pids=", ".join(_workers(cluster.data)),
            path=str(cluster.data),
        ),
        hint=_("End them, then try again."),
    )


def _workers(data: Path) -> list[str]:
    real = os.path.realpath(data)
    return [pid for pid in os.listdir("/proc") if pid.isdigit() and _works_in(real, pid)]


def _works_in(folder: str, pid: str) -> bool:
    try:
        if os.readlink(f"/proc/{pid}/cwd") != folder:
            return False
        # Somebody's shell in that folder is none of our business.
        return Path(f"/proc/{pid}/comm").read_text(errors="replace").startswith("postgres")
    except OSError:
        return False


def _signal(pid: int, sign: signal.Signals | None) -> None:
    try:
        if sign is not None:
            os.kill(pid, sign)
    except ProcessLookupError:
        return


def _die_with_parent() -> Callable[[], None] | None:
    """What the child does before it becomes the server: ask for a signal at our death."""
    if sys.platform != "linux":
        return None
    prctl, keeper = ctypes.CDLL(None).prctl, os.getpid()

    def prepare() -> None:
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0)
        if os.getppid() != keeper:  # it died before we asked
            os._exit(1)

    return prepare


def _private_folder(folder: Path, user: ServerUser) -> Path:
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        user.own(folder)
    found, owner = folder.lstat(), os.geteuid() if user.uid is None else user.uid
    if folder.is_symlink() or found.st_uid != owner or found.st_mode & 0o022:
        raise PostgresError(
            say(_("{path} belongs to somebody else."), path=str(folder)),
            hint=_("Remove it, or set REGIE_HOME to a folder with a shorter path."),
        )
    return folder
