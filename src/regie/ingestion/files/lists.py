"""A list that a person brings, as CSV or workbook: rows by the meaning of their columns.

People, accounts, links and audiences come so. Encoding, delimiter and line numbers are those of
``sheet``: a list is read like any other file.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from regie.ingestion.files.sheet import Line, Sheet, read_sheets
from regie.kernel.errors import Refused
from regie.kernel.i18n import Sentence, _, say

Names = Mapping[str, Collection[str]]
_SEPARATOR = re.compile(r"sep=.?", re.IGNORECASE)
_MARKED = ("'=", "'+", "'-", "'@", "'\t", "'\r")


@dataclass(frozen=True)
class Row:
    """``line`` is the one a person sees in an editor; ``cells`` hold the known columns only.

    ``problem`` says why the cells cannot be trusted to stand below their columns.
    """

    line: int
    cells: dict[str, str]
    problem: Sentence | None = None

    def __getitem__(self, column: str) -> str:
        """Empty where the list has no such column."""
        return self.cells.get(column, "")


@dataclass(frozen=True)
class List:
    columns: frozenset[str]
    rows: Iterator[Row]


@contextmanager
def read_list(path: Path, names: Names, *, most: int | None = None) -> Iterator[List]:
    """The rows below the line that names the columns; empty rows are left out.

    ``names`` gives each column the words it may be called by: case, accents, hyphens and
    underscores do not matter. Raises ``UnreadableFile`` for what is no table, also while rows
    are read, and ``Refused`` after ``most`` rows.
    """
    known = {fold(word): column for column, words in names.items() for word in words}
    with tempfile.TemporaryDirectory(prefix="regie-list-") as work:
        found = read_sheets(path, Path(work), alone=True)
        sheet = max(found, key=lambda one: _fit(one, known))
        if not sheet.preview:
            next(sheet.lines(), None)  # says what is wrong with the first line
        places = _places(_heading(sheet)[1], known)
        yield List(frozenset(places), _rows(sheet, places, most))


def fold(word: str) -> str:
    """The form in which two spellings of a heading are the same."""
    bare = unicodedata.normalize("NFKD", word).casefold()
    letters = "".join(one for one in bare if not unicodedata.combining(one))
    return " ".join(re.split(r"[\s_\-]+", letters.strip()))


def _fit(sheet: Sheet, known: Mapping[str, str]) -> tuple[int, int]:
    cells = _heading(sheet)[1]
    return len(_places(cells, known)), len(cells)


def _heading(sheet: Sheet) -> Line:
    return next((line for line in sheet.preview if not _is_before(line)), (0, []))


def _is_before(line: Line) -> bool:
    """Empty, or the line by which Excel is told the delimiter."""
    text = "".join(line[1]).strip()
    return not text or bool(_SEPARATOR.fullmatch(text))


def _places(heading: list[str], known: Mapping[str, str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, cell in enumerate(heading):
        column = known.get(fold(cell))
        if column:
            places.setdefault(column, place)
    return places


def _rows(sheet: Sheet, places: Mapping[str, int], most: int | None) -> Iterator[Row]:
    first, heading = _heading(sheet)
    count = 0
    for number, cells in sheet.lines():
        if number <= first or not any(cell.strip() for cell in cells):
            continue
        count += 1
        if most is not None and count > most:
            raise Refused(
                say(_("A list has at most {most} lines."), most=most),
                hint=_("Cut it into several files."),
            )
        said = {name: _cell(cells, place) for name, place in places.items()}
        surplus = any(cell.strip() for cell in cells[len(heading) :])
        yield Row(number, said, _surplus() if surplus else None)


def _cell(cells: list[str], place: int) -> str:
    text = cells[place].strip() if place < len(cells) else ""
    # What we wrote ourselves carries an apostrophe before what a spreadsheet would compute.
    return text[1:] if text.startswith(_MARKED) else text


def _surplus() -> Sentence:
    return say(_("This line has more cells than the first one: a delimiter stands inside a text."))
