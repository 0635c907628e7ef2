"""Lists of people as CSV: read with the line number of each refusal, written to be read again.

French spreadsheets write semicolons and days as 31/12/2026, English ones commas and 2026-12-31:
both are read. The columns are the address, the role and the last day; others are left alone.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from regie.apps.organisations.inviting import Wanted
from regie.apps.organisations.models import Role
from regie.ingestion.files.encoding import decide_encoding
from regie.kernel.errors import Refused
from regie.kernel.i18n import Sentence, _, say

COLUMNS = ("email", "role", "ends_on")
MOST_LINES = 5000
_NAMES = {
    "email": {"email", "e-mail", "mail", "courriel", "adresse", "adresse e-mail", "address"},
    "role": {"role"},
    "ends_on": {"ends_on", "last day", "end date", "dernier jour", "date de fin", "fin"},
}
_ROLES = {
    Role.ADMINISTRATOR: {"administrator", "admin", "administrateur", "administratrice"},
    Role.EMPLOYEE: {"employee", "employe", ""},
    Role.CONTRACTOR: {"contractor", "contractuel", "contractuelle"},
}


@dataclass(frozen=True)
class Refusal:
    line: int
    text: str
    problem: Sentence


def read_people(path: Path) -> tuple[list[Wanted], list[Refusal]]:
    """The people of a file, and the lines that cannot be read."""
    encoding = decide_encoding(path)
    rows = list(_rows(path.read_text(encoding=encoding.name, errors=encoding.errors)))
    if not rows:
        raise Refused(_("This file is empty."))
    if len(rows) > MOST_LINES:
        raise Refused(say(_("A list has at most {most} lines."), most=MOST_LINES))
    places = _places(rows[0][1])
    wanted, refused = [], []
    for number, cells in rows[1:]:
        try:
            wanted.append(_one(number, cells, places))
        except Refused as error:
            refused.append(Refusal(number, _cell(cells, places.get("email")), error.sentence))
    return wanted, refused


def _rows(text: str) -> Iterable[tuple[int, list[str]]]:
    first = text.lstrip("\ufeff\r\n ").splitlines()[:1]
    marks = {mark: (first[0].count(mark) if first else 0) for mark in ";,\t"}
    delimiter = max(marks, key=lambda mark: marks[mark])
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells


def _places(header: list[str]) -> dict[str, int]:
    said = [_plain(cell) for cell in header]
    places = {
        column: said.index(found)
        for column, names in _NAMES.items()
        if (found := next((one for one in said if one in names), None)) is not None
    }
    if "email" not in places:
        raise Refused(
            _("No column of this file is called e-mail."),
            hint=_("The first line names the columns: email, role, ends_on."),
        )
    return places


def _one(number: int, cells: list[str], places: dict[str, int]) -> Wanted:
    role_text = _plain(_cell(cells, places.get("role")))
    role = next((one for one, words in _ROLES.items() if role_text in words), None)
    if role is None:
        raise Refused(say(_("There is no role “{role}”."), role=role_text[:60]))
    return Wanted(
        email=_cell(cells, places.get("email")),
        role=role,
        ends_on=_day(_cell(cells, places.get("ends_on"))),
        line=number,
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    french = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text)
    parts = (french[3], french[2], french[1]) if french else tuple(text.split("-"))
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        raise Refused(
            say(_("“{day}” is not a day."), day=text[:40]), hint=_("Write it as 2026-12-31.")
        ) from None


def _cell(cells: list[str], place: int | None) -> str:
    # What we wrote ourselves may carry the apostrophe that keeps spreadsheets from computing.
    if place is None or place >= len(cells):
        return ""
    return cells[place].strip().removeprefix("'")


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.strip().lower())
    return "".join(one for one in bare if unicodedata.category(one) != "Mn")
