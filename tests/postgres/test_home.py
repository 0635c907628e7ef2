"""Where the home is, and where the server may put its socket and its programs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from regie.postgres import binaries
from regie.postgres.home import regie_home, socket_folder
from regie.postgres.server_user import ServerUser, server_user

from .conftest import BARE


def test_the_home_is_the_chosen_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REGIE_HOME", str(tmp_path))
    assert regie_home() == tmp_path


def test_root_keeps_its_files_with_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REGIE_HOME", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert regie_home() == Path("/var/lib/regie")


def test_an_ordinary_user_keeps_them_at_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("REGIE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert regie_home() == tmp_path / ".regie"


def test_a_home_is_found_in_an_empty_environment() -> None:
    script = "from regie.postgres.home import regie_home; print(regie_home())"
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        capture_output=True,
        text=True,
        env=BARE,
    )
    assert Path(done.stdout.strip()).is_absolute()


def test_the_launcher_needs_no_framework() -> None:
    script = (
        "import sys; import regie.postgres.urls;"
        "sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env=BARE)


def test_a_short_home_keeps_its_socket(tmp_path: Path) -> None:
    assert socket_folder(Path("/srv/regie/pg")) == Path("/srv/regie/pg/run")


@pytest.mark.parametrize("name", ["x" * 90, "é" * 45, "a,b"])
def test_a_path_that_libpq_cannot_use_is_replaced(name: str) -> None:
    chosen = socket_folder(Path("/srv") / name)
    assert not chosen.is_relative_to("/srv")
    assert chosen == socket_folder(Path("/srv") / name)
    assert chosen != socket_folder(Path("/srv") / (name + "y"))


class ShutOut(ServerUser):
    """A user who may not read the installed programs."""

    def can(self, how: str, path: Path) -> bool:
        return False


def test_programs_that_the_server_may_not_read_are_copied_where_it_may(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr(binaries, "SYSTEM_HOME", folder)
    copied = binaries.programs(ShutOut())
    assert copied.is_relative_to(folder)
    assert copied == binaries.programs(ShutOut())
    assert [path.name.split("-")[0] for path in folder.iterdir()] == ["postgresql"]
    version = server_user(folder / "absent").run(copied / "initdb", "--version")
    assert binaries.MAJOR in version
