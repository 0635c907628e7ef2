"""Which addresses are those of an organisation's people: its domains, or addresses one by one."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.organisations import policies
from regie.apps.organisations.models import Organisation
from regie.domain import addresses
from regie.kernel import clock
from regie.kernel.errors import Refused
from regie.kernel.i18n import _, say

MOST = 50


@transaction.atomic
def set_email_domains(
    *, actor: User, organisation: Organisation, entries: Sequence[str]
) -> list[str]:
    """Invitations go to these only; those of the organisations above count as well."""
    policies.check_can_administer(actor=actor, organisation=organisation, now=clock.now())
    policies.check_is_open(organisation)
    wanted = list(dict.fromkeys(_entry(one) for one in entries if one.strip()))
    if len(wanted) > MOST:
        raise Refused(say(_("At most {most} domains are kept."), most=MOST))
    record = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if record.email_domains != wanted:
        before = record.email_domains
        record.email_domains = wanted
        record.save(update_fields=["email_domains"])
        audit.record(
            organisation_id=record.pk,
            action="organisations.domains_changed",
            actor_id=actor.pk,
            actor=str(actor),
            before=before,
            after=wanted,
        )
    return wanted


def proposed_domain(person: User) -> str:
    """The domain of somebody's own address, where it is one of an organisation."""
    domain = person.email.lower().rpartition("@")[2]
    return "" if addresses.is_public(domain) else domain


def _entry(text: str) -> str:
    if "@" in text.strip().lstrip("@"):
        address = addresses.normal(text)
        if address is None:
            raise Refused(say(_("“{email}” is not an e-mail address."), email=text[:100]))
        return address
    domain = addresses.domain_of(text)
    if domain is None:
        raise Refused(say(_("“{domain}” is not a domain."), domain=text.strip()[:100]))
    if addresses.is_public(domain):
        raise Refused(
            say(_("Anybody can have an address at {domain}."), domain=domain),
            hint=_("Write such a person’s address in full instead."),
        )
    return domain
