"""``regie attribution``: who earned the conversions that Régie measured, as the page says it."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import timedelta
from typing import Any

from regie.kernel.periods import Period, parse_day

DAYS = 30


def add_to(commands: Any) -> None:
    parser = commands.add_parser("attribution", help="who earned what was measured")
    add = parser.add_argument
    add(
        "--from", dest="start", default="", metavar="DAY", help="first day; without it, a month ago"
    )
    add("--to", dest="end", default="", metavar="DAY", help="last day; without it, yesterday")
    add("--unit", default="channel", metavar="NAME",
        help="what earns: channel, media, source, campaign, link, location, keyword …")  # fmt: skip
    add("--conversion", default="order", metavar="KIND",
        help="order, lead, call, redemption, or event:NAME for an event of your own")  # fmt: skip
    add("--models", default="all", metavar="NAME[,NAME]", help="which models; without it, all")
    add("--lookback", default="30d", metavar="SPAN", help="how old a visit may be: 30d, 12h, 2w")
    add("--lag", default="", metavar="SPAN", help="how old a visit must be at least")
    add("--by", dest="basis", choices=("sale", "click"), default="sale",
        help="count on the day of the conversion, or of the visit that earned it")  # fmt: skip
    add("--order", type=int, default=1, help="how many channels the Markov chain remembers")
    add("--exclude-direct", action="store_true", help="share the credit of direct among the others")
    add("--intervals", action="store_true", help="how sure the data-driven models are (slow)")
    add("--probable", action="store_true",
        help="join people by likelihood too, where that is allowed")  # fmt: skip
    add("--currency", default="", help="convert amounts; without it, to the organisation's")
    add("--organisation", default="", metavar="SLUG", help="this organisation and those below")
    add("--as", dest="person", default="", metavar="EMAIL", help="what this person may see")
    add("--format", choices=("table", "json", "csv"), default="table", help="how to write it")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from regie.cli.session import local_operator
    from regie.domain.attribution.models import chosen
    from regie.domain.attribution.questions import read_question

    question = read_question(
        period=_period(options), unit=options.unit, kind=options.conversion,
        currency=options.currency.upper(), lookback=options.lookback, lag=options.lag,
        basis=options.basis, exclude_direct=options.exclude_direct, order=options.order,
        intervals=options.intervals, probable=options.probable,
    )  # fmt: skip
    models = tuple(one.name for one in chosen(options.models))
    with local_operator():
        from regie.apps.attribution.services import ask

        said = ask(
            question, organisation=options.organisation, person=options.person, models=models
        )
    {"table": _table, "json": _json, "csv": _csv}[options.format](said)
    return 0


def _period(options: argparse.Namespace) -> Period:
    from regie.kernel import clock

    end = parse_day(options.end) if options.end else clock.today() - timedelta(days=1)
    start = parse_day(options.start) if options.start else end - timedelta(days=DAYS - 1)
    return Period(start, end)


def _json(said: dict[str, Any]) -> None:
    json.dump(said, sys.stdout, ensure_ascii=False, indent=2)
    print()


def _csv(said: dict[str, Any]) -> None:
    from regie.apps.attribution.selectors import COLUMNS
    from regie.ui.csv_cells import Writer

    writer = Writer(sys.stdout)
    writer.row(COLUMNS)
    writer.rows([row[name] for name in COLUMNS] for row in said["rows"])


def _table(said: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    shown = ("model", "unit", "conversions", "conversion_value", "spend", "roas")
    for name in shown:
        table.add_column(name, justify="left" if name in {"model", "unit"} else "right")
    for row in said["rows"]:
        cells = (row[name] for name in shown[2:])
        figures = ("–" if one is None else f"{float(one):.2f}" for one in cells)
        table.add_row(row["model"], row["unit"], *figures)
    console = Console(width=None if sys.stdout.isatty() else 200)
    console.print(table)
    rests = said["rests_on"]
    console.print(
        f"{rests['conversions']} conversions, of which {rests['conversions_without_journey']} "
        f"without a journey; {rests['visits_with_consent']} of {rests['visits']} visits "
        "with consent",
        style="dim",
    )
    if shops := said["shops"]:
        console.print(
            f"{shops['in_shops']['conversions']} sold in shops, "
            f"{shops['after_the_site']['conversions']} after the site and "
            f"{shops['after_an_ad']['conversions']} after an ad; "
            f"{shops['outside']['conversions']} outside, "
            f"{shops['after_a_shop']['conversions']} after a shop",
            style="dim",
        )
    if said["declared"]:
        answers = ", ".join(f"{one['heard']} {one['conversions']}" for one in said["declared"])
        console.print(f"how people say they heard of you: {answers}", style="dim")
