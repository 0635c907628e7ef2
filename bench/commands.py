"""What a person waits for: the command's answer, and the report's page in a warm server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench import google_ads
from bench.home import environment, home, regie, workplace
from bench.measure import in_turn, process
from bench.network import Network
from bench.page import Line

ROWS = 200_000
_PAGE = """
from regie.config.boot import start
start()
import json, time
from statistics import median
from django.test import Client
from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.organisations.models import Organisation, Role
from regie.apps.organisations.services import add_member
with operating():
    person = User.objects.create_user("bench@regie.example", "bench", name="Bench")
    add_member(actor=None, organisation=Organisation.objects.get(), user=person,
               role=Role.ADMINISTRATOR)
browser = Client(SERVER_NAME="127.0.0.1")
browser.force_login(person)
times = []
for _time in range(12):
    started = time.perf_counter()
    answer = browser.get("/report/", follow=True)
    times.append(time.perf_counter() - started)
    assert answer.status_code == 200, answer.status_code
print(json.dumps(median(times[2:])))
"""


def run(times: int) -> list[Line]:
    path = workplace() / f"google-ads-{ROWS}.csv"
    if not path.exists():
        google_ads.write_export(Network(ROWS), path)
    with home() as folder:
        ready = environment(folder)
        process(regie("import", "--json", str(path)), ready)
        asked = regie("query", "--metrics", "spend,clicks,ctr", "--by", "date", "--format", "json")
        ours, bare = in_turn(
            times,
            lambda: process(asked, ready),
            lambda: process([sys.executable, "-c", "import duckdb, django, psycopg"], ready),
        )
        page = float(_output(folder))
    return [
        Line(
            "`regie query` by day / starting Python with the same libraries",
            f"{ours.cpu_s / bare.cpu_s:.1f} × ({ours.cpu_s:.2f} s / {bare.cpu_s:.2f} s)",
        ),
        Line(
            f"the report's page, {ROWS / 1e6:g} M rows, in a warm process",
            f"{page * 1000:.0f} ms (wall)",
        ),
    ]


def _output(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _PAGE], env=environment(folder), check=True, capture_output=True,
        text=True,
    )  # fmt: skip
    return done.stdout.strip().splitlines()[-1]
