"""What kinds of identifiers, reasons and places are called on the pages."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext

from regie.kernel.i18n import _
from regie.ui import figures

KINDS: Final = {
    "login": _("Login"), "customer": _("Customer number"), "loyalty_card": _("Loyalty card"),
    "email_sha256": _("E-mail address (digest)"), "phone_sha256": _("Telephone (digest)"),
    "device": _("Device"), "coupon": _("Single-use code"), "order": _("Order"),
}  # fmt: skip
REASONS: Final = {
    "shared_device": (
        _("Shared device"),
        _("A device on which several people signed in is nobody’s: it joins none of them."),
    ),
    "shared_email": (_("Shared address"), _("One e-mail address, more than two accounts.")),
    "shared_phone": (_("Shared telephone"), _("One telephone number, more than two accounts.")),
    "shared_coupon": (_("Code used by several"), _("A code that several people showed.")),
    "shared_click": (
        _("Address sent on"),
        _("An address with its click id was opened on several devices."),
    ),
    "too_many_others": (_("Seen with too many"), _("More than fifty different identifiers.")),
    "never_merge": (_("Never one person"), _("Somebody said that these two are not the same.")),
    "consent_withdrawn": (
        _("Consent withdrawn"), _("The visitor took his yes back: his device joins nobody."),
    ),
    "cut": (_("Link cut"), _("Somebody cut this link.")),
}  # fmt: skip
RULES: Final = {"corrected": _("corrected by hand"), "splink": _("probable, by comparison")}
WORDS: Final = {"cut": _("Link cut"), "never": _("Never one person")}
ASKED: Final = {
    "access": _("Access"), "rectification": _("Rectification"), "erasure": _("Erasure"),
}  # fmt: skip
PLACES: Final = {
    "identifiers": _("Identifiers"), "seen_together": _("Links between them"),
    "evidence": _("Links between them"), "consents": _("Consents"),
    "events": _("Events of visits, leads and orders"), "leads": _("Sources of leads"),
    "sources": _("Sources of leads"), "facts": _("Rows of imported files"),
    "customer_records": _("Customer files"), "audiences": _("Audiences"),
    "members": _("Audiences"), "bars": _("Withdrawals from audiences"),
    "kept_inputs": _("Files kept as they came"),
    "kept_inputs_removed": _("Files kept as they came, removed"),
    "redemptions": _("Codes"),
    "refused_lines": _("Reports of imports"), "imports": _("Reports of imports"),
    "journal_records": _("Journals of the collector"), "files": _("Files being written"),
    "unreadable_files": _("Files that cannot be read"),
}  # fmt: skip
STEPS: Final = {
    "heard": _("Taking in what the collector heard"),
    "journals": _("Journals of the collector"),
    "facts": _("Rows of imported files"),
    "inputs": _("Files kept as they came"),
    "ending": _("Identifiers and audiences, then everything is searched again"),
}  # fmt: skip
WAITING: Final = _("Waiting for its turn")
SEEN: Final = _("seen in one event")
ELSEWHERE: Final = _("Elsewhere")
ACTS: Final = {
    "page_view": _("visited"), "click": _("clicked a tracked link"), "lead": _("left a lead"),
    "order": _("ordered"), "redemption": _("used a code"), "call": _("called"),
    "event": _("did something of your own"),
}  # fmt: skip


def kind(name: str) -> str:
    """Click ids are called as platforms call them."""
    return gettext(KINDS[name]) if name in KINDS else name


def place(name: str) -> str:
    found = "facts" if name.startswith("facts_") else name
    return gettext(PLACES.get(found, ELSEWHERE))


def rules(names: tuple[str, ...]) -> str:
    """How two identifiers came together; the same words are said once."""
    said = [gettext(RULES.get(one, SEEN)) for one in names]
    return ", ".join(dict.fromkeys(said))


COLUMNS = {
    "first_name": _("first name"), "last_name": _("last name"), "birth_date": _("birth date"),
    "street": _("street"), "street_number": _("number in the street"),
    "address_line_2": _("second line of the address"), "city": _("city"),
    "postcode": _("postcode"), "region": _("region"), "phone": _("telephone"),
    "email": _("e-mail"),
}  # fmt: skip


def columns(names: Sequence[str]) -> str:
    """Columns of lists of customers, in words."""
    return ", ".join(gettext(COLUMNS[name]) for name in names)


def likelihood(probability: float) -> str:
    """A probability, which is never certainty."""
    if probability >= 0.9995:
        return f"> {figures.percent(Decimal('0.999'))}"
    return figures.percent(Decimal(str(probability)))
