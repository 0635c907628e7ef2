"""Which engine runs is a setting, and what Régie asks of one is its small interface."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from regie.kernel.errors import RegieError
from regie.warehouse import engine
from tests.installation import Installation, installation

__all__ = ["installation"]
ORDERS = "order_id,ordered_at,currency,revenue\n1,2026-09-01,EUR,100.10\n2,2026-09-02,EUR,7.05\n"


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    engine.chosen.cache_clear()
    yield
    engine.chosen.cache_clear()


@pytest.mark.parametrize("name", ["clickhouse", "nowhere.at.all", "DuckDB", "regie.warehouse.", ""])
def test_a_setting_that_names_no_engine_is_refused_with_those_there_are(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGIE_ENGINE", name)
    if not name:
        engine.check()  # nothing chosen is the one that there always is
        assert engine.chosen().version().startswith("DuckDB ")
        return
    with pytest.raises(RegieError, match=f"“{name}”.* Known are: duckdb\\."):
        engine.check()


def test_a_module_that_is_no_engine_is_refused_with_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REGIE_ENGINE", "regie.warehouse.spool")
    with pytest.raises(RegieError, match="FAILURE, version, scratch, reader, was_interrupted"):
        engine.chosen()


def test_a_failure_and_an_interruption_are_told_apart(tmp_path: Path) -> None:
    with (
        engine.scratch(tmp_path) as one,
        pytest.raises(engine.failure(), match="nothing_of_the_kind") as failed,
    ):
        one.execute("SELECT nothing_of_the_kind")
    assert not engine.was_interrupted(failed.value)


def test_commands_check_the_setting_before_they_touch_anything(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = subprocess.run(
        [sys.executable, "-m", "regie.cli.main", "query", "--metrics", "spend"],
        env={"PATH": "/usr/bin:/bin", "REGIE_HOME": str(home), "REGIE_ENGINE": "spark"},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("regie: REGIE_ENGINE names an engine that is not here: “spark”.")
    assert not home.exists()


@pytest.mark.slow
def test_an_engine_named_by_its_path_does_all_that_the_first_one_does(
    installation: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS)
    installation.environment["REGIE_ENGINE"] = "tests.warehouse.narrow_engine"

    (taken,) = installation.json("import", file, "--json")["files"]
    assert taken["totals"]["revenue"] == {"EUR": "107.15"}
    installation.run("imports", "undo", str(taken["import_id"]))
    installation.run("import", file)
    found = installation.json(
        "query", "--metrics", "revenue,orders", "--by", "date", "--format", "json"
    )
    assert [(row["date"], row["revenue"]) for row in found["rows"]] == [
        ("2026-09-01", "100.1"), ("2026-09-02", "7.05"),
    ]  # fmt: skip
    said = {one["what"]: one for one in installation.json("doctor", "--json")["findings"]}
    assert said["Engine"]["state"].startswith("Narrow DuckDB ")
    assert not [one for one in said.values() if one["todo"]]
