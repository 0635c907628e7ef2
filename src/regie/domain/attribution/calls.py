"""The public calls: a table of events, or of paths, becomes one table of credits.

Rows are ordered by model and unit, figures are exact floats, and the same input gives the same
bytes. What could not be attributed is in the metadata of the table (`summary_of`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from operator import index
from typing import Any

import numpy as np
import pyarrow as pa

from regie.domain.attribution.bootstrap import with_intervals
from regie.domain.attribution.columns import Columns
from regie.domain.attribution.comparing import credits_of
from regie.domain.attribution.direct import DIRECT, direct_flags, redistributed, without_direct
from regie.domain.attribution.durations import parse_duration
from regie.domain.attribution.frames import as_table
from regie.domain.attribution.journeys import Journeys
from regie.domain.attribution.log import EventLog, read_log
from regie.domain.attribution.model import Credit, DataDriven, Model, Settings
from regie.domain.attribution.models import ALL, chosen
from regie.domain.attribution.path_tables import COLUMNS, SEPARATOR, PathTable, read_paths
from regie.domain.attribution.paths import Paths
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _

LOOKBACK = timedelta(days=30)
BATCH = 1 << 17
Names = str | Sequence[str]
FIGURES = ("conversions", "conversion_value", "removal_effect", "low", "high")


def attribute_events(
    events: Any,
    *,
    models: Names = ALL,
    lookback: str | timedelta = LOOKBACK,
    unit: str = "channel",
    intervals: bool = False,
    order: int = 1,
    direct: Names = DIRECT,
    exclude_direct: bool = False,
    customer: str = "customer_id",
    ts: str = "ts",
    value: str = "value",
) -> pa.Table:
    """Credits of ``events``: one row a touch (its ``unit``) or a conversion (its ``value``).

    ``order`` is that of the Markov chain. With ``exclude_direct`` the direct visits leave their
    credit to the others. Columns: model, channel, conversions, conversion_value, and where they
    exist removal_effect, low and high (of the conversions; ``intervals`` asks for them).
    """
    columns = Columns(customer, ts, unit, value)
    table = as_table(events, columns.names())
    log = read_log(table.schema, batches_of(table, columns), len(table), columns)
    return attribute_log(
        log, models=models, lookback=lookback, intervals=intervals, order=order, direct=direct,
        exclude_direct=exclude_direct,
    )  # fmt: skip


def batches_of(table: pa.Table, columns: Columns) -> Iterable[pa.RecordBatch]:
    """The columns of events that ``table`` has, in pieces."""
    names = [name for name in dict.fromkeys(columns.names()) if table.schema.names.count(name) == 1]
    batches: list[pa.RecordBatch] = table.select(names).to_batches(max_chunksize=BATCH)
    return batches


def attribute_log(
    log: EventLog,
    *,
    models: Names = ALL,
    lookback: str | timedelta = LOOKBACK,
    intervals: bool = False,
    order: int = 1,
    direct: Names = DIRECT,
    exclude_direct: bool = False,
) -> pa.Table:
    """The same of a log that has been read; the log is used up."""
    journeys = Journeys(log, parse_duration(lookback))
    flags = direct_flags(log.units, direct)
    found = _compared(
        chosen(models), journeys, Settings(flags, _order(order)), intervals=intervals,
        exclude_direct=exclude_direct,
    )  # fmt: skip
    return _table(found, log.units, flags if exclude_direct else None, _summary(journeys))


def attribute_paths(
    paths: Any,
    *,
    models: Names = ALL,
    order: int = 1,
    separator: str = SEPARATOR,
    intervals: bool = False,
    direct: Names = DIRECT,
    exclude_direct: bool = False,
) -> pa.Table:
    """Credits of ``paths``: columns path (“a > b > c”, or a list), total_conversions,
    total_conversion_value and total_null. The result is that of `attribute_events`.
    """
    return attribute_path_table(
        read_paths(as_table(paths, COLUMNS), separator), models=models, order=order,
        intervals=intervals, direct=direct, exclude_direct=exclude_direct,
    )  # fmt: skip


def attribute_path_table(
    read: PathTable,
    *,
    models: Names = ALL,
    order: int = 1,
    intervals: bool = False,
    direct: Names = DIRECT,
    exclude_direct: bool = False,
) -> pa.Table:
    """The same of paths that have been read."""
    flags = direct_flags(read.units, direct)
    found = _compared(
        chosen(models), [read.paths], Settings(flags, _order(order)), intervals=intervals,
        exclude_direct=exclude_direct,
    )  # fmt: skip
    summary = {
        "conversions": float(read.paths.conversions.sum()),
        "conversion_value": float(read.paths.value.sum()),
        "not_converting_paths": float(read.paths.nulls.sum()),
    }
    table = _table(found, read.units, flags if exclude_direct else None, summary)
    if read.has_value:
        return table
    unknown = pa.nulls(len(table), pa.float64())
    return table.set_column(
        table.schema.get_field_index("conversion_value"), "conversion_value", unknown
    )


def _order(order: Any) -> int:
    """A whole number of any library."""
    whole = not isinstance(order, bool) and hasattr(order, "__index__")
    if not whole or (found := index(order)) < 1:
        raise WrongUse(_("The order of a Markov chain is 1 or more."))
    return found


def _compared(
    models: tuple[Model, ...],
    parts: Iterable[Paths],
    settings: Settings,
    *,
    intervals: bool,
    exclude_direct: bool,
) -> dict[str, Credit]:
    units = len(settings.direct)
    if exclude_direct:
        parts = without_direct(parts, settings.direct)
    if intervals:
        parts = list(parts)
    found = credits_of(models, parts, units, settings)
    if intervals:
        learning = [model for model in models if isinstance(model, DataDriven)]
        found = with_intervals(found, learning, list(parts), units, settings)
    if exclude_direct:
        found = {name: redistributed(one, settings.direct) for name, one in found.items()}
    return found


def _summary(journeys: Journeys) -> dict[str, float]:
    return {
        "conversions": float(journeys.converted),
        "not_converting_paths": float(journeys.not_converted),
        "unattributed_conversions": float(journeys.unattributed),
        "unattributed_conversion_value": journeys.unattributed_value,
        "touches_out_of_window": float(journeys.dropped),
    }


def _table(
    found: Mapping[str, Credit], units: Sequence[str], left_out: Any, summary: Mapping[str, float]
) -> pa.Table:
    """One row a model and unit, units by name; ``left_out`` marks those without a row."""
    shown = sorted(range(len(units)), key=units.__getitem__)
    if left_out is not None:
        emptied = [not (one.conversions[left_out].any() or one.value[left_out].any())
                   for one in found.values()]  # fmt: skip
        shown = [code for code in shown if not (left_out[code] and all(emptied))]
    rows = np.array(shown, np.int64)
    parts: dict[str, list[Any]] = {name: [] for name in FIGURES}
    for credit in found.values():
        figures = (credit.conversions, credit.value, credit.removal_effect, credit.low, credit.high)
        for name, figure in zip(FIGURES, figures, strict=True):
            nothing = pa.nulls(len(rows), pa.float64())
            parts[name].append(nothing if figure is None else pa.array(figure[rows]))
    columns = {
        "model": pa.array([name for name in found for _row in shown], pa.string()),
        "channel": pa.array([units[code] for _name in found for code in shown], pa.string()),
        **{
            name: pa.chunked_array(part, pa.float64()).combine_chunks()
            for name, part in parts.items()
        },
    }
    known = {f"regie.{name}": repr(value) for name, value in summary.items()}
    return pa.table(columns).replace_schema_metadata(known)


def summary_of(table: pa.Table) -> dict[str, float]:
    """What the metadata of a table of credits say: conversions, unattributed ones, and so on."""
    metadata = table.schema.metadata or {}
    return {
        name.decode().removeprefix("regie."): float(value)
        for name, value in metadata.items()
        if name.startswith(b"regie.")
    }
