"""Roles that nobody has used for 90 days: listed, withdrawn, and given back with one click."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from regie.apps.access import selectors, services
from regie.apps.access.selectors import HeldRole
from regie.apps.access.services import Withdrawn
from regie.ui.platforms import platform
from regie.ui.templatetags.ui import say
from regie.web.console.navigation import rooms
from regie.web.console.page import ConsoleRequest, administrators_only, show
from regie.web.console.sure import Question, ask
from regie.web.spreadsheets import as_csv

KEY = "withdrawn_roles"
MOST = 1_000


def role_rows(found: Iterable[HeldRole]) -> list[dict[str, Any]]:
    room_of = {kind.name: room for room, kind in rooms().items()}
    return [
        {
            "role": one,
            "word": one.role if isinstance(one.role, str) else say(one.role),
            "room": room_of.get(one.kind, "sources"),
            "platform": platform(one.platform),
        }
        for one in found
    ]


@administrators_only
@require_safe
def unused(request: ConsoleRequest) -> HttpResponse:
    count = selectors.unused_count(request.organisation)
    context = {
        "rows": role_rows(selectors.unused_roles(request.organisation, most=MOST)),
        "count": count,
        "is_more": count > MOST,
        "withdrawn": len(request.session.get(KEY, [])),
    }
    return show(request, "console/unused.html", context)


@administrators_only
@require_safe
def unused_csv(request: ConsoleRequest) -> HttpResponse:
    header = ("email", "name", "organisation", "platform", "account", "role", "given_on",
              "last_used_on", "ends_on")  # fmt: skip
    found = selectors.unused_roles(request.organisation, most=100_000)
    rows = [
        (one.email, one.person, one.organisation, one.platform, one.account,
         one.role if isinstance(one.role, str) else say(one.role), one.given_on,
         one.last_used_on, one.ends_on)
        for one in found
    ]  # fmt: skip
    return as_csv("unused-roles", header, rows)


@administrators_only
@require_POST
def withdraw(request: ConsoleRequest) -> HttpResponse:
    chosen = [int(one) for one in request.POST.getlist("role") if one.isdecimal()]
    if not chosen:
        messages.warning(request, _("Nothing was ticked."))
        return redirect("manager-review-roles")
    effects, not_now = services.what_if_withdrawn(actor=request.user, grant_ids=chosen[:MOST])
    title = ngettext("Withdraw {count} role?", "Withdraw {count} roles?", len(chosen))
    question = Question(
        title=title.format(count=len(chosen)),
        text=_("They end at once. As long as you stay signed in, one click gives them back."),
        back=reverse("manager-review-roles"), effects=effects, is_danger=True,
        refused=[(f"{one.person} · {one.account}", one.problem) for one in not_now],
    )  # fmt: skip
    if (page := ask(request, question)) is not None:
        return page
    done, refused = services.withdraw_roles(actor=request.user, grant_ids=chosen[:MOST])
    if done:
        request.session[KEY] = [{**asdict(one), "ends_on": str(one.ends_on or "")} for one in done]
        said = ngettext("{count} role is withdrawn.", "{count} roles are withdrawn.", len(done))
        messages.success(request, said.format(count=len(done)))
    for one in refused[:10]:
        messages.warning(
            request, f"{one.person} · {one.account}: {say(one.problem)} {say(one.hint)}"
        )
    return redirect("manager-review-roles")


@administrators_only
@require_POST
def give_back(request: ConsoleRequest) -> HttpResponse:
    kept = [
        Withdrawn(
            one["asset_id"], one["member_id"], one["role"], one["custom_role_id"],
            date.fromisoformat(one["ends_on"]) if one["ends_on"] else None,
        )
        for one in request.session.pop(KEY, [])
    ]  # fmt: skip
    count = services.give_back(actor=request.user, withdrawn=kept)
    said = ngettext("{count} role is given back.", "{count} roles are given back.", count)
    messages.success(request, said.format(count=count))
    return redirect("manager-review-roles")
