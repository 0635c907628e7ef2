"""Who may make a token, and who may take one back."""

from __future__ import annotations

from regie.apps.access import policies as access
from regie.apps.accounts.models import User
from regie.apps.organisations import policies as organisations
from regie.apps.organisations.models import Organisation
from regie.apps.tokens.models import Token
from regie.kernel import clock
from regie.kernel.errors import Forbidden
from regie.kernel.i18n import _


def check_can_make(*, actor: User, organisation: Organisation) -> None:
    """Whoever belongs there: a token may never do more than its person."""
    if not access.live_places(actor=actor, organisation=organisation, now=clock.now()):
        raise Forbidden(_("You can only do this for organisations that you belong to."))


def check_can_revoke(*, actor: User, token: Token) -> None:
    if token.user_id == actor.pk:
        return
    if not organisations.administers(actor=actor, organisation=token.organisation, now=clock.now()):
        raise Forbidden(_("Only its owner or an administrator takes a token back."))
