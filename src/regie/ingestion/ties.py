"""Chooses between readings of a file that fit equally well, by the entities that they name.

Two reports of one platform may share their header to the letter; only their ids tell campaigns
from keywords, and the history tables of the same call know which ids are which.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice

from regie.ingestion.labels import normal
from regie.ingestion.recognise import Table

_LINES_ASKED = 1_000


def known_entities(tables: Iterable[Table]) -> dict[str, set[str]]:
    """Ids by kind of entity, from the history tables among ``tables``."""
    known: dict[str, set[str]] = {}
    for table in tables:
        if table.format.fact == "history":
            known.setdefault(table.format.entity_kind, set()).update(_cells(table, "entity_id"))
    return known


def settle(
    readings: Sequence[Table], known: Mapping[str, AbstractSet[str]], file_name: str = ""
) -> Table:
    """The best of ``readings``, which come best first.

    The file's name speaks only where nothing else does.
    """
    first = readings[0]
    best = [
        table
        for table in readings
        if (table.score, table.header_line) == (first.score, first.header_line)
        and table.sheet is first.sheet
    ]
    if len(best) == 1:
        return first
    name = normal(file_name)
    return max(best, key=lambda table: (_known(table, known), table.format.level in name))


def _known(table: Table, known: Mapping[str, AbstractSet[str]]) -> int:
    level = table.format.level
    ids = known.get(level, frozenset())
    return sum(1 for id_ in islice(_cells(table, f"{level}_id"), _LINES_ASKED) if id_ in ids)


def _cells(table: Table, word: str) -> Iterable[str]:
    places = table.cells.get(word)
    if places:
        for line, cells in table.sheet.lines():
            if line > table.header_line and places[0] < len(cells):
                yield cells[places[0]].strip()
