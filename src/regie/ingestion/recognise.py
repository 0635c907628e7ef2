"""Recognises what a file is by what it holds: its header, wherever it stands, in any language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from regie.ingestion.files.sheet import Sheet
from regie.ingestion.format import Column, Format, Preamble
from regie.ingestion.labels import normal, pattern, repair

HEADER_WITHIN = 40


@dataclass(frozen=True)
class Table:
    """A sheet read as a format: where the header stands and which cell is which word."""

    format: Format
    sheet: Sheet
    header_line: int
    labels: tuple[str, ...]
    cells: dict[str, tuple[int, ...]]  # our word -> positions in the file, added up
    preamble: Preamble
    score: int
    currency: str = ""  # from a label such as "Amount spent (EUR)"
    grain: str = ""  # week, month or range where a line is not a day
    garbled: bool = False  # some of its text may have been read in the wrong encoding

    def position_of(self, label: str) -> int | None:
        wanted = normal(label)
        found = [i for i, given in enumerate(self.labels) if normal(given) == wanted]
        return found[0] if found else None


def recognise(sheets: Iterable[Sheet], formats: Sequence[Format], file_name: str) -> list[Table]:
    """The tables of a file, best reading first; empty where no format fits."""
    found: list[Table] = []
    wanted = [(format_, _wanted(format_)) for format_ in formats]
    for sheet in sheets:
        found += [
            table
            for position, (line, cells) in enumerate(sheet.preview[:HEADER_WITHIN])
            if len(cells) > 1 and sum(1 for cell in cells if cell.strip()) > 1
            for format_ in _possible(wanted, {normal(cell) for cell in cells})
            if (table := _read_as(format_, sheet, position, line, cells, file_name))
        ]
    return sorted(found, key=lambda table: (-table.score, table.header_line))


Wanted = tuple[frozenset[str] | None, ...]


def _possible(wanted: Sequence[tuple[Format, Wanted]], given: set[str]) -> Iterator[Format]:
    """Formats of which each required group has a label among ``given``: a quick look only."""
    for format_, groups in wanted:
        if all(group is None or not group.isdisjoint(given) for group in groups):
            yield format_


@lru_cache(maxsize=1024)
def _wanted(format_: Format) -> Wanted:
    """The labels that satisfy each required group; None where a label holds a currency."""
    labels = {column.name: (*column.labels, *(label for more in column.add for label in more))
              for column in format_.columns}  # fmt: skip
    worded = {column.name for column in format_.columns if column.words is not None}
    groups: list[frozenset[str] | None] = []
    for group in format_.required:
        names = [label for member in group for label in _labels_of(member, labels)]
        open_ended = any("{currency}" in name for name in names) or not worded.isdisjoint(group)
        groups.append(None if open_ended else frozenset(normal(name) for name in names))
    return tuple(groups)


def _labels_of(member: str, labels: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    if member.startswith("label:"):
        return (member.removeprefix("label:"),)
    return labels.get(member, ())


def _read_as(
    format_: Format, sheet: Sheet, position: int, line: int, labels: list[str], file_name: str
) -> Table | None:
    given = [normal(label) for label in labels]
    cells: dict[str, tuple[int, ...]] = {}
    currency = ""
    for column in format_.columns:
        places, stated = _places(column, given)
        if places:
            cells[column.name] = places
            currency = currency or stated
    if not _complete(format_, cells, given):
        return None
    above = [cells_ for _line, cells_ in sheet.preview[:position]]
    return Table(
        format_,
        sheet,
        line,
        tuple(repair(label) for label in labels),
        cells,
        format_.preamble(above, file_name),
        score=_score(format_, cells, given),
        currency=currency.upper(),
        garbled=sheet.encoding.name == "cp1252" or any(repair(text) != text for text in labels),
    )


def _places(column: Column, given: list[str]) -> tuple[tuple[int, ...], str]:
    places: list[int] = []
    currency = ""
    for labels in (column.labels, *column.add):
        place, stated = _place(labels, given)
        if place is not None:
            places.append(place)
            currency = currency or stated
    if not places and column.words is not None:
        places = [i for i, label in enumerate(given) if column.words.search(label)][:1]
    return tuple(places), currency


def _place(labels: tuple[str, ...], given: list[str]) -> tuple[int | None, str]:
    for label in labels:
        if "{currency}" not in label:
            wanted = normal(label)
            if wanted in given:
                return given.index(wanted), ""
            continue
        for position, name in enumerate(given):
            match = pattern(label).match(name)
            if match:
                return position, match["currency"]
    return None, ""


def _complete(format_: Format, cells: dict[str, tuple[int, ...]], given: list[str]) -> bool:
    if any(normal(label) in given for label in format_.without):
        return False
    if format_.exactly and not _nothing_else(format_, cells, given):
        return False
    return all(
        any(_present(member, cells, given) for member in group) for group in format_.required
    )


def _nothing_else(format_: Format, cells: dict[str, tuple[int, ...]], given: list[str]) -> bool:
    """Columns that a loader adds for itself begin with an underscore and say nothing."""
    understood = {place for places in cells.values() for place in places}
    return all(place in understood or label.startswith("_") for place, label in enumerate(given))


def _present(member: str, cells: dict[str, tuple[int, ...]], given: list[str]) -> bool:
    if member.startswith("label:"):
        return normal(member.removeprefix("label:")) in given
    return member in cells


def _score(format_: Format, cells: dict[str, tuple[int, ...]], given: list[str]) -> int:
    """Columns understood; a label that the format requires by its own name counts thrice."""
    signature = sum(
        1
        for group in format_.required
        if any(member.startswith("label:") and _present(member, cells, given) for member in group)
    )
    understood = {place for places in cells.values() for place in places}
    return 2 * len(understood) + 3 * signature
