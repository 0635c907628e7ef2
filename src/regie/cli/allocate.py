"""``regie allocate``: how the same budget would be shared out among platforms or campaigns, and how
far each could go beyond it, as the page says."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say
from regie.kernel.periods import Period, parse_day

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

DAYS = 90
SHARED = ("now", "proposed", "difference", "counted", "expected", "cost",
          "marginal_cost", "elasticity", "kept_because")  # fmt: skip
WORDS = {"platform", "campaign", "campaign_id", "account", "is_best", "kept_because",
         "ceiling_bound", "no_ceiling_because"}  # fmt: skip


def add_to(commands: Any) -> None:
    parser = commands.add_parser(
        "allocate", help="how the same budget would be shared out among platforms or campaigns"
    )
    add = parser.add_argument
    add("--from", dest="start", default="", metavar="DAY", help="first day; without it, 90 days")
    add("--to", dest="end", default="", metavar="DAY", help="last day; without it, yesterday")
    add("--by", default="platform", metavar="NAME", help="what budgets are of: platform, campaign")
    add(
        "--measure",
        default="",
        metavar="NAME",
        help="what to bring: orders, leads_received, mqls, or what is claimed: conversions, leads",
    )
    add("--cap", default="20", metavar="PERCENT", help="how far a budget may move at most")
    add("--margin", default="100", metavar="PERCENT",
        help="share of revenue that is kept; 100 is before the costs of what was sold")  # fmt: skip
    add("--currency", default="", help="convert money; without it, to the organisation's")
    add("--organisation", default="", metavar="SLUG", help="this organisation and those below")
    add("--as", dest="person", default="", metavar="EMAIL", help="what this person may see")
    add("--format", choices=("table", "json", "csv"), default="table", help="how to write it")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from regie.cli.session import local_operator

    period = _period(options)
    cap, margin = _percentage(options.cap, example="20"), _percentage(options.margin, example="40")
    with local_operator():
        from regie.apps.dashboards.selectors import written_allocation
        from regie.apps.dashboards.services import allocate

        found = allocate(
            period, organisation=options.organisation, person=options.person,
            currency=options.currency, measure=options.measure, cap=cap,
            margin=margin, by=options.by,
        )  # fmt: skip
        said = written_allocation(found)
    {"table": _table, "json": _json, "csv": _csv}[options.format](said)
    return 0


def _period(options: argparse.Namespace) -> Period:
    from regie.kernel import clock

    end = parse_day(options.end) if options.end else clock.today() - timedelta(days=1)
    start = parse_day(options.start) if options.start else end - timedelta(days=DAYS - 1)
    return Period(start, end)


def _percentage(text: str, *, example: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        hint = say(_("Give {number} for {number} %."), number=example)
        raise WrongUse(say(_("“{text}” is no percentage."), text=text), hint=hint)
    return found / 100


def _json(said: dict[str, Any]) -> None:
    json.dump(said, sys.stdout, ensure_ascii=False, indent=2)
    print()


def _csv(said: dict[str, Any]) -> None:
    from regie.apps.dashboards.selectors import CEILING_COLUMNS
    from regie.ui.csv_cells import Writer

    columns = (*_named(said), *SHARED, *CEILING_COLUMNS)
    writer = Writer(sys.stdout)
    writer.row(columns)
    writer.rows([row[name] for name in columns] for row in said["channels"])


def _table(said: dict[str, Any]) -> None:
    from rich.console import Console

    from regie.apps.dashboards.selectors import CEILING_COLUMNS

    console = Console(width=None if sys.stdout.isatty() else 200)
    console.print(_rows(said["channels"], (*_names_read(said), *SHARED)))
    for name in ("measure", "currency", "basis", "nothing_moves_because", "counted", "expected"):
        _line(console, name, said[name])
    console.print("\nbeyond the total", style="bold")
    beyond = said["beyond"]
    if beyond["not_offered_because"] is None:
        console.print(_rows(said["channels"], (*_names_read(said), "now", *CEILING_COLUMNS)))
    _line(console, "margin", said["margin"])
    for name, value in beyond.items():
        _line(console, name, value)


def _named(said: dict[str, Any]) -> tuple[str, ...]:
    own = ("campaign", "campaign_id", "account") if said["by"] == "campaign" else ()
    return ("platform", *own, "is_best")


def _names_read(said: dict[str, Any]) -> tuple[str, ...]:
    """What a reader tells them apart by: names, and accounts where several have a same one."""
    has_twins = any(row["account"] for row in said["channels"])
    without = {"campaign_id", *(() if has_twins else ("account",))}
    return tuple(name for name in _named(said) if name not in without)


def _rows(rows: list[dict[str, Any]], columns: Sequence[str]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in columns:
        table.add_column(name, justify="left" if name in WORDS else "right")
    for row in rows:
        table.add_row(*("–" if row[name] is None else str(row[name]) for name in columns))
    return table


def _line(console: Console, name: str, value: str | None) -> None:
    if value is not None:
        console.print(f"{name}: {value}", style="dim")
