"""The words of the console: kinds of organisations and roles of people."""

from __future__ import annotations

from django.utils.translation import gettext

from regie.apps.organisations.models import Kind, Role
from regie.kernel.i18n import _

KINDS = {
    Kind.BRAND: _("Parent company or brand"),
    Kind.FRANCHISOR: _("Head of a network"),
    Kind.SUBSIDIARY: _("Subsidiary"),
    Kind.REGION: _("Region"),
    Kind.FRANCHISEE: _("Franchisee"),
    Kind.AGENCY: _("Agency"),
    Kind.FREELANCE: _("Freelance"),
}
ROLES = {
    Role.ADMINISTRATOR: _("Administrator"),
    Role.EMPLOYEE: _("Employee"),
    Role.CONTRACTOR: _("Contractor"),
}


def kind_word(kind: str) -> str:
    return gettext(KINDS[Kind(kind)])


def role_word(role: str) -> str:
    return gettext(ROLES[Role(role)])
