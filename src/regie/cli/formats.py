"""``regie formats``: the files that are recognised, and how sure we are of each."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any


def add_to(commands: Any) -> None:
    parser = commands.add_parser("formats", help="list the formats of files")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from regie.ingestion.formats import formats

    found = sorted(formats().values(), key=lambda one: (one.origin, one.platform, one.name))
    if options.json:
        described = [
            {"name": f.name, "label": f.label, "platform": f.platform, "certainty": f.certainty}
            for f in found
        ]
        json.dump({"formats": described}, sys.stdout, ensure_ascii=False, indent=2)
        print()
        return 0
    for one in found:
        print(f"{one.name:<36} {one.platform:<24} {one.certainty}")
    return 0
