"""Creates a cluster with initdb, whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from pathlib import Path

from regie.kernel.i18n import _, say
from regie.postgres.binaries import MAJOR
from regie.postgres.cluster import Cluster, password
from regie.postgres.errors import PostgresError
from regie.postgres.server_user import ServerUser

SUPERUSER = "postgres"
FAST = "REGIE_PG_FAST"  # tests only: what a power cut may lose is of no value


def create_if_absent(cluster: Cluster, programs: Path, user: ServerUser) -> None:
    """Called by the one keeper, so nobody else creates at the same time."""
    version = cluster.data / "PG_VERSION"
    if not version.exists():
        _create(cluster, programs, user)
    elif (found := version.read_text().strip()) != MAJOR:
        raise PostgresError(
            say(
                _("{path} was written by PostgreSQL {found}; this one is {major}."),
                path=str(cluster.data),
                found=found,
                major=MAJOR,
            ),
            hint=_("Dump it with the former version of Régie and restore it with this one."),
        )


def _create(cluster: Cluster, programs: Path, user: ServerUser) -> None:
    _sweep(cluster)
    draft = Path(tempfile.mkdtemp(prefix="initdb-", dir=cluster.folder))
    password_file = draft / "password"
    try:
        _write_private(password_file, password(_secret(cluster), SUPERUSER))
        user.own(password_file)
        user.own(draft)
        data = draft / "data"
        options = ["--no-sync"] if os.environ.get(FAST) == "1" else []
        user.run(
            programs / "initdb",
            f"--pgdata={data}",
            f"--username={SUPERUSER}",
            "--auth=scram-sha-256",
            f"--pwfile={password_file}",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--set=dynamic_shared_memory_type=mmap",
            *options,
        )
        # Renamed only when complete: a killed initdb never leaves half a cluster.
        data.rename(cluster.data)
        _sync(cluster.folder)
    finally:
        _sweep(cluster)


def _sweep(cluster: Cluster) -> None:
    """Remove drafts, also what a killed creation left: its initdb may have gone on writing for a
    moment, so that it is looked for before and after."""
    for draft in cluster.folder.glob("initdb-*"):
        shutil.rmtree(draft, ignore_errors=True)


def _secret(cluster: Cluster) -> str:
    draft = cluster.secret.with_suffix(".new")
    draft.unlink(missing_ok=True)
    secret = secrets.token_urlsafe(24)
    _write_private(draft, secret)
    draft.replace(cluster.secret)
    return secret


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
