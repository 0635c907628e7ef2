"""Rules that an organisation sets for its branch: a second factor, and who sees all of it.

Neither locks anybody out by surprise: each can begin on a later day, that is announced.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.notifications import services as notifications
from regie.apps.organisations import letters, policies
from regie.apps.organisations.models import Member, Organisation, Role
from regie.apps.organisations.roles import today_in
from regie.kernel import clock
from regie.kernel.errors import Refused
from regie.kernel.i18n import _

LATEST = timedelta(days=366)


@transaction.atomic
def require_second_factor(
    *, actor: User, organisation: Organisation, required: bool, begins_on: date | None
) -> None:
    """From ``begins_on`` on, or at once, nobody acts for the branch without a second factor."""
    here = _checked(actor, organisation, begins_on if required else None)
    wanted = (required, begins_on if required else None)
    if (here.requires_two_factor, here.two_factor_from) == wanted:
        return
    here.requires_two_factor, here.two_factor_from = wanted
    here.save(update_fields=["requires_two_factor", "two_factor_from"])
    action = "second_factor_required" if required else "second_factor_free"
    _record(actor, here, f"organisations.{action}", day=str(begins_on or ""))


@transaction.atomic
def set_access(
    *, actor: User, organisation: Organisation, see_all: bool, until: date | None
) -> int:
    """Whether members see the whole branch; ``until`` is the first day on which they no longer do.

    The old access keeps working until then, and every member it concerns gets a letter. How many.
    """
    here = _checked(actor, organisation, until if see_all else None)
    wanted = (see_all, until if see_all else None)
    before = (here.members_see_all, here.assigned_only_from)
    if before == wanted:
        return 0
    here.members_see_all, here.assigned_only_from = wanted
    here.save(update_fields=["members_see_all", "assigned_only_from"])
    action = "access_opened" if see_all and until is None else "access_narrowed"
    _record(actor, here, f"organisations.{action}", day=str(until or ""))
    return _announce(actor, here, until) if see_all and until is not None else 0


def _announce(actor: User, here: Organisation, day: date) -> int:
    told = Member.objects.filter(organisation=here, removed_at=None).exclude(
        role=Role.ADMINISTRATOR
    )
    concerned = [one for one in told.select_related("user", "organisation")
                 if not policies.has_ended(one, now=clock.now())]  # fmt: skip
    for member in concerned:
        language = member.user.language or "fr"
        letter = letters.access_deadline(here, day=day, language=language)
        notifications.post(
            organisation_id=here.pk, actor_id=actor.pk, kind="access_deadline",
            to=member.user.email, language=language, subject=letter.subject, text=letter.text,
        )  # fmt: skip
    return len(concerned)


def _checked(actor: User, organisation: Organisation, day: date | None) -> Organisation:
    policies.check_can_administer(actor=actor, organisation=organisation, now=clock.now())
    policies.check_is_open(organisation)
    today = today_in(organisation)
    if day is not None and not today <= day <= today + LATEST:
        raise Refused(_("Choose a day between today and a year from now."))
    return Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _record(actor: User, here: Organisation, action: str, **details: str) -> None:
    audit.record(
        organisation_id=here.pk, action=action, actor_id=actor.pk, actor=str(actor), **details
    )
