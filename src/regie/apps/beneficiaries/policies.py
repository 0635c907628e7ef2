"""Who may say for whom campaigns work: administrators of the account's owner."""

from __future__ import annotations

from regie.apps.accounts.models import User
from regie.apps.organisations import policies as organisations
from regie.apps.organisations.models import Organisation
from regie.kernel import clock


def check_can_rule(*, actor: User | None, organisation: Organisation) -> None:
    """The local operator may; of people only administrators, here or above."""
    if actor is not None:
        organisations.check_can_administer(actor=actor, organisation=organisation, now=clock.now())
