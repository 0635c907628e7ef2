"""kill -9 at random moments of an erasure: the same request is taken up, and counts once.

Real processes are started and killed. ``REGIE_SEED`` repeats a run.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg
import pyarrow.parquet
import pytest
from psycopg.rows import dict_row

from tests.installation import Installation

WHO, OTHER = "kestrel.home@client.example", "heron.home@client.example"
MONTHS, KILLS = 24, 8
HEADING = "order_id,ordered_at,revenue,currency,customer\n"


def bring_orders(installation: Installation, folder: Path) -> None:
    """A file of each month names the person once, and somebody else once."""
    paths = []
    for month in range(MONTHS):
        day = f"{2024 + month // 12}-{month % 12 + 1:02}-02"
        path = folder / f"orders-{month:02}.csv"
        path.write_text(
            f"{HEADING}{month}-1,{day},10,EUR,{WHO}\n{month}-2,{day},5,EUR,{OTHER}\n",
            encoding="utf-8",
        )
        paths.append(path)
    installation.run("import", *paths)


def naming(installation: Installation, name: str) -> list[str]:
    return [
        str(path)
        for place in ("lake", "raw")
        for path in (installation.home / place).rglob("*")
        if path.is_file() and name.encode() in _content(path)
    ]


def _content(path: Path) -> bytes:
    if path.suffix == ".parquet":
        return str(pyarrow.parquet.read_table(path).to_pylist()).encode()
    return path.read_bytes()


@pytest.mark.slow
def test_an_erasure_that_is_killed_again_and_again_is_done_once(
    installation: Installation, tmp_path: Path
) -> None:
    bring_orders(installation, tmp_path)
    dice = random.Random(os.environ.get("REGIE_SEED", time.time_ns()))  # noqa: S311
    began = time.monotonic()
    nobody = installation.json("erase-person", "nobody@client.example", "--yes")
    whole = time.monotonic() - began
    assert nobody["found"] == {}

    killed = 0
    while killed < KILLS and not is_done(installation):
        process = subprocess.Popen(
            installation.command("erase-person", WHO, "--yes"), env=installation.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(whole * dice.uniform(0.4, 1.0))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() != 0
    # What was begun last is gone on with: a command may have come just after the work was done.
    installation.run("erase-person", WHO, "--yes")

    assert killed
    (request,) = requests(installation)
    assert request["asking"] == {}
    assert request["left"] == []
    assert request["found"]["facts_orders"] == request["found"]["kept_inputs"] == MONTHS
    installation.run("erase-person", WHO, "--yes")  # removes what the last kill may have left
    assert naming(installation, WHO) == []
    assert len(naming(installation, OTHER)) >= MONTHS
    totals = installation.json("query", "--metrics", "orders,revenue", "--format", "json")
    assert totals["totals"]["orders"] == str(2 * MONTHS)


def requests(installation: Installation) -> list[dict[str, Any]]:
    """Those about somebody who was known."""
    with psycopg.connect(
        installation.environment["DATABASE_URL"], row_factory=dict_row
    ) as database:
        database.execute("SELECT set_config('regie.operator', 'on', true)")
        found = database.execute("SELECT * FROM identity_personrequest ORDER BY id").fetchall()
    return [one for one in found if one["found"] or one["done_at"] is None]


def is_done(installation: Installation) -> bool:
    return any(one["done_at"] for one in requests(installation))
