"""Who runs the server: ourselves, or as root an ordinary user, since PostgreSQL refuses root."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from regie.kernel.i18n import _, say
from regie.postgres.errors import PostgresError

# A fixed environment: the server must not depend on the locale or the time zone of whoever
# happened to start it first.
ENVIRONMENT: Mapping[str, str] = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LC_ALL": "C",
    "TZ": "UTC",
    "HOME": "/nonexistent",
}


@dataclass(frozen=True)
class ServerUser:
    """``uid`` and ``gid`` are None when the server runs under our own user."""

    uid: int | None = None
    gid: int | None = None

    @property
    def groups(self) -> list[int] | None:
        return None if self.uid is None else []

    def own(self, path: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def can(self, how: str, path: Path) -> bool:
        """Try it as that user (``how`` is a flag of ``test``): mode bits do not tell of ACLs."""
        if self.uid is None:
            return True
        return not subprocess.run(
            ["/bin/sh", "-c", 'test "$1" "$2"', "sh", how, str(path)],
            check=False,
            cwd="/",
            env=dict(ENVIRONMENT),
            user=self.uid,
            group=self.gid,
            extra_groups=self.groups,
        ).returncode

    def run(self, program: Path, *arguments: str | Path) -> str:
        """Run one of PostgreSQL's programs to its end and return what it printed."""
        done = subprocess.run(
            [str(program), *map(str, arguments)],
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            cwd="/",
            env=dict(ENVIRONMENT),
            user=self.uid,
            group=self.gid,
            extra_groups=self.groups,
        )
        if done.returncode:
            said = (done.stderr or done.stdout).strip()[-600:]
            raise PostgresError(
                say(_("{program} failed: {said}"), program=program.name, said=said),
                hint=_("Mend what it names, or set DATABASE_URL to a PostgreSQL of your own."),
            )
        return done.stdout


def server_user(data: Path) -> ServerUser:
    """The owner of ``data`` when it exists, so that root can serve what a user had begun."""
    if os.geteuid() != 0:
        return ServerUser()
    try:
        owner = data.stat()
    except FileNotFoundError:
        return _ordinary_user()
    return ServerUser(owner.st_uid, owner.st_gid) if owner.st_uid else _ordinary_user()


def _ordinary_user() -> ServerUser:
    chosen = os.environ.get("REGIE_PG_OSUSER")
    for name in [chosen] if chosen else ["regie", "postgres", "nobody"]:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid:
            return ServerUser(entry.pw_uid, entry.pw_gid)
    raise PostgresError(
        _("PostgreSQL does not run as root, and no ordinary user was found to run it."),
        hint=_("Set REGIE_PG_OSUSER to the name of one, or set DATABASE_URL."),
    )
