"""A list of accounts as a CSV file: what spreadsheets do to it is undone, or said line by line."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _

MOST_LINES = 5_000
NAMES = {
    "platform": {"platform", "plateforme"},
    "id": {"id", "account", "account id", "compte", "identifiant", "numéro", "external_id"},
    "name": {"name", "nom", "account name", "nom du compte"},
}


@dataclass(frozen=True)
class Line:
    number: int
    platform: str
    external_id: str
    name: str


def read_list(content: bytes, *, usual_platform: str) -> list[Line]:
    """Comma, semicolon or tab; with or without the mark that Excel writes first.

    Without a column for the platform every line is of ``usual_platform``. Raises ``WrongUse``.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    places = _columns(rows[0] if rows else [])
    if "id" not in places:
        raise WrongUse(
            _("The first line of the list names no column of IDs."),
            hint=_("Call its columns platform, id and name."),
        )
    if len(rows) > MOST_LINES:
        raise WrongUse(_("A list has at most 5,000 lines."))

    def cell(row: list[str], name: str) -> str:
        place = places.get(name, len(row))
        return row[place].strip() if place < len(row) else ""

    return [
        Line(number, cell(row, "platform") or usual_platform, cell(row, "id"), cell(row, "name"))
        for number, row in enumerate(rows[1:], start=2)
        if any(one.strip() for one in row)
    ]


def _columns(header: list[str]) -> dict[str, int]:
    said = [one.strip().casefold() for one in header]
    found = {}
    for name, words in NAMES.items():
        place = next((at for at, word in enumerate(said) if word in words), None)
        if place is not None:
            found[name] = place
    return found
