"""Decides how a file writes its numbers and dates: once per file, from its own cells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from regie.ingestion.parsing import NULLS, Locale
from regie.ingestion.recognise import Table

SAMPLE = 50_000
_BARE = re.compile(r"[\s\u00a0\u202f\u2009'€$£%+\-−A-Za-z]")
_SLASHED = re.compile(r"^\s*(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{2,4}")
_FRENCH = re.compile(r"[éèàôûç]|\bde\b|\bla\b|\bdu\b|\bnom\b|\bclics\b|\bjour\b", re.IGNORECASE)


def decide_locale(table: Table) -> Locale:
    """Decimal mark from the money columns, order of day and month from the dates."""
    money = _places(table, {"money"}) or _places(table, {"amount", "share"})
    dates = _places(table, {"date", "timestamp"})
    marks: list[str] = []
    slashed: list[tuple[int, int]] = []
    for _line, cells in islice(_data_lines(table), SAMPLE):
        marks += [cells[place] for place in money if place < len(cells)]
        slashed += _day_parts(cells[place] for place in dates if place < len(cells))
    decimal = table.format.decimal or decimal_mark(
        marks, french=bool(_FRENCH.search(" ".join(table.labels))), typed=table.sheet.typed_cells
    )
    return Locale(decimal, table.format.date_order or _order(slashed))


def decimal_mark(cells: Iterable[str], *, french: bool = False, typed: bool = False) -> str:
    """``,`` or ``.``. A cell such as ``1,234`` proves nothing: the others, then the language do."""
    votes = {",": 0, ".": 0}
    for cell in cells:
        if cell in NULLS:
            continue
        bare = _BARE.sub("", cell)
        last = max(bare.rfind(","), bare.rfind("."))
        if last < 0:
            continue
        mark = bare[last]
        other = "." if mark == "," else ","
        alone = other not in bare and bare.count(mark) == 1
        if alone and len(bare) - last - 1 == 3 and 1 <= last <= 3:
            continue
        if bare.count(mark) > 1:
            votes[other] += 1
        else:
            votes[mark] += 1
    if votes[","] != votes["."]:
        return max(votes, key=lambda mark: votes[mark])
    return "," if french and not typed else "."


def _day_parts(cells: Iterable[str]) -> list[tuple[int, int]]:
    return [(int(found[1]), int(found[2])) for cell in cells if (found := _SLASHED.match(cell))]


def _order(parts: list[tuple[int, int]]) -> str:
    if any(first > 12 for first, _second in parts):
        return "dmy"
    return "mdy" if any(second > 12 for _first, second in parts) else ""


def _places(table: Table, kinds: set[str]) -> list[int]:
    by_name = {column.name: column for column in table.format.columns}
    return [
        place
        for name, places in table.cells.items()
        if by_name[name].parsed_as in kinds
        for place in places
    ]


def _data_lines(table: Table) -> Iterable[tuple[int, list[str]]]:
    return (line for line in table.sheet.lines() if line[0] > table.header_line)
