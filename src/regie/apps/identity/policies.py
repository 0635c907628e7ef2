"""Who may look at one person, and say who is who: administrators, and nobody by the by."""

from __future__ import annotations

from regie.apps.accounts.models import User
from regie.apps.organisations import policies as organisations
from regie.apps.organisations.models import Organisation
from regie.kernel import clock
from regie.kernel.errors import Forbidden
from regie.kernel.i18n import _


def may_look(*, actor: User, organisation: Organisation) -> bool:
    return organisations.administers(actor=actor, organisation=organisation, now=clock.now())


def check_may_look(*, actor: User | None, organisation: Organisation) -> None:
    """``None`` is the local operator, who holds the machine."""
    if actor is not None and not may_look(actor=actor, organisation=organisation):
        raise Forbidden(
            _("Only an administrator may look at one person, or say who is who."),
            hint=_("Ask an administrator of your organisation."),
        )
