"""Chooses between readings of a file that fit equally well, by the entities that they name.

Two reports of one platform may share their header to the letter; only their ids tell campaigns
from keywords, and the history tables of the same call know which ids are which.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from pathlib import Path

from regie.ingestion.files.refusal import UnreadableFile
from regie.ingestion.files.sheet import read_sheets
from regie.ingestion.format import Format
from regie.ingestion.labels import normal
from regie.ingestion.recognise import Table, recognise

_LINES_ASKED = 1_000


def best_reading(
    readings: Sequence[Table], file_name: str, beside: Sequence[Path], formats: Sequence[Format]
) -> Table:
    """The best of ``readings``; the files ``beside`` it are opened only to settle a tie."""
    if len(_equals(readings)) == 1:
        return readings[0]
    known = known_entities(_histories(beside, formats))
    return settle(readings, known, file_name)


def _histories(paths: Sequence[Path], formats: Sequence[Format]) -> Iterator[Table]:
    histories = [format_ for format_ in formats if format_.fact == "history"]
    with tempfile.TemporaryDirectory() as work:
        for path in paths:
            try:
                yield from recognise(read_sheets(path, Path(work)), histories, path.name)[:1]
            except UnreadableFile:
                continue  # it says so where it is imported itself


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
    name = normal(file_name)
    return max(
        _equals(readings), key=lambda table: (_known(table, known), table.format.level in name)
    )


def _equals(readings: Sequence[Table]) -> list[Table]:
    first = readings[0]
    return [
        table
        for table in readings
        if (table.score, table.header_line) == (first.score, first.header_line)
        and table.sheet is first.sheet
    ]


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
