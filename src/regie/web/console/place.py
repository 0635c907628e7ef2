"""One organisation of the tree: where it stands, and moving, merging or closing it.

What would change is said first, and only what was said is done.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regie.apps.access import services as access
from regie.apps.organisations import policies, selectors, services
from regie.apps.organisations.models import Organisation
from regie.kernel import clock
from regie.kernel.errors import Forbidden, RegieError
from regie.ui.templatetags.ui import say
from regie.web.console.page import ConsoleRequest, console, show
from regie.web.console.sure import Question, ask, looked_at
from regie.web.console.tree import options_of
from regie.web.console.words import kind_word

AT_ONCE = ("rename",)
Told = dict[str, Any]


@console
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: ConsoleRequest, organisation_id: int) -> HttpResponse:
    here = next((one for one in request.organisations if one.pk == organisation_id), None)
    if here is None:
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    act, to = asked.get("act", "open" if here.closed_at else ""), asked.get("to", "")
    target = _target(request, to)
    if request.method == "POST" and act == "number":
        return _number(request, here)
    can_steer = _can(request, here)
    told: Told | None = {}
    if can_steer or request.method == "POST":
        told = _preview(request, here, act, to)
    is_done = told is None or (request.method == "POST" and act in AT_ONCE)
    if is_done and _do(request, here, act, target):
        return redirect("manager-tree")
    context = {
        "here": here,
        "kind": kind_word(here.kind),
        "line": selectors.line_of(here),
        "people": selectors.people_of(here, selectors.Filter(only_here=True)).count(),
        "can_steer": can_steer,
        "options": options_of(request, without=here),
        "target": target,
        **(told or {}),
    }
    return show(request, "console/place.html", context)


def _number(request: ConsoleRequest, here: Organisation) -> HttpResponse:
    """First what is there before and after it: the same campaigns, and the same accesses."""
    back = reverse("manager-place", kwargs={"organisation_id": here.pk})
    try:
        tried = access.what_if_manager_opened(actor=request.user, organisation=here)
        question = Question(
            title=_("Give {name} a manager number?").format(name=here.name),
            text=_("Other organisations can then name it as their partner. Nothing is shared."),
            back=back, effects=tried.effects, is_part=not tried.is_whole, compared=tried,
        )  # fmt: skip
        if (page := ask(request, question, more=[("act", "number")])) is not None:
            return page
        services.open_manager(actor=request.user, organisation=here)
    except Forbidden:
        raise
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
        return redirect(back)
    messages.success(request, _("{name} has a manager number now.").format(name=here.name))
    return redirect("manager-tree")


def _target(request: ConsoleRequest, asked: str) -> Organisation | None:
    """The organisation that was chosen; None stands for the top of the tree, chosen as such."""
    if asked in {"", "none"}:
        return None
    found = next((one for one in request.organisations if str(one.pk) == asked), None)
    if found is None:
        raise Http404
    return found


def _can(request: ConsoleRequest, here: Organisation) -> bool:
    try:
        policies.check_can_steer(actor=request.user, organisation=here, now=clock.now())
    except Forbidden:
        return False
    return True


def _preview(request: ConsoleRequest, here: Organisation, act: str, to: str) -> Told | None:
    """What would change, or why it cannot; None once that was confirmed."""
    try:
        changes = _changes(request, here, act, to)
    except Forbidden:
        raise
    except RegieError as error:
        return {"refusal": f"{say(error.sentence)} {say(error.hint)}"}
    if changes is None:
        return {}
    seen = looked_at(request, asdict(changes), sent=[("act", act), ("to", to)])
    return None if seen is None else {"act": act, "changes": changes, **seen}


def _changes(
    request: ConsoleRequest, here: Organisation, act: str, to: str
) -> services.Consequences | None:
    who: dict[str, Any] = {"actor": request.user, "organisation": here}
    target = _target(request, to)
    if act in ("close", "open"):
        tried = services.what_if_closed if act == "close" else services.what_if_opened
        return tried(**who)
    if act == "move" and to:
        return services.what_if_moved(**who, to=target)
    if act == "merge" and target is not None:
        return services.what_if_merged(**who, into=target)
    return None


def _do(request: ConsoleRequest, here: Organisation, act: str, target: Organisation | None) -> bool:
    try:
        said = _done(request, here, act, target)
    except Forbidden:
        raise
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
        return False
    if said:
        messages.success(request, said.format(name=here.name))
    return bool(said)


def _done(
    request: ConsoleRequest, here: Organisation, act: str, target: Organisation | None
) -> str:
    """What was done, in words; nothing where it lacks where to."""
    actor = request.user
    if act == "rename":
        wanted = request.POST.get("name", "")
        services.rename_organisation(actor=actor, organisation=here, name=wanted)
        here.refresh_from_db()
        return _("It is called {name} now.")
    if act == "move":
        services.move_organisation(actor=actor, organisation=here, to=target)
        return _("{name} is moved.")
    if act == "merge" and target is not None:
        services.merge_organisation(actor=actor, organisation=here, into=target)
        return _("{name} is merged and closed; its past stays.")
    if act == "close":
        services.close_organisation(actor=actor, organisation=here)
        return _("{name} is closed; nothing is lost.")
    if act == "open":
        services.open_again(actor=actor, organisation=here)
        return _("{name} is open again.")
    return ""
