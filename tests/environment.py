"""Sends this process to a database and a folder of its own, before Django reads its settings.

Loaded with ``-p``: each worker of a parallel run gets its own copy of the template database.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import cluster, runs

SOURCE = Path(__file__).resolve().parent.parent / "src"
FOLDER = runs.begin(runs.memory())


def _migrations_key() -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
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
    # Prepared as in life, so that no installation of the tests has to look whether it is.
    command = [sys.executable, "-c", "from regie.config.boot import prepare; prepare()"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the test database could not be migrated: {done.stderr[-2000:]}")


def new_database() -> str:
    """A migrated, empty database for the caller alone."""
    return cluster.fresh(cluster.template(_migrations_key(), _migrate))


def new_home() -> str:
    """An empty folder for the caller, gone at the latest with this run."""
    return tempfile.mkdtemp(prefix="home-", dir=FOLDER)


def _prepare() -> None:
    os.environ["REGIE_HOME"] = new_home()
    os.environ["REGIE_POOL"] = "0"
    os.environ.pop("REGIE_DEMO", None)
    runs.clear(runs.memory())
    cluster.clear()
    database = new_database()
    os.environ.update(cluster.environment(database))
    atexit.register(cluster.drop, database)


_prepare()
