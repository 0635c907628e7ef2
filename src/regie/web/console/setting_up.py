"""The guided set-up, in the order in which things are best done; each word is explained.

A step is done when what it is for is there: nothing has to be ticked off by hand. Not every
house has partners or lists of people: without those two the set-up is finished all the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from regie.apps.access import selectors as access
from regie.apps.assets import selectors as assets
from regie.apps.audiences import selectors as audiences
from regie.apps.organisations import selectors
from regie.apps.organisations.models import Role
from regie.apps.organisations.selectors import Filter
from regie.kernel.i18n import _
from regie.web.console.page import ConsoleRequest, console, show

ENOUGH_ADMINISTRATORS = 2


@dataclass(frozen=True)
class Step:
    """``pages`` are names of addresses: the first that exists is where the step is done.

    ``role`` is the one that is chosen already where it invites.
    """

    name: str
    title: str
    help: str
    act: str
    pages: tuple[str, ...]
    is_optional: bool = False
    role: str = ""


STEPS = (
    Step(
        "manager",
        _("The manager"),
        _(
            "The business manager is the house of your organisation here: its people, its ad "
            "accounts, its pages and its partners. It has a number, by which partners name you. "
            "Making it changes nothing in campaigns that run."
        ),
        _("See it"),
        ("manager",),
    ),
    Step(
        "administrators",
        _("The administrators"),
        _(
            "An administrator does everything: invites people, gives roles, opens partnerships. "
            "Invite a second one first, so that the house is never locked from inside."
        ),
        _("Invite an administrator"),
        ("manager-invitations",),
        role=Role.ADMINISTRATOR.value,
    ),
    Step(
        "accounts",
        _("The ad accounts"),
        _(
            "An ad account is where a platform, such as LinkedIn or Google, bills your "
            "campaigns. You own it: link it by its number. You don’t: ask its owner for a role."
        ),
        _("Link an ad account"),
        ("manager-accounts", "imports"),
    ),
    Step(
        "pages",
        _("The pages"),
        _(
            "A page is your public face on a network, such as a LinkedIn page. Some campaigns "
            "speak in its name, so it goes with the ad accounts. One of its super admins has to "
            "be with you."
        ),
        _("Add a page"),
        ("manager-pages",),
    ),
    Step(
        "people",
        _("The other people"),
        _(
            "Employees and contractors work on what is given to each of them, and cannot invite "
            "or share. A contractor has a last day, after which the access ends by itself."
        ),
        _("Invite people"),
        ("manager-invitations",),
    ),
    Step(
        "partners",
        _("The partners"),
        _(
            "A partner is another organisation that works for you, such as an agency or a "
            "freelance. You share accounts one by one, with a ceiling: what its people may do "
            "at the most. Nothing is ever shared by itself."
        ),
        _("Propose a partnership"),
        ("manager-partners",),
        is_optional=True,
    ),
    Step(
        "audiences",
        _("The audiences"),
        _(
            "An audience is a list of people to show something to. Kept here once, it is true in "
            "every account that uses it, also in those of others with whom you share it."
        ),
        _("See the audiences"),
        ("manager-audiences",),
        is_optional=True,
    ),
)


@console
@require_safe
def set_up(request: ConsoleRequest) -> HttpResponse:
    done = _done(request)
    rows = [
        {"step": step, "is_done": step.name in done, "address": _address(step)} for step in STEPS
    ]
    following = next((row for row in rows if not row["is_done"] and row["address"]), None)
    context = {
        "rows": rows,
        "next": following,
        "done": len(done),
        "count": len(STEPS),
        "is_finished": all(step.is_optional or step.name in done for step in STEPS),
    }
    return show(request, "console/set_up.html", context)


def _done(request: ConsoleRequest) -> set[str]:
    here = request.organisation
    owned = assets.families_owned(request.branch)
    facts = {
        "manager": bool(here.manager_number or here.parent_id),
        "administrators": selectors.administrators_count(here) >= ENOUGH_ADMINISTRATORS,
        "accounts": bool(owned & {"ad_account", "source"}),
        "pages": "page" in owned,
        "people": selectors.people_of(here, Filter(role="employee")).exists()
        or selectors.people_of(here, Filter(role="contractor")).exists(),
        "partners": bool(access.partners_of(here)),
        "audiences": bool(audiences.audiences_of(here, actor=request.user))
        or bool(audiences.received_by(here)),
    }
    return {name for name, is_done in facts.items() if is_done}


def _address(step: Step) -> str:
    for name in step.pages:
        try:
            return reverse(name) + (f"?role={step.role}" if step.role else "")
        except NoReverseMatch:
            continue
    return ""
