"""Processes that use an embedded server of their own, and ways to look at what runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from regie.postgres.cluster import Cluster, password
from tests.waiting import until

SOURCES = Path(__file__).parents[2] / "src"
# All that a process needs from our environment to find Régie.
BARE = {
    "PATH": "/usr/bin:/bin",
    "PYTHONPATH": os.pathsep.join(filter(None, [str(SOURCES), os.environ.get("PYTHONPATH")])),
}
# Each line on its input is an order; the end of its input is the end of the user.
USER = """
import itertools, sys
from regie.postgres import launcher
for order in itertools.chain(["ensure"], sys.stdin):
    if order.strip() == "release":
        launcher.release()
        print("released", flush=True)
    else:
        print(launcher.ensure().host, flush=True)
"""


@dataclass
class User:
    """A process that holds the server of ``home``."""

    process: subprocess.Popen[str]

    def answer(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline().strip()
        assert line, self.process.communicate()[1]
        return line

    def order(self, word: str) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        return self.answer()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@dataclass
class Home:
    """A home for one test, and what runs for it."""

    path: Path
    users: list[User]

    def user(self, **environment: str) -> User:
        process = subprocess.Popen(
            [sys.executable, "-c", USER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={
                **BARE,
                "REGIE_HOME": str(self.path),
                "REGIE_PG_FAST": "1",
                **environment,
            },
        )
        self.users.append(User(process))
        return self.users[-1]

    @property
    def cluster(self) -> Cluster:
        pointer = self.path / "pg" / "elsewhere"
        return Cluster(Path(pointer.read_text()) if pointer.exists() else self.path / "pg")

    def connect(self) -> psycopg.Connection[Any]:
        host = until(self.cluster.ready)
        secret = self.cluster.secret.read_text()
        return psycopg.connect(
            host=str(host),
            user="postgres",
            password=password(secret, "postgres"),
            dbname="postgres",
            autocommit=True,
        )

    def postmaster(self) -> int:
        """The server's process, 0 while there is none."""
        try:
            return int(self.cluster.pid_file.read_text().split("\n")[0] or 0)
        except FileNotFoundError:
            return 0

    def keepers(self) -> list[int]:
        return [pid for pid, line in self._processes() if "regie.postgres.keeper" in line]

    def keeper(self) -> int:
        """The one that serves. Others may just be finding out that they are not needed."""
        stat = Path(f"/proc/{self.postmaster()}/stat").read_text()
        return int(stat.rpartition(")")[2].split()[1])

    def everything(self) -> list[str]:
        return [f"{pid} {line}" for pid, line in self._processes()]

    def _processes(self) -> Iterator[tuple[int, str]]:
        data = str(self.cluster.data)
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                if data in line or os.readlink(entry / "cwd") == data:
                    yield int(entry.name), line
            except OSError:
                continue


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path that any user may pass through."""
    memory = Path("/dev/shm")  # noqa: S108 - the folder made inside is private
    path = Path(tempfile.mkdtemp(prefix="régie ", dir=memory if memory.is_dir() else None))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def home(folder: Path) -> Iterator[Home]:
    home = Home(folder / "home", [])
    yield home
    for user in home.users:
        user.kill()
    until(lambda: not home.everything())
    if home.cluster.folder != home.path / "pg":
        shutil.rmtree(home.cluster.folder)
