"""Readers while files come in, and several processes with one file: no error, nothing torn."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.installation import Installation
from tests.warehouse.exports import google

START, DAYS, CAMPAIGNS = date(2026, 7, 1), 40, range(1, 6)
CELLS = DAYS * len(CAMPAIGNS)

READERS = """
import json, sys, threading
import regie

home, readers = sys.argv[1], int(sys.argv[2])
opened = regie.open(home)
stop, seen, wrong = threading.Event(), set(), []

def read():
    while not stop.wait(0.05):
        try:
            answer = opened.answer(metrics=["spend", "clicks", "impressions", "conversions"])
            rows = opened.query(metrics=["spend", "conversions"], by=["campaign", "month"])
            spend = answer.totals["spend"]["EUR"]
            seen.add(int(spend))
            whole = (answer.totals["clicks"], answer.totals["impressions"],
                     answer.totals["conversions"]) == (spend * 100, spend * 1000, spend)
            torn = [row for row in rows.to_pylist() if row["spend"] != row["conversions"]]
            if not whole or torn:
                wrong.append(f"torn: {answer.totals} {torn[:2]}")
        except Exception as error:
            wrong.append(repr(error))

threads = [threading.Thread(target=read) for _ in range(readers)]
for thread in threads:
    thread.start()
print("ready", flush=True)
sys.stdin.readline()
stop.set()
for thread in threads:
    thread.join()
print(json.dumps({"seen": sorted(seen), "wrong": wrong[:5]}))
"""


@pytest.mark.slow
def test_eight_readers_never_see_half_an_import(installation: Installation, tmp_path: Path) -> None:
    def export(factor: int) -> Path:
        return google(tmp_path / f"{factor}.csv", START, DAYS, CAMPAIGNS, factor=factor)

    installation.run("import", export(1))
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READERS, str(installation.home), "4"],
            env=installation.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _process in range(2)
    ]  # fmt: skip
    for reader in readers:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
    factors = (2, 3, 4)
    for factor in factors:
        (file,) = installation.json("import", export(factor), "--json")["files"]
    installation.run("imports", "undo", file["import_id"])
    installation.run("doctor", "--mend")
    found = [json.loads(reader.communicate("stop\n", timeout=60)[0]) for reader in readers]

    assert [one["wrong"] for one in found] == [[], []]
    allowed = {CELLS * factor for factor in (1, *factors)}
    assert all(set(one["seen"]) <= allowed for one in found)
    assert all(CELLS * 2 in one["seen"] for one in found)


@pytest.mark.slow
def test_one_file_sent_by_four_processes_at_once_is_published_once(
    installation: Installation, tmp_path: Path
) -> None:
    path = google(tmp_path / "a.csv", START, DAYS, CAMPAIGNS, factor=7)
    installation.run("imports")  # the store is made by one
    senders = [
        subprocess.Popen(
            installation.command("import", path, "--json"), env=installation.environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _sender in range(4)
    ]  # fmt: skip
    said = [sender.communicate(timeout=120) for sender in senders]

    assert [sender.returncode for sender in senders] == [0] * 4, said
    files = [json.loads(out)["files"][0] for out, _err in said]
    assert len({file["import_id"] for file in files}) == 1
    assert {file["totals"]["spend"]["EUR"] for file in files} == {str(7 * CELLS)}
    listed = installation.json("imports", "--json")["imports"]
    assert [one["state"] for one in listed] == ["published"]
    answer = installation.json("query", "--metrics", "spend", "--format", "json")
    assert Decimal(answer["totals"]["spend"]["EUR"]) == 7 * CELLS
