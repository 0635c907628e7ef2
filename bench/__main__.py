"""``python -m bench``: measure, print, and write ``docs/benchmarks.md``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from bench import (
    access,
    answers,
    attribution,
    beneficiaries,
    collecting,
    commands,
    imports,
    pages,
    people,
    postgres,
)
from bench.page import PAGE, Line, render

PARTS = (
    "imports",
    "postgres",
    "attribution",
    "commands",
    "pages",
    "answers",
    "people",
    "collecting",
    "access",
    "beneficiaries",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    rows = int(os.environ.get("BENCH_ROWS", "10_000_000"))
    parser.add_argument("--rows", type=int, default=rows, help="rows of the imported export")
    parser.add_argument("--stored", type=int, default=10_000_000, help="rows of the asked store")
    parser.add_argument("--events", type=int, default=10_000_000, help="events to attribute")
    parser.add_argument("--times", type=int, default=3, help="how often imports are measured")
    parser.add_argument("--only", choices=PARTS, action="append", help="one part")
    parser.add_argument("--write", action="store_true", help="write the page, whatever ran")
    said = parser.parse_args()
    parts: dict[str, Callable[[], list[Line]]] = {
        "imports": lambda: imports.run(said.rows, said.times),
        "postgres": lambda: postgres.run(min(said.stored, postgres.MOST_ROWS)),
        "attribution": lambda: attribution.run(said.events, said.times),
        "commands": lambda: commands.run(said.times),
        "pages": pages.run,
        "answers": lambda: answers.run(said.stored),
        "collecting": lambda: collecting.run(said.times),
        "people": people.run,
        "access": access.run,
        "beneficiaries": beneficiaries.run,
    }
    lines: list[Line] = []
    for name in said.only or PARTS:
        found = parts[name]()
        sys.stdout.writelines(f"{line.cells()}\n" for line in found)
        sys.stdout.flush()
        lines += found
    if said.write or not said.only:
        PAGE.write_text(render(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
