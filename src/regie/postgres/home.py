"""Where an installation of Régie keeps what it knows, and where its server may listen."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from regie.kernel.i18n import _
from regie.postgres.errors import PostgresError

SYSTEM_HOME = Path("/var/lib/regie")
_SOCKET = ".s.PGSQL.5432"
_LONGEST_SOCKET = 100  # the kernel's limit is 108 bytes on Linux and 104 on macOS


def regie_home() -> Path:
    """``REGIE_HOME``, else ``/var/lib/regie`` for root, else ``~/.regie``."""
    chosen = os.environ.get("REGIE_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    if os.geteuid() == 0:
        return SYSTEM_HOME
    try:
        return Path.home() / ".regie"  # falls back on the user database without HOME
    except RuntimeError as error:
        raise PostgresError(
            _("There is no home folder to keep Régie's files in."),
            hint=_("Set REGIE_HOME to a folder of your choice."),
        ) from error


def socket_folder(folder: Path) -> Path:
    """The folder for the server's socket: inside ``folder`` unless libpq could not use it."""
    wanted = folder / "run"
    # libpq takes a comma for a list of hosts.
    if len(os.fsencode(wanted / _SOCKET)) <= _LONGEST_SOCKET and "," not in str(wanted):
        return wanted
    digest = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:12]
    return _runtime_folder() / f"regie-{digest}"


def _runtime_folder() -> Path:
    # Root's own runtime folder may be closed to the user that runs the server.
    offered = "/run" if os.geteuid() == 0 else os.environ.get("XDG_RUNTIME_DIR", "")
    if offered and len(offered) <= 60 and os.access(offered, os.W_OK | os.X_OK):
        return Path(offered)
    return Path("/tmp")  # noqa: S108 - the folder made inside is ours alone, and checked
