"""Who may set objectives. Seeing them is decided by row security."""

from regie.apps.accounts.models import User
from regie.apps.organisations.models import Member, Organisation
from regie.kernel.errors import Forbidden
from regie.kernel.i18n import _


def check_can_aim(*, actor: User, organisation: Organisation) -> None:
    """Members of the organisation and of those above it."""
    above = [int(part) for part in organisation.path.strip("/").split("/")]
    if not Member.objects.filter(user=actor, organisation_id__in=above).exists():
        raise Forbidden(_("You can only set objectives for organisations that you belong to."))
