"""A list of accounts: what spreadsheets do to it is undone, or said line by line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from regie.ingestion.files import lists
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import Sentence, _

MOST_LINES = 5_000
NAMES = {
    "platform": ("platform", "plateforme"),
    "id": ("id", "account", "account id", "compte", "identifiant", "numéro", "external_id"),
    "name": ("name", "nom", "account name", "nom du compte"),
}


@dataclass(frozen=True)
class Line:
    number: int
    platform: str
    external_id: str
    name: str
    problem: Sentence | None = None


def read_list(path: Path, *, usual_platform: str) -> list[Line]:
    """Without a column for the platform every line is of ``usual_platform``.

    Raises ``WrongUse`` without a column of IDs, ``UnreadableFile`` for what is no table.
    """
    with lists.read_list(path, NAMES, most=MOST_LINES) as found:
        if "id" not in found.columns:
            raise WrongUse(
                _("The first line of the list names no column of IDs."),
                hint=_("Call its columns platform, id and name."),
            )
        return [
            Line(row.line, row["platform"] or usual_platform, row["id"], row["name"], row.problem)
            for row in found.rows
        ]
