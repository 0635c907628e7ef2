"""Reads a list of accounts and wanted roles, as Excel writes it, line by line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from regie.apps.assets import selectors as assets
from regie.domain.permissions.catalog import family
from regie.domain.permissions.definitions import Role
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import Sentence, _, say

HEADINGS = {
    "account": {"account", "account id", "account_id", "id", "compte", "id du compte"},
    "role": {"role", "rôle", "requested role", "rôle demandé"},
    "email": {"email", "e-mail", "responsible", "responsable"},
    "reason": {"reason", "raison", "motif"},
    "platform": {"platform", "plateforme"},
    "request": {"request", "demande"},
    "decision": {"decision", "décision"},
    "signature": {"signature"},
}


@dataclass(frozen=True)
class Asked:
    """One line that makes sense: ``external_id`` in the platform's spelling, ``role`` its code."""

    line: int
    platform: str
    external_id: str
    role: str
    email: str
    reason: str


def lines_of(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Line numbers and cells by meaning; unknown columns are left out."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    rows = text.splitlines()
    delimiter = max(";,\t", key=(rows[0] if rows else "").count)
    reader = csv.reader(rows, delimiter=delimiter)
    heading = [cell.strip().casefold() for cell in next(reader, [])]
    places = {
        name: next((place for place, cell in enumerate(heading) if cell in known), None)
        for name, known in HEADINGS.items()
    }
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield (
                reader.line_num,
                {
                    name: cells[place].strip()
                    for name, place in places.items()
                    if place is not None and place < len(cells)
                },
            )


def asked(line: int, cells: dict[str, str], platform: str) -> Asked:
    """Raises ``WrongUse`` with what is wrong with the line."""
    if "account" not in cells or "role" not in cells:
        raise WrongUse(_("The columns “account” and “role” are needed."))
    platform = cells.get("platform") or platform
    try:
        external_id = assets.id_form(platform).read(cells["account"])
    except WrongUse as error:
        raise WrongUse(error.sentence, hint=_hint(cells["account"], platform, error)) from error
    role = role_code(assets.kind_of(platform).family, cells["role"])
    return Asked(
        line, platform, external_id, role, cells.get("email", ""), cells.get("reason", "")[:300]
    )


def _hint(account: str, platform: str, error: WrongUse) -> Sentence:
    if platform == "linkedin_ads" and account.isascii() and account.isdigit() and len(account) < 9:
        return say(_("Spreadsheets drop leading zeros: perhaps it is {id}."), id=account.zfill(9))
    return error.hint


def roles_of(platform: str) -> tuple[Role, ...]:
    """The roles that can be asked for on ``platform``."""
    return tuple(family(assets.kind_of(platform).family).roles)


def role_code(family_name: str, text: str) -> str:
    """The code of a role that is written as its code or as its English or French name."""
    wanted = text.strip().casefold()
    for role in family(family_name).roles:
        if wanted in {role.code.casefold(), *(word.casefold() for word in _words(role.label))}:
            return role.code
    raise WrongUse(
        say(_("There is no role “{role}” for this kind of account."), role=text[:60]),
        hint=_("Write one of the roles of its list, such as “Viewer”."),
    )


def _words(label: str) -> Iterator[str]:
    from django.utils.translation import gettext, override

    for language in ("en", "fr"):
        with override(language):
            yield gettext(label)
