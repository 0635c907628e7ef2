"""Which role can be given, and with which last day."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from regie.apps.organisations.models import Organisation, Role
from regie.kernel import clock
from regie.kernel.errors import Refused
from regie.kernel.i18n import _

LONGEST = timedelta(days=5 * 366)


def today_in(organisation: Organisation) -> date:
    return clock.now().astimezone(ZoneInfo(organisation.time_zone)).date()


def check_role(*, organisation: Organisation, role: str, ends_on: date | None) -> None:
    """As ``check_fits``; and a last day is not over already."""
    check_fits(role=role, ends_on=ends_on)
    if ends_on is None:
        return
    today = today_in(organisation)
    if ends_on < today:
        raise Refused(_("This last day is over already."))
    if ends_on > today + LONGEST:
        raise Refused(_("This last day is more than five years away."))


def check_fits(*, role: str, ends_on: date | None) -> None:
    """A contractor has a last day, an administrator has none."""
    if role not in Role.values:
        raise Refused(
            _("There is no such role."), hint=_("Roles are administrator, employee, contractor.")
        )
    if role == Role.ADMINISTRATOR and ends_on is not None:
        raise Refused(
            _("An administrator has no last day."),
            hint=_("An organisation must never be left without one by the calendar alone."),
        )
    if role == Role.CONTRACTOR and ends_on is None:
        raise Refused(_("A contractor needs a last day."))
