"""Who may make links and codes, and who may set up what is measured."""

from regie.apps.accounts.models import User
from regie.apps.organisations.models import Member, Organisation, Role
from regie.kernel.errors import Forbidden
from regie.kernel.i18n import _


def check_can_track(*, actor: User, organisation: Organisation) -> None:
    """Whoever belongs to the organisation, or to one above it."""
    if not _roles(actor, organisation):
        raise Forbidden(_("You can only make links for organisations that you belong to."))


def check_can_measure(*, actor: User | None, organisation: Organisation) -> None:
    """A site's token opens the door to its figures: administrators only.

    ``None`` is the local operator, who holds the machine.
    """
    if actor is None:
        return
    if Role.ADMINISTRATOR not in _roles(actor, organisation):
        raise Forbidden(
            _("Only an administrator sets up what is measured."),
            hint=_("Ask an administrator of your organisation."),
        )


def can_measure(*, actor: User, organisation: Organisation) -> bool:
    return Role.ADMINISTRATOR in _roles(actor, organisation)


def _roles(actor: User, organisation: Organisation) -> list[str]:
    above = [int(part) for part in organisation.path.strip("/").split("/")]
    found = Member.objects.filter(user=actor, organisation_id__in=above)
    return list(found.values_list("role", flat=True))
