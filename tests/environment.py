"""Sends this process to a database and a folder of its own, before Django reads its settings.

Loaded with ``-p``: each worker of a parallel run gets its own copy of the template database.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import cluster

SOURCE = Path(__file__).resolve().parent.parent / "src"


def _migrations_key() -> str:
    digest = hashlib.sha256()
    for path in sorted(SOURCE.glob("regie/apps/*/migrations/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _migrate(database: str) -> None:
    environment = {
        **os.environ,
        **cluster.environment(database),
        "REGIE_DB_ROLE": "owner",
        "REGIE_POOL": "0",
        "DJANGO_SETTINGS_MODULE": "regie.config.settings",
        "PYTHONPATH": str(SOURCE),
    }
    command = [sys.executable, "-m", "django", "migrate", "-v0", "--skip-checks"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the test database could not be migrated: {done.stderr[-2000:]}")


def memory() -> str | None:
    """A folder in memory, where the machine has one."""
    roomy = Path("/dev/shm")  # noqa: S108 - what is made inside is private
    return str(roomy) if roomy.is_dir() and os.access(roomy, os.W_OK | os.X_OK) else None


def new_database() -> str:
    """A migrated, empty database for the caller alone."""
    return cluster.fresh(cluster.template(_migrations_key(), _migrate))


def _prepare() -> None:
    os.environ["REGIE_HOME"] = tempfile.mkdtemp(prefix="regie-tests-", dir=memory())
    os.environ["REGIE_POOL"] = "0"
    os.environ.pop("REGIE_DEMO", None)
    atexit.register(shutil.rmtree, os.environ["REGIE_HOME"], ignore_errors=True)
    database = new_database()
    os.environ.update(cluster.environment(database))
    atexit.register(cluster.drop, database)


_prepare()
