"""What Ctrl-K finds beyond the rooms: pages, acts and one's own things, by any of their names.

The pages that everyone has stand in every page; what depends on the person and on the
organisation is read once the palette opens, through the selectors and policies of its app.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from regie.apps.accounts.models import User
from regie.apps.budgets import policies as planning
from regie.apps.budgets import selectors as plans
from regie.apps.connections import selectors as connections
from regie.apps.dashboards import policies as aiming
from regie.apps.dashboards import selectors as dashboards
from regie.apps.organisations.models import Organisation
from regie.apps.organisations.policies import administers
from regie.domain.markets import figure
from regie.domain.metrics.catalog import metrics
from regie.kernel import clock
from regie.kernel.errors import Forbidden
from regie.kernel.i18n import _
from regie.ui import figures
from regie.web.console.navigation import AREAS
from regie.web.report import headline

MOST = 40  # of each kind: beyond, its own page has a search


@dataclass(frozen=True)
class Command:
    """``words`` are other names for it, in the reader's language."""

    label: str
    address: str
    icon: str
    words: str = ""


@dataclass(frozen=True)
class Heading:
    label: str
    commands: tuple[Command, ...]


# Name of the address, what follows it, label, icon, other words.
PAGES = (
    ("report", "?view=results", _("Spend beside results"), "report",
     _("ROAS, sales, orders, leads, B2B, return, real results")),
    ("report-compare", "", _("Compare two campaigns"), "table",
     _("ads, A/B, versus, equal budget, test")),
    ("planner-post", "", _("Break down an organic post"), "planner",
     _("publication, organic, shares, reach, social")),
)  # fmt: skip
ACCOUNT = (
    ("mfa_index", "", _("Security"), "shield",
     _("settings, account, 2FA, two factors, passkey, authenticator, recovery codes")),
    ("account_change_password", "", _("Change the password"), "shield",
     _("settings, account, secret")),
    ("account_email", "", _("E-mail addresses"), "person",
     _("settings, account, mail, address")),
    ("usersessions_list", "", _("Where you are signed in"), "screen",
     _("settings, account, devices, sessions")),
    ("start", "", _("Create an organisation"), "building",
     _("new, found, brand, agency, company")),
)  # fmt: skip


CONSOLE_WORDS = {
    "manager": _("manager number, second factor, rules"),
    "manager-set-up": _("first steps, begin, wizard"),
    "manager-tree": _("organisations, subsidiaries, regions, franchisees, move, merge, close"),
    "manager-tokens": _("API, programs, keys"),
    "manager-journal": _("audit, history, who did what"),
    "manager-people": _("users, team, colleagues, contractors, leavers"),
    "manager-invitations": _("invite, add somebody, mail"),
    "manager-roles": _("permissions, rights, custom role"),
    "manager-review": _("certificate, unused access, leaver check"),
    "manager-accounts": _("ad accounts, link, owner, ID"),
    "manager-pages": _("page roles, super admin"),
    "manager-locations": _("shops, agencies, listings, addresses"),
    "manager-sources": _("sites, shops, forms, call logs"),
    "manager-partners": _("agency, freelance, share, ceiling, partnership"),
    "manager-requests": _("ask for access, request"),
    "manager-audiences": _("lists of people, share, consent"),
}
ADMINISTRATORS_PAGES = (
    ("manager-policy", "", _("What is allowed at all"), "shield",
     _("policy, permissions, forbid, rule")),
    ("manager-give", "", _("Give a role to several people"), "people",
     _("bulk, rights, several accounts")),
)  # fmt: skip


def pages() -> list[Command]:
    return [_page(one) for one in PAGES]


def account() -> list[Command]:
    return [_page(one) for one in ACCOUNT]


def own(actor: User, organisation: Organisation | None) -> list[Heading]:
    """What this person may do here, and what is kept here under a name."""
    if organisation is None:
        return []
    found = [
        Heading(gettext("To do"), tuple(_acts(actor, organisation))),
        Heading(gettext("Figures"), tuple(_figures())),
        Heading(gettext("Business manager"), tuple(_console(actor, organisation))),
        Heading(gettext("Saved views"), _some(_views(actor, organisation))),
        Heading(gettext("Plans"), _some(_plans(actor, organisation))),
        Heading(gettext("Objectives"), _some(_objectives(organisation))),
        Heading(gettext("Imports"), _some(_files(organisation))),
    ]
    return [heading for heading in found if heading.commands]


def _acts(actor: User, organisation: Organisation) -> Iterator[Command]:
    yield Command(
        gettext("Bring files"), reverse("imports") + "#bring", "imports",
        gettext("import, upload, add, CSV, Excel, data"),
    )  # fmt: skip
    if _may(planning.check_can_plan, actor, organisation):
        yield Command(
            gettext("New plan"), reverse("planner-new"), "planner",
            gettext("budget, forecast, simulation, goal"),
        )  # fmt: skip
    if _may(aiming.check_can_aim, actor, organisation):
        yield Command(
            gettext("Set an objective"), reverse("objectives-new"), "target",
            gettext("goal, target, KPI, aim"),
        )  # fmt: skip


def _figures() -> Iterator[Command]:
    """Those of the report's head are drawn there; the others say where they come from."""
    drawn = {*headline.BUSINESS, *headline.CLAIMED}
    for name, one in metrics().items():
        address = (
            f"{reverse('report')}?metric={name}" if name in drawn
            else f"{reverse('report-explain')}?figure={name}"
        )  # fmt: skip
        yield Command(gettext(one.label), address, "report", name.replace("_", " "))


def _console(actor: User, organisation: Organisation) -> Iterator[Command]:
    """The pages of the console by their own names and those of their area."""
    for area in AREAS:
        for page in area.pages:
            words = gettext(CONSOLE_WORDS[page.name]) if page.name in CONSOLE_WORDS else ""
            yield Command(
                gettext(page.label), reverse(page.name), "network",
                ", ".join(filter(None, (gettext(area.label), words))),
            )  # fmt: skip
    if administers(actor=actor, organisation=organisation, now=clock.now()):
        for one in ADMINISTRATORS_PAGES:
            yield _page(one)


def _may(check: Callable[..., Any], actor: User, organisation: Organisation) -> bool:
    try:
        check(actor=actor, organisation=organisation)
    except Forbidden:
        return False
    return True


def _views(actor: User, organisation: Organisation) -> Iterator[Command]:
    for one in dashboards.saved_views(organisation, actor=actor):
        sign = "building" if one.is_shared else "person"
        yield Command(one.name, reverse("report-view", args=[one.id]), sign)


def _plans(actor: User, organisation: Organisation) -> Iterator[Command]:
    for one in plans.plans_of(organisation, actor=actor):
        if not one.is_archived:
            yield Command(one.plan.name, reverse("planner-plan", args=[one.id]), "planner")


def _objectives(organisation: Organisation) -> Iterator[Command]:
    for one in dashboards.objectives_of(organisation):
        label = gettext(figure(one.objective.metric).label)
        days = figures.days(one.objective.period.start, one.objective.period.end)
        address = reverse("objectives-change", args=[one.id])
        yield Command(f"{label} · {days}", address, "target")


def _files(organisation: Organisation) -> Iterator[Command]:
    for table in connections.tables_of(organisation.pk):
        yield Command(
            table.name, reverse("imports") + "#tables", "table",
            gettext("mapping, columns, described table"),
        )  # fmt: skip
    for one in connections.imports_of([organisation.pk], limit=MOST):
        words = gettext("mapping, columns, question") if one.state == "asks" else ""
        yield Command(one.file_name, reverse("imports-detail", args=[one.id]), "file", words)


def _some(commands: Iterator[Command]) -> tuple[Command, ...]:
    return tuple(islice(commands, MOST))


def _page(one: tuple[str, str, str, str, str]) -> Command:
    name, after, label, icon, words = one
    return Command(gettext(label), reverse(name) + after, icon, gettext(words))
