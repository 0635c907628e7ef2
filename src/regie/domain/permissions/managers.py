"""The three roles of a manager, above those of its assets: what each may do with the manager."""

from __future__ import annotations

from dataclasses import dataclass

from regie.domain.permissions.definitions import held_by
from regie.kernel.i18n import _

ADMINISTRATOR, EMPLOYEE, CONTRACTOR = "administrator", "employee", "contractor"

LABELS = {
    "assets.link": _("Link, detach and delete accounts and pages"),
    "access.grant": _("Give and withdraw roles"),
    "partners.manage": _("Add partners and share with them"),
    "audiences.share": _("Share audiences"),
    "people.invite": _("Invite people"),
    "organisation.edit": _("Change the organisation and its rules"),
    "files.import": _("Bring files in and take them back"),
    "assets.work": _("Work on the accounts and pages one was given"),
}
# Columns: administrator, employee, contractor.
MATRIX = {
    "assets.link": "AD",
    "access.grant": "AD",
    "partners.manage": "AD",
    "audiences.share": "AD",
    "people.invite": "AD",
    "organisation.edit": "AD",
    "files.import": "AD",
    "assets.work": "AD EM CO",
}


@dataclass(frozen=True)
class ManagerRole:
    code: str
    label: str
    permissions: frozenset[str]


MANAGER_ROLES = (
    ManagerRole(ADMINISTRATOR, _("Administrator"), held_by(MATRIX, "AD")),
    ManagerRole(EMPLOYEE, _("Employee"), held_by(MATRIX, "EM")),
    ManagerRole(CONTRACTOR, _("Contractor"), held_by(MATRIX, "CO")),
)
