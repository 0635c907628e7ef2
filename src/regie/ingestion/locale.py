"""Decides how a file writes its numbers and dates: once per file, from its own cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice

from regie.ingestion.amount_codes import stated_in
from regie.ingestion.parsing import NULLS, Locale
from regie.ingestion.recognise import Table
from regie.kernel.periods import Period

SAMPLE, ENOUGH = 50_000, 2_000
_BARE = re.compile(r"[\s\u00a0\u202f\u2009'€$£%+\-−A-Za-z]")
_SLASHED = re.compile(r"^\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?!\d)")
_TWO_DECIMALS = re.compile(r"[.,]\d\d$")
_FRENCH = re.compile(r"[éèàôûç]|\bde\b|\bla\b|\bdu\b|\bnom\b|\bclics\b|\bjour\b", re.IGNORECASE)


def decide_locale(table: Table, period: Period | None = None) -> Locale:
    """Decimal mark from the money columns, order of day and month from the dates.

    ``period`` is what a person says the file covers; without it the lines above the header count.
    """
    money = _places(table, {"money"}) or _places(table, {"amount", "share"})
    dates = _places(table, {"date", "timestamp"})
    marks: list[str] = []
    slashed: list[tuple[int, int, int]] = []
    for number, (_line, cells) in enumerate(islice(_data_lines(table), SAMPLE)):
        if number == ENOUGH and _settled(marks, slashed):
            break
        marks += [cells[place] for place in money if place < len(cells)]
        slashed += _day_parts(cells[place] for place in dates if place < len(cells))
    decimal = table.format.decimal or decimal_mark(
        marks, french=bool(_FRENCH.search(" ".join(table.labels))), typed=table.sheet.typed_cells
    )
    order = date_order(slashed, table.format.date_order, period or table.preamble.period)
    return Locale(decimal, order, stated_in(marks))


def _settled(marks: list[str], slashed: list[tuple[int, int, int]]) -> bool:
    """Whether more lines would say the same: a mark has been seen, and days are not ambiguous."""
    seen = sum(1 for cell in marks if _TWO_DECIMALS.search(cell))
    return not slashed and (not marks or seen * 2 > len(marks))


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


def date_order(
    parts: Sequence[tuple[int, int, int]], own: str = "", period: Period | None = None
) -> str:
    """``mdy``, ``dmy`` or "": the period decides, else the format's own order, else other rows.

    Where every day is impossible in the format's own order, the file was written in the other.
    """
    days = {order: [_day(order, *one) for one in parts] for order in ("mdy", "dmy")}
    if period is not None:
        inside = {
            order: sum(1 for day in found if day and period.start <= day <= period.end)
            for order, found in days.items()
        }
        if inside["mdy"] != inside["dmy"]:
            return max(inside, key=lambda order: inside[order])
    possible = {order: sum(1 for day in found if day) for order, found in days.items()}
    if own and (possible[own] or not parts):
        return own
    if possible["mdy"] != possible["dmy"]:
        return max(possible, key=lambda order: possible[order])
    return own


def _day(order: str, first: int, second: int, year: int) -> date | None:
    month, day = (first, second) if order == "mdy" else (second, first)
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def _day_parts(cells: Iterable[str]) -> list[tuple[int, int, int]]:
    found = (_SLASHED.match(cell) for cell in cells)
    return [(int(one[1]), int(one[2]), int(one[3])) for one in found if one]


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
