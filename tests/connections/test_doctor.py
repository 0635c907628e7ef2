"""``regie doctor`` finds what is wrong with the store, and says what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from django.db import connection

from regie.apps.connections import services
from regie.cli.main import main
from regie.warehouse import catalogue
from tests.cast import Cast, bring, total
from tests.connections.test_importing import google

SUMS = "Sums kept beside the facts"
ROWS = [f"{name},{day},2026-{month}-{day:02},EUR,10.25,10,2,1,50"
        for name in ("Brand", "Other") for month in ("09", "10") for day in (1, 2)]  # fmt: skip


@pytest.fixture
def figures(cast: Cast, tmp_path: Path) -> Cast:
    bring(cast.nantes, google(tmp_path / "a.csv", *ROWS), account="1")
    return cast


def findings(
    capsys: pytest.CaptureFixture[str], *words: str, status: int = 0
) -> dict[str, dict[str, str]]:
    capsys.readouterr()
    assert main(["doctor", "--json", *words]) == status
    said = json.loads(capsys.readouterr().out)["findings"]
    return {one["what"]: one for one in said}


@pytest.fixture
def spoilt() -> Iterator[list[Path]]:
    """Files that the test breaks: the tests that follow find none of them."""
    paths: list[Path] = []
    yield paths
    for path in paths:
        path.unlink(missing_ok=True)


def _file_of(rollup: str) -> Path:
    (file,) = catalogue.snapshot(connection.connection).files(rollup)[-1:]
    return Path(services.lake().absolute(file.path))


def test_it_says_which_engine_runs_and_that_all_is_sound(
    figures: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    found = findings(capsys)

    assert found["Engine"]["state"] == f"DuckDB {duckdb.__version__}"
    assert found[SUMS] == {
        "what": SUMS, "state": "those of the facts, in their latest months", "todo": "",
    }  # fmt: skip
    assert not [one for one in found.values() if one["todo"]]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rollup", "breaking"),
    [
        ("performance_by_account", "a figure"),
        ("performance_by_campaign_by_month", "a row too many"),
        ("performance_by_account_by_month", "no parquet"),
        ("conversions_by_campaign", "gone"),
    ],
)
def test_sums_that_are_not_those_of_the_facts_are_told_and_made_anew(
    figures: Cast, spoilt: list[Path], capsys: pytest.CaptureFixture[str], rollup: str,
    breaking: str,
) -> None:  # fmt: skip
    path = _file_of(rollup)
    spoilt.append(path)
    _break(path, breaking)

    told = findings(capsys, status=1)[SUMS]
    assert told["state"].startswith(f"differ from them in {rollup} 2026-")
    assert told["todo"] == "`regie doctor --mend` makes them anew from the facts."

    mended = findings(
        capsys, "--mend", status=1
    )  # the broken file is still named by an old version
    assert mended[SUMS]["todo"] == ""
    assert mended["Published files"]["todo"] != ""
    assert total(figures.chloe, "spend") == {"EUR": Decimal(82)}
    assert total(figures.chloe, "conversions") == Decimal(8)


def _break(path: Path, how: str) -> None:
    if how == "gone":
        path.unlink()
        return
    if how == "no parquet":
        path.write_bytes(b"nothing of the kind")
        return
    figure = "spend" if "performance" in str(path) else "conversion_value"
    rows = f"SELECT * REPLACE ({figure} + 1 AS {figure}) FROM read_parquet('{path}')"
    if how == "a row too many":
        rows = (
            f"SELECT * FROM read_parquet('{path}') UNION ALL (FROM read_parquet('{path}') LIMIT 1)"
        )
    with duckdb.connect() as engine:
        engine.execute(f"CREATE TABLE broken AS {rows}")
        engine.execute(f"COPY broken TO '{path}' (FORMAT parquet)")
