"""``regie codes``: promo codes and how often they were used, as the page of codes says it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from regie.kernel.periods import Period, parse_day

DAYS = 365


def add_to(commands: Any) -> None:
    parser = commands.add_parser("codes", help="promo codes and how often they were used")
    add = parser.add_argument
    add("--from", dest="start", default="", metavar="DAY", help="first day; without it, one year")
    add("--to", dest="end", default="", metavar="DAY", help="last day; without it, today")
    add("--organisation", default="", metavar="SLUG", help="whose codes and orders")
    add("--format", choices=("csv", "json"), default="csv", help="how to write it")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from regie.cli.session import local_operator

    period = _period(options)
    with local_operator():
        from regie.apps.access.context import operating
        from regie.apps.access.selectors import scope_of
        from regie.apps.organisations import selectors as organisations
        from regie.apps.tracking import selectors
        from regie.cli.session import organisation

        here = organisation(options.organisation)
        with operating():
            branch = organisations.branch_of(here)
            ids = [one.pk for one in branch]
            parts = selectors.used_between(scope_of(branch), ids, period)
            said = [one for part in parts for one in part]
            if options.format == "json":
                _json([selectors.written_use(one) for one in said])
            else:
                _csv([selectors.USE_COLUMNS, *map(selectors.row_of, said)])
    return 0


def _period(options: argparse.Namespace) -> Period:
    from regie.kernel import clock

    end = parse_day(options.end) if options.end else clock.today()
    return Period(parse_day(options.start) if options.start else end - timedelta(DAYS - 1), end)


def _csv(rows: Sequence[Sequence[Any]]) -> None:
    from regie.ui.csv_cells import Writer

    Writer(sys.stdout).rows(rows)


def _json(said: list[dict[str, Any]]) -> None:
    json.dump({"codes": said}, sys.stdout, ensure_ascii=False, indent=2, default=str)
    print()
