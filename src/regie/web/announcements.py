"""What every page says at its top while it is so: a rule that begins soon, or that waits."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from regie.apps.accounts.models import User
from regie.apps.organisations import policies
from regie.apps.organisations.models import Organisation, Role
from regie.apps.organisations.selectors import today_in
from regie.kernel import clock
from regie.ui import figures


@dataclass(frozen=True)
class Announcement:
    title: str
    text: str
    act: str = ""
    address: str = ""


def announcements(request: HttpRequest) -> list[Announcement]:
    here = getattr(request, "organisation", None)
    if not isinstance(here, Organisation) or not isinstance(request.user, User):
        return []
    return [*_second_factor(request, here), *_access_deadline(request, request.user, here)]


def _second_factor(request: HttpRequest, here: Organisation) -> list[Announcement]:
    due = getattr(request, "second_factor_due", None)
    if due is None:
        return []
    act, address = _("Set it up"), reverse("mfa_index")
    if request.path == address:
        act = address = ""
    if due <= today_in(here):
        title = _("{name} requires a second factor").format(name=here.name)
        text = _("Set one up below: an app or a passkey. Until then nothing else of it is shown.")
    else:
        day = figures.day(due, "long")
        title = _("From {day} on, {name} requires a second factor").format(day=day, name=here.name)
        text = _("It takes two minutes, and is asked after your password.")
    return [Announcement(title, text, act, address)]


def _access_deadline(request: HttpRequest, person: User, here: Organisation) -> list[Announcement]:
    announced = any(one.assigned_only_from for one in getattr(request, "organisations", ()))
    if not announced:
        return []
    told = []
    for place in policies.places(actor=person, organisation=here, now=clock.now()):
        of = place.organisation
        day = of.assigned_only_from
        if place.role != Role.ADMINISTRATOR and of.members_see_all and day and day > today_in(of):
            told.append(
                Announcement(
                    _("From {day} on you see what was given to you").format(
                        day=figures.day(day, "long")
                    ),
                    _(
                        "Until then nothing changes: you see all of {name}. If something that you "
                        "work with would be missing, tell an administrator before that day."
                    ).format(name=of.name),
                )
            )
    return told
