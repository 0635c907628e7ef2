"""The words of audiences: sources, legal bases, rights."""

from __future__ import annotations

from django.utils.translation import gettext

from regie.domain.audiences.terms import Basis, Rights, Source
from regie.kernel.i18n import _

SOURCES = {
    Source.CUSTOMERS: _("Customers"),
    Source.LEADS: _("Leads"),
    Source.NEWSLETTER: _("Newsletter readers"),
    Source.VISITORS: _("Visitors of the site"),
    Source.INTERACTIONS: _("People who interacted with an account"),
    Source.OTHER: _("Another source"),
}
BASES = {
    Basis.CONSENT: _("Consent"),
    Basis.CONTRACT: _("Contract"),
    Basis.INTEREST: _("Legitimate interest"),
}
RIGHTS = {
    Rights.TARGETING: _("Target it"),
    Rights.INSIGHTS: _("Target it and see its size"),
}
WHAT = {"shared": _("Shared"), "exported": _("Taken out")}
STATES = {
    "paused": _("Paused: an organisation is closed"),
    "expired": _("Expired"),
    "put_away": _("Put away"),
}
BECAUSE = {"access.partnership_ended": _("The partnership ended")}


def source_word(source: str) -> str:
    return gettext(SOURCES[Source(source)])


def basis_word(basis: str) -> str:
    return gettext(BASES[Basis(basis)])


def rights_word(rights: str) -> str:
    return gettext(RIGHTS[Rights(rights)])


def state_word(state: str) -> str:
    """Why a share opens nothing now; empty where it does."""
    return gettext(STATES[state]) if state in STATES else ""


def because_word(act: str) -> str:
    """Why a share was withdrawn; empty where its owner just did."""
    return gettext(BECAUSE[act]) if act in BECAUSE else ""
