"""kill -9 at random moments: what is published is always one whole version.

Real processes are started, killed, and looked at from outside. ``REGIE_SEED`` repeats a run.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest

from regie.domain.facts import TABLES
from regie.postgres.cluster import Cluster
from regie.postgres.creation import FAST
from regie.postgres.place import cluster_of
from regie.warehouse import catalogue
from regie.warehouse.catalogue import Snapshot
from regie.warehouse.lake import Lake, reading
from regie.warehouse.rollups import ROLLUPS
from tests.environment import SOURCE
from tests.installation import Installation
from tests.warehouse.exports import google

CAMPAIGNS = range(1, 9)
START, DAYS = date(2026, 6, 1), 90
OLD = 2 * 3600


@dataclass
class Network:
    """What should be published: imports in their order, and what they say of each day."""

    imports: list[tuple[int, int, int, int]] = field(
        default_factory=list
    )  # id, first, days, factor

    def with_import(self, number: int, first: int, days: int, factor: int) -> Network:
        return Network([*self.imports, (number, first, days, factor)])

    def without(self, number: int) -> Network:
        return Network([one for one in self.imports if one[0] != number])

    def spend(self) -> Decimal:
        by_day: dict[int, int] = {}
        for _number, first, days, factor in self.imports:
            by_day |= dict.fromkeys(range(first, first + days), factor)
        return Decimal(sum(by_day.values()) * len(CAMPAIGNS))


@dataclass
class Torment:
    """An installation whose processes are killed."""

    installation: Installation
    folder: Path
    dice: random.Random
    network: Network = field(default_factory=Network)

    def run(self, kills: int) -> None:
        self.bring(self.export(0, DAYS, 1))
        for number in range(kills):
            self.dice.choice((self.kill_import, self.kill_import, self.kill_undo, self.kill_mend))()
            if number % 10 == 9:
                self.check_doctor()
        self.check_doctor()
        self.check_strays()

    def kill_import(self) -> None:
        first = self.dice.randrange(DAYS - 10)
        days = self.dice.randrange(5, DAYS - first)
        factor = self.dice.randrange(2, 1000)
        path = self.export(first, days, factor)
        self.start_and_kill("import", path)
        self.check(self.network, self.network.with_import(0, first, days, factor))
        self.bring(path, first, days, factor)

    def kill_undo(self) -> None:
        if len(self.network.imports) < 2:
            return
        number = self.dice.choice(self.network.imports[1:])[0]
        after = self.network.without(number)
        self.start_and_kill("imports", "undo", str(number))
        self.check(self.network, after)
        self.installation.run("imports", "undo", str(number), status=None)
        self.network = after
        self.check(after)

    def kill_mend(self) -> None:
        self.start_and_kill("doctor", "--mend")
        self.check(self.network)

    def bring(self, path: Path, first: int = 0, days: int = DAYS, factor: int = 1) -> None:
        """The import repeated: whatever the kill left, the totals are right afterwards."""
        (file,) = self.installation.json("import", path, "--json")["files"]
        assert Decimal(file["totals"]["spend"]["EUR"]) == days * len(CAMPAIGNS) * factor
        self.network = self.network.with_import(file["import_id"], first, days, factor)
        self.check(self.network)

    def export(self, first: int, days: int, factor: int) -> Path:
        path = self.folder / f"export-{first}-{days}-{factor}.csv"
        return google(path, START + timedelta(days=first), days, CAMPAIGNS, factor=factor)

    def start_and_kill(self, *arguments: str | Path) -> None:
        """SIGKILL after a random delay: of the whole run, or of the work on the warehouse."""
        process = subprocess.Popen(
            self.installation.command(*arguments), env=self.installation.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        if self.dice.random() < 0.8:
            _await_work(self.installation.home, process)
            time.sleep(self.dice.random() * 0.9)
        else:
            time.sleep(self.dice.random() * 1.5)
        process.send_signal(signal.SIGKILL)
        process.wait()

    # What must hold, seen from outside.

    def check(self, *allowed: Network) -> None:
        snapshot = self.snapshot()
        sums = self.sums(snapshot)
        spend = sums["performance"][0]
        assert spend in {one.spend() for one in allowed}
        for name, (amount, count) in sums.items():
            assert amount == spend, f"{name} is of another version"
            assert count in (None, spend * 1000), f"{name} is torn"

    def snapshot(self) -> Snapshot:
        with psycopg.connect(self.installation.environment["DATABASE_URL"]) as connection:
            return catalogue.snapshot(connection)

    def sums(self, snapshot: Snapshot) -> dict[str, tuple[Decimal, Any]]:
        """Cost (or conversions, which equal it) and impressions, by facts and by each rollup."""
        lake, found = self.lake, {}
        with duckdb.connect() as engine:
            for name in ("performance", "conversions", *ROLLUPS):
                fact = ROLLUPS[name].fact.name if name in ROLLUPS else name
                schema = ROLLUPS[name].schema if name in ROLLUPS else TABLES[name].schema
                paths = [lake.absolute(file.path) for file in snapshot.files(name)]
                sums = (
                    "sum(spend), sum(impressions)" if fact == "performance"
                    else "sum(conversions), NULL"
                )  # fmt: skip
                row = engine.execute(f"SELECT {sums} FROM {reading(paths, schema)}").fetchall()[0]
                found[name] = (Decimal(row[0] or 0), row[1])
        return found

    @property
    def lake(self) -> Lake:
        return Lake(self.installation.home / "lake")

    def findings(self, *options: str, status: int | None = None) -> dict[str, dict[str, str]]:
        found = self.installation.json("doctor", "--json", *options, status=status)["findings"]
        return {one["what"]: one for one in found}

    def check_doctor(self) -> None:
        """All that is published agrees; what was interrupted is reported, and closed by mending."""
        assert self.findings()["Published files"]["todo"] == ""
        mended = self.findings("--mend")
        assert mended["Published files"]["todo"] == ""
        assert mended["Interrupted imports"]["state"] == "none"
        assert self.installation.json("query", "--metrics", "spend", "--format", "json")[
            "totals"
        ] == {"spend": {"EUR": str(self.network.spend())}}
        self.check(self.network)

    def check_strays(self) -> None:
        """What kills left in the lake, the scratch work and the inputs goes after the grace."""
        home = self.installation.home
        for path in home.glob("*/**/*"):
            if path.relative_to(home).parts[0] in {"lake", "work", "raw"}:
                then = time.time() - OLD
                os.utime(path, (then, then))
        self.findings("--mend")
        with psycopg.connect(self.installation.environment["DATABASE_URL"]) as connection:
            rows = connection.execute("SELECT path FROM warehouse_file").fetchall()
        assert self.lake.files() == {path for (path,) in rows}
        assert not list((home / "work").iterdir())
        self.check(self.network)


def torment(installation: Installation, folder: Path, kills: int) -> None:
    seed = int(os.environ.get("REGIE_SEED") or random.SystemRandom().randrange(10**6))
    print(f"REGIE_SEED={seed}")  # noqa: T201 - shown when the test fails
    dice = random.Random(seed)  # noqa: S311 - no secret
    Torment(installation, folder, dice).run(kills)


@pytest.mark.slow
def test_twenty_kills_lose_and_double_nothing(installation: Installation, tmp_path: Path) -> None:
    torment(installation, tmp_path, 20)


@pytest.mark.long
def test_two_hundred_kills_lose_and_double_nothing(
    installation: Installation, tmp_path: Path
) -> None:
    torment(installation, tmp_path, 200)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks into /proc")
def test_a_killed_server_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """The embedded PostgreSQL, written to as in production, is killed in the middle of imports."""
    home = Path(tempfile.mkdtemp(prefix="regie-kill-"))
    home.chmod(0o755)
    unwanted = ("DATABASE_URL", "DATABASE_OWNER_URL", FAST, "DJANGO_SETTINGS_MODULE")
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    environment |= {"REGIE_HOME": str(home), "PYTHONPATH": str(SOURCE)}
    installation = Installation(home, environment)
    dice = random.Random(5)  # noqa: S311 - no secret
    try:
        installation.run("imports")
        for factor in (2, 3, 4):
            path = google(tmp_path / f"{factor}.csv", START, DAYS, CAMPAIGNS, factor=factor)
            before = _spend(installation)
            process = subprocess.Popen(
                installation.command("import", path), env=environment,
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            )  # fmt: skip
            _await_work(home, process)
            time.sleep(dice.random() * 0.8)
            _kill_server(cluster_of(home))
            _out, said = process.communicate(timeout=120)
            assert "Traceback" not in said
            assert process.returncode in {0, 1}
            after = Decimal(DAYS * len(CAMPAIGNS) * factor)
            assert _spend(installation) in ({after} if process.returncode == 0 else {before, after})
            installation.run("import", path)
            assert _spend(installation) == after
        assert installation.json("doctor", "--mend", "--json")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _spend(installation: Installation) -> Decimal:
    answer = installation.json("query", "--metrics", "spend", "--format", "json")
    return Decimal(next(iter((answer["totals"]["spend"] or {}).values()), 0))


def _await_work(home: Path, process: subprocess.Popen[Any]) -> None:
    before = set((home / "work").glob("*"))
    while process.poll() is None and set((home / "work").glob("*")) <= before:
        time.sleep(0.005)


def _kill_server(cluster: Cluster) -> None:
    """The postmaster and all that it started, at once."""
    try:
        postmaster = int(cluster.pid_file.read_text().split("\n")[0])
    except (FileNotFoundError, ValueError):
        return  # the import was quicker, and the server has left with it
    children = [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and _parent(entry) == postmaster
    ]
    for pid in (postmaster, *children):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
    except (OSError, IndexError):
        return 0
