"""The page that a run leaves behind: one table of ratios, and what they were measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
_INTRODUCTION = """# Benchmarks

`make bench` writes this page. Each line compares two ways of doing the same work, run in turn
(A B A B …) in one go, in processor seconds and medians: ratios travel between machines, absolute
times do not. The last run:

"""
_REPEAT = """
## Run it again

- `make bench`: everything, with exports of 1 and of 10 million rows (the larger one is what an
  import is judged by) and a store of 10 million.
- `.venv/bin/python -m bench --rows 1000000 --only imports`: the small one alone (or `BENCH_ROWS`).
- `.venv/bin/python -m bench --stored 100000000 --only answers`: questions over 100 million rows.
- `.venv/bin/python -m bench --events 100000000 --only attribution`: 100 million events.
- `.venv/bin/python -m bench --only imports|attribution|answers|postgres|commands|pages|people`:
  one part; the page is written only when all parts have run, or with `--write`.

Pages are those of the demo (`regie demo --no-serve`; `BENCH_DEMO` names the home of one that is
there already). The input of the rest is our own: 20,000 ads of 2,000 campaigns of 50 accounts,
each ad once a day, the same for everyone (`bench/network.py`). Scratch files go to
`BENCH_FOLDER`, else to the temporary folder. nginx is the one of the path, or `BENCH_NGINX`.
"""


@dataclass(frozen=True)
class Line:
    """``wanted`` says in words what the ratio must be; ``holds`` whether it is."""

    what: str
    measured: str
    wanted: str = ""
    holds: bool | None = None

    def cells(self) -> str:
        mark = {True: "yes", False: "**no**", None: ""}[self.holds]
        return f"| {self.what} | {self.measured} | {self.wanted} | {mark} |"


def render(lines: Sequence[Line]) -> str:
    names = ("duckdb", "pyarrow", "psycopg", "django")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    ran_on = (
        f"{date.today():%Y-%m-%d}, {os.cpu_count()} cores ({platform.machine()}), "  # noqa: DTZ011
        f"{_memory_gb():.0f} GB, {platform.system()}, Python {platform.python_version()}, "
        f"{versions}.\n\n"
    )
    table = ["| what | measured | wanted | holds |", "|---|---|---|---|"]
    table += [line.cells() for line in lines]
    return _INTRODUCTION + ran_on + "\n".join(table) + "\n" + _REPEAT


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
