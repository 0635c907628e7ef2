"""The pending requests as a signed list, in the language of the owner who fills it in."""

from __future__ import annotations

import io

from django.core.signing import Signer
from django.utils import translation
from django.utils.translation import gettext

from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.organisations import policies as organisations
from regie.apps.organisations.models import Organisation
from regie.apps.requests.models import AccessRequest, State
from regie.domain.permissions.catalog import family
from regie.kernel import clock
from regie.ui.csv_cells import Writer

# As ``reading.HEADINGS`` takes them back.
HEADING = {
    "en": ("request", "platform", "account", "role", "organisation", "requester", "reason",
           "decision", "signature"),
    "fr": ("demande", "plateforme", "compte", "rôle demandé", "organisation", "demandeur", "motif",
           "décision", "signature"),
}  # fmt: skip


def file_for_owners(
    *, actor: User, organisation: Organisation, responsible: str | None = None, language: str = "en"
) -> str:
    """An owner ticks “decision” and sends it back.

    With ``responsible`` those alone that this address answers for.
    """
    check_can_ask(actor, organisation)
    text = io.StringIO()
    writer = Writer(text, delimiter=";")
    writer.row(HEADING[language])
    with translation.override(language):
        for one in pending_of(organisation):
            if responsible not in (None, one.responsible):
                continue
            writer.row([
                one.pk, one.platform, one.external_id, _role(one), one.requester_organisation,
                one.requester, one.reason, "", signature_of(one),
            ])  # fmt: skip
    return text.getvalue()


def _role(one: AccessRequest) -> str:
    """In words: it is read by people, and never read back."""
    known = family(assets.kind_of(one.platform).family).roles
    return next((gettext(role.label) for role in known if role.code == one.role), one.role)


def signature_of(one: AccessRequest) -> str:
    signer = Signer(salt="access-request")
    return signer.signature(f"{one.pk}|{one.platform}|{one.external_id}|{one.role}")


def pending_of(organisation: Organisation) -> list[AccessRequest]:
    return list(
        AccessRequest.objects.filter(
            organisation=organisation, state=State.PENDING, expires_on__gte=clock.today()
        ).order_by("pk")
    )


def check_can_ask(actor: User, organisation: Organisation) -> None:
    organisations.check_can_administer(actor=actor, organisation=organisation, now=clock.now())
