"""What an import costs against the least that reading the same file can cost."""

from __future__ import annotations

import sys
from pathlib import Path

from bench import google_ads
from bench.home import environment, home, regie, workplace
from bench.measure import Cost, in_turn, process
from bench.network import Network
from bench.page import Line

MOST_TIMES, MOST_MB = 4, 2048
JUDGED, SMALL = 10_000_000, 1_000_000  # rows; of the small file starting takes a quarter


def run(rows: int, times: int) -> list[Line]:
    """The export of ``rows`` lines, and the small one beside it."""
    return [line for size in sorted({SMALL, rows}) for line in _of(size, times)]


def _of(rows: int, times: int) -> list[Line]:
    network = Network(rows)
    path = workplace() / f"google-ads-{rows}.csv"
    if not path.exists():
        google_ads.write_export(network, path)
    ours, bare = in_turn(times, lambda: _import(path), lambda: _bare(path))
    is_judged = rows >= JUDGED
    ratio = ours.cpu_s / bare.cpu_s
    size = f"{rows / 1e6:g} M rows, {path.stat().st_size / 2**20:,.0f} MB of CSV"
    return [
        Line(
            f"import, validated, deduplicated and published ({size}) / the engine reading each "
            "cell as its type and summing the columns",
            f"{ratio:.1f} × ({ours.cpu_s:.1f} s / {bare.cpu_s:.1f} s)",
            f"at most {MOST_TIMES} ×" if is_judged else "",
            ratio <= MOST_TIMES if is_judged else None,
        ),
        Line(
            f"most memory of that import ({size})",
            f"{ours.peak_mb:,.0f} MB",
            f"10 M rows within {MOST_MB:,} MB" if is_judged else "",
            ours.peak_mb <= MOST_MB if is_judged else None,
        ),
    ]


def _import(path: Path) -> Cost:
    """In a new home each time: the second import of a file would find that nothing is new."""
    with home() as folder:
        ready = environment(folder)
        process(regie("metrics"), ready)
        process(regie("query", "--metrics", "spend"), ready)
        return process(regie("import", "--json", str(path)), ready)


def _bare(path: Path) -> Cost:
    with home() as folder:
        read = f"import duckdb; duckdb.execute({google_ads.bare_read(path)!r}).fetchall()"
        return process([sys.executable, "-c", read], environment(folder))
