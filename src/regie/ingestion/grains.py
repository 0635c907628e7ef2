"""Tables whose lines are weeks or months: figures of periods, never spread over days."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import islice

from regie.ingestion import parsing
from regie.ingestion.format import Column
from regie.ingestion.labels import normal
from regie.ingestion.parsing import Locale
from regie.ingestion.recognise import Table

_SAMPLE = 200
_BY_LABEL = {"week": "week", "semaine": "week", "month": "month", "mois": "month"}
_MONTH = re.compile(r"^\d{4}-\d{2}$")
_RANGE = re.compile(r"^\D*\d{4}-\d{2}-\d{2}\D+\d{4}-\d{2}-\d{2}\D*$")
_LENGTH = {"week": "INTERVAL 6 DAY", "month": "INTERVAL 1 MONTH - INTERVAL 1 DAY"}


def in_periods(table: Table) -> Table:
    """``table`` with a start and an end for each line, where its lines are longer than a day."""
    grain = _grain(table)
    if not grain:
        return table
    days = next(column for column in table.format.columns if column.name == "date")
    others = tuple(column for column in table.format.columns if column is not days)
    bounds = (Column("period_start", days.labels), Column("period_end", days.labels))
    cells = {name: places for name, places in table.cells.items() if name != "date"}
    place = table.cells["date"]
    return replace(
        table,
        format=replace(table.format, columns=(*others, *bounds)),
        cells={"period_start": place, "period_end": place, **cells},
        grain=grain,
    )


def _grain(table: Table) -> str:
    measured = table.format.fact in {"performance", "visits"} and not table.format.lifetime
    if not measured or "date" not in table.cells or "period_start" in table.cells:
        return ""
    place = table.cells["date"][0]
    stated = _BY_LABEL.get(normal(table.labels[place]), "") or table.preamble.grain
    return stated or _by_shape(table, place)


def _by_shape(table: Table, place: int) -> str:
    below = (cells for line, cells in table.sheet.lines() if line > table.header_line)
    seen = [cells[place].strip() for cells in islice(below, _SAMPLE) if place < len(cells)]
    dated = [cell for cell in seen if any(char.isdigit() for char in cell)]
    for grain, shape in (("month", _MONTH), ("range", _RANGE)):
        if dated and all(shape.match(cell) for cell in dated):
            return grain
    return ""


def bound(table: Table, word: str, cell: str, locale: Locale) -> str:
    """SQL: the first or the last day of the period that ``cell`` names.

    A week that the report cuts off at its own first or last day is only as long as that.
    """
    iso = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
    if table.grain == "range":
        nth = 1 if word == "period_start" else 2
        return f"try_cast(list_extract(regexp_extract_all({cell}, '{iso}'), {nth}) AS DATE)"
    start = parsing.day(cell, locale)
    if table.grain == "month":
        start = f"coalesce({start}, {parsing.month(cell)})"
    stated = table.preamble.period
    if word == "period_start":
        return _no_further("greatest", start, stated.start) if stated else start
    end = f"CAST({start} + {_LENGTH[table.grain]} AS DATE)"
    return _no_further("least", end, stated.end) if stated else end


def _no_further(limit: str, day: str, stated: date) -> str:
    """The engine's limits overlook a missing day, which must stay missing."""
    return f"CASE WHEN {day} IS NOT NULL THEN {limit}({day}, DATE '{stated}') END"
