"""What a person waits for at the command line."""

from __future__ import annotations

import sys

from bench import google_ads
from bench.home import environment, home, regie, workplace
from bench.measure import in_turn, process
from bench.network import Network
from bench.page import Line

ROWS = 200_000


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
    return [
        Line(
            "`regie query` by day / starting Python with the same libraries",
            f"{ours.cpu_s / bare.cpu_s:.1f} × ({ours.cpu_s:.2f} s / {bare.cpu_s:.2f} s)",
        ),
    ]
