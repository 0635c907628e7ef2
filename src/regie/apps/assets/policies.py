"""Who says what an organisation owns: its administrators, and those above it."""

from __future__ import annotations

from regie.apps.accounts.models import User
from regie.apps.organisations import policies as organisations
from regie.apps.organisations.models import Organisation
from regie.kernel import clock


def check_can_link(*, actor: User | None, organisation: Organisation) -> None:
    if actor is not None:
        organisations.check_can_administer(actor=actor, organisation=organisation, now=clock.now())
    organisations.check_is_open(organisation)


def check_can_let_go(*, actor: User | None, organisation: Organisation) -> None:
    """A closed organisation lets go too: nothing is lost by it."""
    if actor is not None:
        organisations.check_can_administer(actor=actor, organisation=organisation, now=clock.now())
