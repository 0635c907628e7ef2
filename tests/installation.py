"""A whole installation for tests that start real processes: its own home and its own database."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import cluster
from tests.browser import MIXED
from tests.environment import SOURCE, new_database, new_home
from tests.ports import free_port
from tests.waiting import PATIENCE, until_it_answers

SHARED = Path(os.environ.get("REGIE_SHARED", Path(__file__).resolve().parents[2] / "shared"))


@dataclass(frozen=True)
class Installation:
    """``regie`` run as a command, in a home of its own."""

    home: Path
    environment: dict[str, str]

    def run(self, *arguments: str | Path, status: int | None = 0) -> str:
        """Standard output of ``regie`` with ``arguments``; ``status`` None accepts any."""
        done = subprocess.run(
            self.command(*arguments), env=self.environment, capture_output=True, text=True,
            timeout=300, check=False,
        )  # fmt: skip
        if status is not None and done.returncode != status:
            raise AssertionError(
                f"exit {done.returncode}: {done.stdout[-800:]}{done.stderr[-2500:]}"
            )
        return done.stdout

    def json(self, *arguments: str | Path, status: int | None = 0) -> Any:
        return json.loads(self.run(*arguments, status=status))

    def command(self, *arguments: str | Path) -> list[str]:
        return [sys.executable, "-m", "regie.cli.main", *map(str, arguments)]


@contextmanager
def new_installation() -> Iterator[Installation]:
    """An installation that is gone afterwards, with its database."""
    home = Path(new_home())
    database = new_database()
    environment = {
        **os.environ,
        **cluster.environment(database),
        "REGIE_HOME": str(home),
        "PYTHONPATH": str(SOURCE),
    }
    for ours_alone in ("DJANGO_SETTINGS_MODULE", MIXED):
        environment.pop(ours_alone, None)
    yield Installation(home, environment)
    cluster.drop(database)
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def installation() -> Iterator[Installation]:
    with new_installation() as made:
        yield made


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared material of the project; tests that read it are skipped where it is absent."""
    if not (SHARED / "exports" / "manifest.json").exists():
        pytest.skip("REGIE_SHARED (default ../shared) is absent: the shared samples are not here")
    return SHARED


@contextmanager
def serving(environment: Mapping[str, str]) -> Iterator[str]:
    """``regie serve`` on a free port of loopback; gives its address once it answers."""
    port = free_port()
    ports = ("--port", str(port), "--collector-port", str(free_port()))
    server = subprocess.Popen(
        [sys.executable, "-m", "regie.cli.main", "serve", *ports],
        env=dict(environment),
        stdout=subprocess.DEVNULL,
    )
    try:
        until_it_answers(server, port, "/accounts/login/")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(PATIENCE)
