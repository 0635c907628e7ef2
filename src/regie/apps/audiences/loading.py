"""Reads a list of people: each line becomes a member, or is refused with its number and reason."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from regie.domain.audiences.members import Member, NotAnAddress, NotAPhone, member
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import Sentence, _, say

EMAIL_HEADINGS = {"email", "e-mail", "mail", "courriel", "adresse e-mail", "email_sha256"}
PHONE_HEADINGS = {"phone", "telephone", "téléphone", "mobile", "tel", "portable", "phone_sha256"}
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


def read_members(content: bytes, *, country: str) -> Read:
    """Members of a CSV text with a heading for the e-mail, the telephone, or both.

    Raises ``WrongUse`` when neither column is there.
    """
    text = _decoded(content)
    lines = iter(text.splitlines())
    heading = next(lines, "")
    delimiter = max(";,\t", key=heading.count)
    names = [name.strip().strip('"').lower() for name in heading.split(delimiter)]
    email, phone = _column(names, EMAIL_HEADINGS), _column(names, PHONE_HEADINGS)
    if email is None and phone is None:
        raise WrongUse(
            _("The first line names neither an e-mail column nor a telephone column."),
            hint=_("Call a column “email” or “phone” in the first line of the file."),
        )
    read = Read()
    for number, cells in _cells(lines, delimiter):
        _take(read, number, _cell(cells, email), _cell(cells, phone), country)
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


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else None):
        if encoding:
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    return content.decode("cp1252", "replace")


def _cells(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num + 1, cells


def _column(names: list[str], wanted: set[str]) -> int | None:
    return next((place for place, name in enumerate(names) if name in wanted), None)


def _cell(cells: list[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""
