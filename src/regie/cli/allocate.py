"""``regie allocate``: how the same budget would be shared out among platforms, as the page says."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say
from regie.kernel.periods import Period, parse_day

DAYS = 90
COLUMNS = ("platform", "now", "proposed", "difference", "counted", "expected", "cost",
           "marginal_cost", "elasticity", "kept_because")  # fmt: skip


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "allocate", help="how the same budget would be shared out among platforms"
    )
    add = parser.add_argument
    add("--from", dest="start", default="", metavar="DAY", help="first day; without it, 90 days")
    add("--to", dest="end", default="", metavar="DAY", help="last day; without it, yesterday")
    add("--measure", default="", metavar="NAME",
        help="what to bring: orders, leads_received, conversions or leads (claimed)")  # fmt: skip
    add("--cap", default="20", metavar="PERCENT", help="how far a budget may move at most")
    add("--currency", default="", help="convert money; without it, to the organisation's")
    add("--organisation", default="", metavar="SLUG", help="this organisation and those below")
    add("--as", dest="person", default="", metavar="EMAIL", help="what this person may see")
    add("--format", choices=("table", "json", "csv"), default="table", help="how to write it")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from regie.cli.session import local_operator

    period, cap = _period(options), _cap(options.cap)
    with local_operator():
        from regie.apps.dashboards.selectors import written_allocation
        from regie.apps.dashboards.services import allocate

        found = allocate(
            period, organisation=options.organisation, person=options.person,
            currency=options.currency, measure=options.measure, cap=cap,
        )  # fmt: skip
        said = written_allocation(found)
    {"table": _table, "json": _json, "csv": _csv}[options.format](said)
    return 0


def _period(options: argparse.Namespace) -> Period:
    from regie.kernel import clock

    end = parse_day(options.end) if options.end else clock.today() - timedelta(days=1)
    start = parse_day(options.start) if options.start else end - timedelta(days=DAYS - 1)
    return Period(start, end)


def _cap(text: str) -> Decimal:
    try:
        return Decimal(text) / 100
    except InvalidOperation as error:
        raise WrongUse(
            say(_("“{text}” is no percentage."), text=text), hint=_("Give 20 for 20 %.")
        ) from error


def _json(said: dict[str, Any]) -> None:
    json.dump(said, sys.stdout, ensure_ascii=False, indent=2)
    print()


def _csv(said: dict[str, Any]) -> None:
    from regie.ui.csv_cells import Writer

    writer = Writer(sys.stdout)
    writer.row(COLUMNS)
    writer.rows([row[name] for name in COLUMNS] for row in said["channels"])


def _table(said: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in COLUMNS:
        table.add_column(name, justify="left" if name in {"platform", "kept_because"} else "right")
    for row in said["channels"]:
        table.add_row(*("–" if row[name] is None else str(row[name]) for name in COLUMNS))
    console = Console(width=None if sys.stdout.isatty() else 200)
    console.print(table)
    for name in ("measure", "currency", "basis", "nothing_moves_because", "counted", "expected"):
        if said[name] is not None:
            console.print(f"{name}: {said[name]}", style="dim")
