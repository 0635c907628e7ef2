"""``regie match-people``: customers who are probably one person, by comparing their files."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say


def add_to(commands: Any) -> None:
    parser = commands.add_parser("match-people", help="find customers who are probably one person")
    parser.add_argument(
        "file", nargs="?", type=Path, help="customers to load first: CSV or workbook"
    )
    parser.add_argument("--organisation", default="", metavar="SLUG")
    parser.add_argument(
        "--count", choices=("yes", "no"), help="let probable links count in reports"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    if options.file is not None and not options.file.is_file():
        raise WrongUse(say(_("There is no file “{name}”."), name=str(options.file)))
    from regie.cli.session import local_operator, organisation

    with local_operator():
        from regie.apps.access.context import operating
        from regie.apps.identity import services

        here, told = organisation(options.organisation), dict[str, Any]()
        with operating():
            if options.file is not None:
                loaded = services.load_customers(actor=None, organisation=here, path=options.file)
                told = _told(loaded)
            matched = services.match_customers(actor=None, organisation=here)
            if options.count:
                services.count_probable(
                    actor=None, organisation=here, on=options.count == "yes"
                )  # fmt: skip
    json.dump(
        told | {"customers": matched.records, "links": matched.links,
         "expected_precision": matched.precision},
        sys.stdout, indent=2,
    )  # fmt: skip
    print()
    return 0


def _told(loaded: Any) -> dict[str, Any]:
    refused = [{"line": line, "reason": str(why)} for line, why in loaded.refused]
    return {
        "loaded": loaded.customers, "repeated": loaded.repeated,
        "refused_count": loaded.refused_count, "refused": refused,
    }  # fmt: skip
