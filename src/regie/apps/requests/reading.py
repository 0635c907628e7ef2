"""Reads a list of accounts and wanted roles, as Excel writes it, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from regie.apps.assets import selectors as assets
from regie.domain.permissions.catalog import family
from regie.domain.permissions.definitions import Role
from regie.ingestion.files.lists import Row
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import Sentence, _, say

MOST_LINES = 20_000
HEADINGS = {
    "account": ("account", "account id", "id", "compte", "id du compte"),
    "role": ("role", "requested role", "rôle demandé"),
    "email": ("email", "e-mail", "responsible", "responsable"),
    "reason": ("reason", "raison", "motif"),
    "platform": ("platform", "plateforme"),
    "request": ("request", "demande"),
    "decision": ("decision",),
    "signature": ("signature",),
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


def asked(row: Row, platform: str) -> Asked:
    """Raises ``WrongUse`` with what is wrong with the line."""
    if row.problem:
        raise WrongUse(row.problem)
    cells = row.cells
    if "account" not in cells or "role" not in cells:
        raise WrongUse(_("The columns “account” and “role” are needed."))
    platform = cells.get("platform") or platform
    try:
        external_id = assets.id_form(platform).read(cells["account"])
    except WrongUse as error:
        raise WrongUse(error.sentence, hint=_hint(cells["account"], platform, error)) from error
    role = role_code(assets.kind_of(platform).family, cells["role"])
    return Asked(row.line, platform, external_id, role, row["email"], row["reason"][:300])


def asked_by_hand(*, platform: str, account: str, role: str, email: str, reason: str) -> Asked:
    """As ``asked``, of one request that no file holds."""
    return asked(row_of(1, platform, account, role, email, reason), platform)


def row_of(line: int, platform: str, account: str, role: str, email: str, reason: str) -> Row:
    """As a file would say it."""
    cells = {"account": account, "role": role, "email": email, "reason": reason}
    return Row(line, cells | ({"platform": platform} if platform else {}))


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
