"""``regie query``: the same answer as the page, as a table, JSON or CSV."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say
from regie.kernel.money import minor_digits, plain
from regie.kernel.periods import Period, parse_day

if TYPE_CHECKING:
    from regie.domain.metrics.query import Answer


WIDE = 400


def add_to(commands: Any) -> None:
    parser = commands.add_parser("query", help="ask for figures")
    add = parser.add_argument
    add("--metrics", required=True, metavar="NAME[,NAME]", help="what to measure")
    add("--by", default="", metavar="DIMENSION[,DIMENSION]", help="what to split it by")
    add("--from", dest="start", default="", metavar="DAY", help="first day; without it, the first")
    add("--to", dest="end", default="", metavar="DAY", help="last day; without it, the last")
    add("--where", action="append", default=[], metavar="DIMENSION=VALUE[,VALUE]",
        help="keep these values only, by name or id; may be repeated")  # fmt: skip
    add("--currency", default="", help="convert money; without it, money is split by currency")
    add("--order", default="", metavar="NAME or -NAME", help="sort by it, the largest first with -")
    add("--limit", type=int, default=0, help="so many rows; totals are always of all")
    add("--compare", default="",
        metavar="previous, year, weekdays, fiscal_year or DAY..DAY",
        help="beside them the same figures of another period, the difference (of rates 0.01 is a "
             "point) and the change as a part of what was")  # fmt: skip
    add("--as-of", default="", metavar="TIME", help="what was published then")
    add("--model", default="", metavar="NAME",
        help="of attributed figures: which model; without it, the organisation's")  # fmt: skip
    add("--lookback", default="", metavar="SPAN",
        help="of attributed figures: how old a visit may be: 30d")  # fmt: skip
    add("--lag", default="", metavar="SPAN",
        help="of attributed figures: how old a visit must be at least: 1d")  # fmt: skip
    add("--organisation", default="", metavar="SLUG", help="this organisation and those below")
    add("--as", dest="person", default="", metavar="EMAIL", help="what this person may see")
    add("--format", choices=("table", "json", "csv"), default="table", help="how to write it")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from regie.cli.session import local_operator
    from regie.domain.metrics.planning import parse

    query = parse(
        metrics=options.metrics.split(","),
        by=options.by.split(","),
        period=_period(options),
        where=options.where,
        currency=options.currency,
        order_by=options.order,
        limit=options.limit,
        model=options.model,
        lookback=options.lookback,
        lag=options.lag,
    )
    with local_operator():
        from regie.apps.dashboards.services import ask

        answer = ask(
            query, organisation=options.organisation, person=options.person,
            as_of=_moment(options.as_of), compare=options.compare,
        )  # fmt: skip
    {"table": _table, "json": _json, "csv": _csv}[options.format](answer)
    return 0


def _period(options: argparse.Namespace) -> Period | None:
    if not options.start and not options.end:
        return None
    start = parse_day(options.start) if options.start else date(1, 1, 1)
    end = parse_day(options.end) if options.end else date(9999, 12, 31)
    return Period(start, end)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise WrongUse(
            say(_("“{text}” is not a time."), text=text),
            hint=_("Write it as 2026-09-30 or 2026-09-30T18:00+02:00."),
        ) from error
    if len(text) == len("2026-09-30"):
        moment = moment.replace(hour=23, minute=59, second=59, microsecond=999999)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _json(answer: Answer) -> None:
    from regie.domain.metrics.written import document

    json.dump(document(answer), sys.stdout, ensure_ascii=False, indent=2)
    print()


def _csv(answer: Answer) -> None:
    from regie.domain.metrics.written import names
    from regie.domain.metrics.written import rows as written_rows
    from regie.ui.csv_cells import Writer

    rows = written_rows(answer)
    writer = Writer(sys.stdout)
    columns = names(answer)
    writer.row(columns)
    writer.rows([row[name] for name in columns] for row in rows)


def _table(answer: Answer) -> None:
    from rich.console import Console
    from rich.table import Table

    from regie.domain.metrics.written import names
    from regie.domain.metrics.written import rows as written_rows

    rows = written_rows(answer)
    table = Table(show_footer=bool(answer.by), box=None, pad_edge=False)
    columns = names(answer)
    for name in columns:
        is_metric = name in answer.columns
        footer = _footer(answer.totals.get(name), name) if is_metric else ""
        table.add_column(name, footer, justify="right" if is_metric else "left")
    for row in rows:
        table.add_row(*(_cell(row, name, answer) for name in columns))
    console = Console(width=None if sys.stdout.isatty() else WIDE)
    console.print(table)
    for note in answer.notes:
        console.print(f"{note}", style="dim")


def _cell(row: dict[str, Any], name: str, answer: Answer) -> str:
    if name in answer.columns:
        code = row.get("currency") or answer.currency
        return rounded(row[name], name, code)
    return "–" if row[name] is None else str(row[name])


def _footer(total: Any, name: str) -> str:
    if isinstance(total, dict):
        return ", ".join(f"{rounded(v, name, code)} {code}".strip() for code, v in total.items())
    return rounded(total, name, "")


def rounded(value: Any, name: str, currency: str) -> str:
    """A figure for the eye: rounding happens here, and in nothing that is stored or passed on."""
    from regie.domain.metrics.catalog import metric
    from regie.domain.metrics.definitions import Unit
    from regie.domain.metrics.query import CHANGE, DIFFERENCE, end_of

    if value is None:
        return "–"
    (name, end), number = end_of(name), Decimal(value)
    if end == CHANGE:
        return f"{number * 100:+.1f} %"
    unit = metric(name).unit
    if end == DIFFERENCE and unit is Unit.SHARE:
        return f"{number * 100:+.2f} pt"
    if unit is Unit.MONEY:
        return f"{number:.{minor_digits(currency)}f}"
    if unit is Unit.SHARE:
        return f"{number * 100:.2f} %"
    return f"{number:.2f}" if unit is Unit.FACTOR else plain(round(number, 2))
