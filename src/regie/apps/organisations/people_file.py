"""Lists of people as CSV: read with the line number of each refusal, written to be read again.

French spreadsheets write semicolons and days as 31/12/2026, English ones commas and 2026-12-31:
both are read. The columns are the address, the role and the last day; others are left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from regie.apps.organisations.inviting import Wanted
from regie.apps.organisations.models import Role
from regie.ingestion.files.lists import Row, fold, read_list
from regie.kernel.errors import Refused
from regie.kernel.i18n import Sentence, _, say

COLUMNS = ("email", "role", "ends_on")
MOST_LINES = 5000
NAMES = {
    "email": ("email", "e-mail", "mail", "courriel", "adresse", "adresse e-mail", "address"),
    "role": ("role",),
    "ends_on": ("ends_on", "last day", "end date", "dernier jour", "date de fin", "fin"),
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
    wanted, refused = [], []
    with read_list(path, NAMES, most=MOST_LINES) as found:
        if "email" not in found.columns:
            raise Refused(
                _("No column of this file is called e-mail."),
                hint=_("The first line names the columns: email, role, ends_on."),
            )
        for row in found.rows:
            try:
                wanted.append(_one(row))
            except Refused as error:
                refused.append(Refusal(row.line, row["email"], error.sentence))
    return wanted, refused


def _one(row: Row) -> Wanted:
    if row.problem:
        raise Refused(row.problem)
    said = fold(row["role"])
    role = next((one for one, words in _ROLES.items() if said in words), None)
    if role is None:
        raise Refused(say(_("There is no role “{role}”."), role=row["role"][:60]))
    return Wanted(email=row["email"], role=role, ends_on=_day(row["ends_on"]), line=row.line)


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
