"""Chooses the folder of a home's cluster: inside the home, wherever the server can go there.

As root the server runs under an ordinary user, who cannot enter a home below a folder that
only root may enter. Then the cluster lives under ``/var/lib/regie`` and the home points to it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from pathlib import Path

from regie.kernel.i18n import _, say
from regie.postgres.cluster import Cluster, opened
from regie.postgres.errors import PostgresError
from regie.postgres.home import SYSTEM_HOME
from regie.postgres.server_user import ServerUser, server_user


def cluster_of(home: Path) -> Cluster:
    """The cluster of ``home``; its folder exists afterwards, its server perhaps not."""
    folder = home / "pg"
    _make(home, entered_by_others=os.geteuid() == 0)
    _make(folder, entered_by_others=os.geteuid() == 0)
    pointer = folder / "elsewhere"
    user = server_user(folder / "data")
    if not pointer.exists() and user.can("-x", folder):
        return Cluster(folder)
    if (folder / "data").exists():
        raise PostgresError(
            say(_("The user that runs PostgreSQL may no longer enter {path}."), path=str(folder)),
            hint=_("Let others pass through its parent folders (chmod o+x)."),
        )
    with opened(folder / "place.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _followed(home, pointer) if pointer.exists() else _elsewhere(home, pointer, user)


def _make(folder: Path, *, entered_by_others: bool) -> None:
    if folder.exists():
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if entered_by_others:
        folder.chmod(0o711)


def _elsewhere(home: Path, pointer: Path, user: ServerUser) -> Cluster:
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    # The token keeps a home that was deleted and made again from its former database.
    folder = SYSTEM_HOME / f"{digest}-{secrets.token_hex(3)}"
    _make(SYSTEM_HOME, entered_by_others=True)
    _make(folder, entered_by_others=True)
    if not user.can("-x", folder):
        raise PostgresError(
            say(_("The user that runs PostgreSQL may not enter {path}."), path=str(folder)),
            hint=say(_("Run: chmod o+x {path}"), path=str(SYSTEM_HOME)),
        )
    _write(folder / "home", str(home))
    _write(pointer, str(folder))
    return Cluster(folder)


def _followed(home: Path, pointer: Path) -> Cluster:
    folder = Path(pointer.read_text(encoding="utf-8"))
    if not folder.is_dir():
        raise PostgresError(
            say(_("The database of {home} is missing: {path}."), home=str(home), path=str(folder)),
            hint=say(_("Put it back, or delete {file} to begin anew."), file=str(pointer)),
        )
    first = Path((folder / "home").read_text(encoding="utf-8"))
    if first != home:
        _refuse_copy(first, home, pointer)
        _write(folder / "home", str(home))  # the home was moved
    return Cluster(folder)


def _refuse_copy(first: Path, home: Path, pointer: Path) -> None:
    other = first / "pg" / "elsewhere"
    if other.exists() and not other.samefile(pointer):
        raise PostgresError(
            say(
                _("{home} is a copy of {first}, and two homes cannot share one database."),
                home=str(home),
                first=str(first),
            ),
            hint=say(_("Delete {file} to begin with an empty one."), file=str(pointer)),
        )


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
