"""Who may change a plan. Seeing it is decided by row security."""

from regie.apps.accounts.models import User
from regie.apps.budgets.models import Plan
from regie.apps.organisations.models import Organisation, Role
from regie.apps.organisations.policies import places
from regie.kernel import clock
from regie.kernel.errors import Forbidden
from regie.kernel.i18n import _


def check_can_plan(*, actor: User, organisation: Organisation) -> None:
    if not _memberships(actor, organisation):
        raise Forbidden(_("You can only plan for organisations that you belong to."))


def check_can_change(*, actor: User, plan: Plan) -> None:
    if not can_change(actor=actor, plan=plan):
        raise Forbidden(
            _("This plan belongs to somebody else."),
            hint=_("Make a copy: it will be yours to change."),
        )


def check_can_share(*, actor: User, plan: Plan, shared: bool) -> None:
    check_can_change(actor=actor, plan=plan)
    # Once withdrawn the author alone sees it: nobody hides a plan from himself.
    if not shared and plan.author_id != actor.pk:
        raise Forbidden(_("Only its author can stop sharing a plan."))


def can_change(*, actor: User, plan: Plan) -> bool:
    """Its author, and whoever administers its organisation."""
    return plan.author_id == actor.pk or administers(actor=actor, organisation=plan.organisation)


def administers(*, actor: User, organisation: Organisation) -> bool:
    """An administrator of the organisation or of one above it."""
    return Role.ADMINISTRATOR in _memberships(actor, organisation)


def _memberships(actor: User, organisation: Organisation) -> list[str]:
    """Roles of ``actor`` in the organisation and in those above it, until their last day."""
    return [one.role for one in places(actor=actor, organisation=organisation, now=clock.now())]
