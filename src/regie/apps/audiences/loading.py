"""Reads a list of people: each line becomes a member, or is refused with its number and reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from regie.domain.audiences.members import Member, NotAnAddress, NotAPhone, member
from regie.ingestion.files.lists import read_list
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import Sentence, _, say

HEADINGS = {
    "email": ("email", "e-mail", "mail", "courriel", "adresse e-mail", "email_sha256"),
    "phone": ("phone", "telephone", "mobile", "tel", "portable", "phone_sha256"),
}
MOST_REFUSED_SHOWN = 200


@dataclass
class Read:
    """``refused``: line number, and what is wrong with it. Only the first ones keep their text."""

    members: dict[bytes, Member] = field(default_factory=dict)
    refused: list[tuple[int, Sentence]] = field(default_factory=list)
    refused_count: int = 0
    repeated: int = 0

    def refuse(self, line: int, reason: Sentence) -> None:
        self.refused_count += 1
        if len(self.refused) < MOST_REFUSED_SHOWN:
            self.refused.append((line, reason))


def read_members(path: Path, *, country: str) -> Read:
    """Members of a list with a heading for the e-mail, the telephone, or both.

    Raises ``WrongUse`` when neither column is there, ``UnreadableFile`` for what is no table.
    """
    with read_list(path, HEADINGS) as found:
        if not found.columns:
            raise WrongUse(
                _("The first line names neither an e-mail column nor a telephone column."),
                hint=_("Call a column “email” or “phone” in the first line of the file."),
            )
        read = Read()
        for row in found.rows:
            if row.problem:
                read.refuse(row.line, row.problem)
            else:
                _take(read, row.line, row["email"], row["phone"], country)
    return read


def _take(read: Read, line: int, email: str, phone: str, country: str) -> None:
    if not email and not phone:
        read.refuse(line, say(_("Neither an e-mail address nor a telephone number.")))
        return
    try:
        found = member(email, phone, country)
    except NotAnAddress:
        read.refuse(line, say(_("This is not an e-mail address.")))
        return
    except NotAPhone:
        read.refuse(line, say(_("This is not a telephone number of {country}."), country=country))
        return
    read.repeated += found.key in read.members
    read.members[found.key] = found
