"""Who may set objectives, note events and sizes of markets; row security decides who sees them."""

from regie.apps.accounts.models import User
from regie.apps.organisations.models import Organisation
from regie.apps.organisations.policies import places
from regie.kernel import clock
from regie.kernel.errors import Forbidden
from regie.kernel.i18n import _


def check_can_aim(*, actor: User, organisation: Organisation) -> None:
    """Members of the organisation and of those above it."""
    if not _belongs(actor, organisation):
        raise Forbidden(_("You can only set objectives for organisations that you belong to."))


def check_can_size(*, actor: User, organisation: Organisation) -> None:
    """Members of the organisation and of those above it."""
    if not _belongs(actor, organisation):
        raise Forbidden(_("You can only note the market of organisations that you belong to."))


def check_can_annotate(*, actor: User, organisation: Organisation) -> None:
    """Members of the organisation and of those above it."""
    if not _belongs(actor, organisation):
        raise Forbidden(_("You can only note events of organisations that you belong to."))


def _belongs(actor: User, organisation: Organisation) -> bool:
    return bool(places(actor=actor, organisation=organisation, now=clock.now()))
