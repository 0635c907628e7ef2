"""``regie metrics``: every metric with its unit and definition, and what it can be split by."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any


def add_to(commands: Any) -> None:
    parser = commands.add_parser("metrics", help="list metrics and dimensions")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from regie.domain.metrics.catalog import metrics
    from regie.domain.metrics.dimensions import DIMENSIONS

    if options.json:
        described = [
            {"name": m.name, "label": m.label, "unit": m.unit.value, "better": m.better,
             "description": m.description}
            for m in metrics().values()
        ]  # fmt: skip
        json.dump(
            {"metrics": described, "dimensions": list(DIMENSIONS)},
            sys.stdout, ensure_ascii=False, indent=2,
        )  # fmt: skip
        print()
        return 0
    for one in metrics().values():
        print(f"{one.name:<22} {one.unit.value:<7} {one.description}")
    print(f"\nSplit by: {', '.join(DIMENSIONS)}")
    return 0
