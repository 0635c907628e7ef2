"""Requests of persons from a terminal: told, corrected and erased, with nothing in the history."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.installation import Installation

CUSTOMER = "kestrel.home@client.example"
ORDERS = (
    "order_id,ordered_at,revenue,currency,customer\n1,2026-11-02,10,EUR,{}\n2,2026-11-03,5,EUR,X\n"
)


@pytest.fixture
def told(installation: Installation, tmp_path: Path) -> Installation:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS.format(CUSTOMER), encoding="utf-8")
    installation.run("import", path)
    return installation


@pytest.mark.slow
def test_a_person_is_told_corrected_and_erased(told: Installation) -> None:
    held = told.json("person", "show", CUSTOMER)
    assert [row["order_id"] for row in held["facts"]] == ["1"]
    lines = told.run("person", "show", CUSTOMER, "--format", "csv").splitlines()
    assert lines[0] == "table,row,name,value"

    right = "kestrel.work@client.example"
    done = told.json("person", "correct", CUSTOMER, "--right", right)
    assert (done["request"], done["left"]) == ("rectification", {})
    assert told.json("person", "show", CUSTOMER) == {}

    assert told.run("erase-person", right, status=2) == ""
    answer = subprocess.run(
        told.command("erase-person", "-", "--yes"), env=told.environment, input=right + "\n",
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    erased = json.loads(answer.stdout)
    assert erased["found"]["facts_orders"] >= 1
    assert erased["left"] == {}
    everything = b"".join(
        path.read_bytes() for path in (told.home / "raw").rglob("*") if path.is_file()
    )
    assert b"kestrel" not in everything
    assert told.json("person", "show", right) == {}
    assert told.json("query", "--metrics", "orders", "--format", "json")["totals"]["orders"] == "2"
