"""Calls that show what the models see: the paths of events, the odds between their states."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pyarrow as pa

from regie.domain.attribution.calls import LOOKBACK, batches_of
from regie.domain.attribution.columns import Columns
from regie.domain.attribution.durations import parse_duration
from regie.domain.attribution.frames import as_table
from regie.domain.attribution.journeys import Journeys
from regie.domain.attribution.log import read_log
from regie.domain.attribution.matrices import transition_matrix
from regie.domain.attribution.path_tables import COLUMNS, SEPARATOR, read_paths
from regie.domain.attribution.positions import ordered_shapley
from regie.domain.attribution.summaries import distinct_paths


def paths_of_events(
    events: Any,
    *,
    lookback: str | timedelta = LOOKBACK,
    unit: str = "channel",
    customer: str = "customer_id",
    ts: str = "ts",
    value: str = "value",
) -> pa.Table:
    """The distinct paths of a log of events: a table that `attribute_paths` reads.

    Columns: path (a list), total_conversions, total_conversion_value, total_null.
    """
    columns = Columns(customer, ts, unit, value)
    table = as_table(events, columns.names())
    log = read_log(table.schema, batches_of(table, columns), len(table), columns)
    return distinct_paths(Journeys(log, parse_duration(lookback)), log.units)


def transitions_of_paths(paths: Any, *, order: int = 1, separator: str = SEPARATOR) -> pa.Table:
    """from, to, count, probability: the Markov chain that `attribute_paths` solves."""
    read = read_paths(as_table(paths, COLUMNS), separator)
    return transition_matrix([read.paths], read.units, order=order)


def ordered_shapley_of_paths(paths: Any, *, separator: str = SEPARATOR) -> pa.Table:
    """channel, place, conversions, conversion_value: Shapley's value by place in the path."""
    read = read_paths(as_table(paths, COLUMNS), separator)
    return ordered_shapley([read.paths], read.units)
