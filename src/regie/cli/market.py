"""``regie market``: the share of the market in some days, as the report says it."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import timedelta
from typing import Any

from regie.kernel.periods import Period, parse_day

DAYS = 30
GRAINS = ("week", "month", "fiscal_month", "fiscal_quarter")
BY = f"a share for each step: {', '.join(GRAINS)}; without it, one for all days"
COLUMNS = ("share", "period", "own", "market", "value", "currency")
OF_SIZES = ("source", "published_on")


def add_to(commands: Any) -> None:
    parser = commands.add_parser("market", help="the share of the market, where its size is noted")
    add = parser.add_argument
    add("--from", dest="start", default="", metavar="DAY", help="first day; without it, 30 days")
    add("--to", dest="end", default="", metavar="DAY", help="last day; without it, yesterday")
    add("--by", default="", choices=("", *GRAINS), metavar="STEP", help=BY)
    add(
        "--organisation",
        default="",
        metavar="SLUG",
        help="whose market and sales",
    )
    add("--as", dest="person", default="", metavar="EMAIL", help="what this person may see")
    add("--format", choices=("table", "json", "csv"), default="table", help="how to write it")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from regie.cli.session import local_operator

    period = _period(options)
    with local_operator():
        from regie.apps.dashboards.services import market_shares

        said = market_shares(
            period, organisation=options.organisation, person=options.person, grain=options.by
        )
    {"table": _table, "json": _json, "csv": _csv}[options.format](said)
    return 0


def _period(options: argparse.Namespace) -> Period:
    from regie.kernel import clock

    end = parse_day(options.end) if options.end else clock.today() - timedelta(days=1)
    start = parse_day(options.start) if options.start else end - timedelta(days=DAYS - 1)
    return Period(start, end)


def _lines(said: list[dict[str, Any]]) -> list[list[Any]]:
    """A line for each size that a share rests on."""
    return [
        [*(one[name] for name in COLUMNS), *(size[name] for name in OF_SIZES)]
        for one in said
        for size in one["sizes"]
    ]


def _json(said: list[dict[str, Any]]) -> None:
    json.dump(said, sys.stdout, ensure_ascii=False, indent=2)
    print()


def _csv(said: list[dict[str, Any]]) -> None:
    from regie.ui.csv_cells import Writer

    writer = Writer(sys.stdout)
    writer.row((*COLUMNS, *OF_SIZES))
    writer.rows(_lines(said))


def _table(said: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in (*COLUMNS, *OF_SIZES):
        table.add_column(name)
    for row in _lines(said):
        table.add_row(*("–" if value is None else str(value) for value in row))
    Console(width=None if sys.stdout.isatty() else 200).print(table)
