"""A run of tests that was killed leaves nothing behind once another one has begun."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests import runs
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
# A run that starts a server in a home of its own, says which, and waits.
RUN = """
import os, subprocess, sys
from pathlib import Path
from tests import runs
from tests.waiting import until
folder = runs.begin(Path(sys.argv[1]))
(folder / "home").mkdir()
server = subprocess.Popen(
    [sys.executable, "-c", "import signal; signal.pause()"], stdin=subprocess.DEVNULL,
    stdout=subprocess.DEVNULL, env={**os.environ, "REGIE_HOME": str(folder / "home")},
)
print(server.pid, flush=True)
sys.stdin.read()
"""


def begun(base: Path) -> tuple[subprocess.Popen[str], int]:
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, str(base)], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert run.stdout is not None
    return run, int(run.stdout.readline())


def lives(pid: int) -> bool:
    """Whether a process runs; what was killed and is not yet reaped has no command line."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        return False


def test_what_a_killed_run_left_goes_and_what_another_runs_in_stays(tmp_path: Path) -> None:
    killed, left = begun(tmp_path)
    running, server = begun(tmp_path)
    killed.kill()
    killed.communicate()
    assert len(list(tmp_path.iterdir())) == 2

    runs.clear(tmp_path)

    (folder,) = tmp_path.iterdir()
    assert (folder / "home").is_dir()
    assert lives(server)
    until(lambda: not lives(left))
    running.kill()
    running.communicate()
    runs.clear(tmp_path)
    until(lambda: not lives(server))
    assert list(tmp_path.iterdir()) == []


def test_what_a_server_wrote_after_its_run_had_ended_goes_too(tmp_path: Path) -> None:
    left, new = tmp_path / f"{runs.PREFIX}left", tmp_path / f"{runs.PREFIX}new"
    for folder in (left, new):
        (folder / "home").mkdir(parents=True)
    os.utime(left, (0, 0))

    runs.clear(tmp_path)

    assert list(tmp_path.iterdir()) == [new]
