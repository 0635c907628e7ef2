"""``regie attribute``: which channels earned the conversions of one's own file, by each model."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa
    from rich.console import Console

MOST_ROWS = 50


def add_to(commands: Any) -> None:
    parser = commands.add_parser("attribute", help="share conversions among channels")
    add = parser.add_argument
    add("events", metavar="EVENTS", type=Path,
        help="a Parquet or CSV file: a row a touch or a conversion, or a row a path")  # fmt: skip
    add("--models", default="all", metavar="NAME[,NAME]", help="which models; without it, all")
    add("--lookback", default="30d", metavar="SPAN", help="how old a touch may be: 30d, 12h, 2w")
    add("--unit", default="channel", metavar="COLUMN", help="what earns: channel, campaign …")
    add("--out", default=None, metavar="FILE", type=Path,
        help="write exact credits there (.parquet, .csv or .arrow)")  # fmt: skip
    add("--format", choices=("table", "json", "csv"), default="table", help="how to print them")
    add("--customer", default="customer_id", metavar="COLUMN", help="the column of the customer")
    add("--ts", default="ts", metavar="COLUMN", help="the column of the time")
    add("--value", default="value", metavar="COLUMN", help="the column of the value")
    add("--order", type=int, default=1, help="how many channels the Markov chain remembers")
    add("--separator", default=">", help="what separates the steps of a path")
    add("--direct", default="", metavar="NAME[,NAME]", help="units that are direct visits")
    add("--exclude-direct", action="store_true", help="share the credit of direct among the others")
    add("--intervals", action="store_true", help="how sure the data-driven models are (slow)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from regie.domain.attribution.calls import summary_of

    if options.out is not None:
        from regie.warehouse.event_files import check_destination, write_table

        check_destination(options.out)  # before the work
    table = _credits(options)
    if options.out is not None:
        write_table(table, options.out)
    else:
        {"table": _print, "json": _json, "csv": _csv}[options.format](table)
    summary = summary_of(table)
    print(_said(summary), file=sys.stderr)
    return 0


def _credits(options: argparse.Namespace) -> pa.Table:
    from regie.domain.attribution.calls import attribute_log, attribute_path_table
    from regie.domain.attribution.columns import Columns
    from regie.domain.attribution.direct import DIRECT
    from regie.domain.attribution.models import chosen
    from regie.domain.attribution.path_tables import COLUMNS, PATH, read_paths
    from regie.warehouse.event_files import columns_of, read_events, read_table

    chosen(options.models)
    asked: dict[str, Any] = {
        "models": options.models, "order": options.order, "intervals": options.intervals,
        "direct": options.direct.split(",") if options.direct else DIRECT,
        "exclude_direct": options.exclude_direct,
    }  # fmt: skip
    present = columns_of(options.events)
    if PATH in present and options.customer not in present:
        paths = read_table(options.events, COLUMNS)
        read = read_paths(paths, options.separator, options.events.name)
        return attribute_path_table(read, **asked)
    columns = Columns(
        options.customer, options.ts, options.unit, options.value, options.events.name
    )
    return attribute_log(read_events(options.events, columns), lookback=options.lookback, **asked)


def _said(summary: dict[str, float]) -> str:
    parts = [f"{_counted(summary['conversions'], 'conversion')} attributed"]
    if summary.get("unattributed_conversions"):
        parts.append(
            f"{summary['unattributed_conversions']:,.10g} without a touch in the look-back window "
            f"(worth {summary['unattributed_conversion_value']:,.2f}) not attributed"
        )
    parts.append(f"{_counted(summary['not_converting_paths'], 'path')} without conversion")
    return "; ".join(parts) + "."


def _counted(count: float, thing: str) -> str:
    return f"{count:,.10g} {thing}{'' if count == 1 else 's'}"


def _json(table: pa.Table) -> None:
    json.dump({"credits": table.to_pylist()}, sys.stdout, ensure_ascii=False, indent=2)
    print()


def _csv(table: pa.Table) -> None:
    from regie.ui.csv_cells import Writer

    writer = Writer(sys.stdout)
    writer.row(table.column_names)
    writer.rows(row.values() for row in table.to_pylist())


def _print(table: pa.Table) -> None:
    """A row a unit and a column a model, rounded so that each column adds up."""
    import numpy as np
    from rich.console import Console
    from rich.table import Table

    from regie.domain.attribution.showing import to_the_cent

    if len(table) == 0:
        return
    models = list(dict.fromkeys(table["model"].to_pylist()))
    console = Console(width=None if sys.stdout.isatty() else 400)
    for title, column in (("Conversions", "conversions"), ("Value", "conversion_value")):
        if table[column].null_count:
            continue
        units = table["channel"].to_pylist()[: len(table) // len(models)]
        figures = np.asarray(table[column]).reshape(len(models), len(units))
        shown = [to_the_cent(row) for row in figures]
        printed = Table(
            title=title, box=None, pad_edge=False, show_footer=True, title_justify="left"
        )
        printed.add_column("channel", "all")
        for model, cells in zip(models, shown, strict=True):
            printed.add_column(model, f"{sum(cells):.2f}", justify="right")
        for row, unit in list(enumerate(units))[:MOST_ROWS]:
            printed.add_row(unit, *(f"{cells[row]:.2f}" for cells in shown))
        console.print(printed)
        if len(units) > MOST_ROWS:
            print(f"… and {len(units) - MOST_ROWS} more; --out FILE has them all.")
    _print_intervals(table, console)


def _print_intervals(table: pa.Table, console: Console) -> None:
    """Between which numbers of conversions the truth lies, where a model says it."""
    from rich.table import Table

    known = [row for row in table.to_pylist() if row["low"] is not None]
    if not known:
        return
    cells: dict[str, dict[str, str]] = {}
    for row in known:
        cells.setdefault(row["channel"], {})[row["model"]] = (
            f"{row['low']:.2f} to {row['high']:.2f}"
        )
    models = list(dict.fromkeys(row["model"] for row in known))
    console.print("Conversions, 95 % interval", style="italic")  # a table would break its title
    printed = Table(box=None, pad_edge=False)
    printed.add_column("channel")
    for model in models:
        printed.add_column(model, justify="right")
    for unit, theirs in list(cells.items())[:MOST_ROWS]:
        printed.add_row(unit, *(theirs[model] for model in models))
    console.print(printed)
