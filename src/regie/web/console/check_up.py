"""Role check-up of one account or page: the platform's list of its people beside ours.

Whoever is not here is invited with a role on it in one act; it is given once he accepts.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from regie.apps.access import selectors as access
from regie.apps.access import services as roles
from regie.apps.access.selectors import CheckUp
from regie.apps.organisations.services import Answer, Wanted
from regie.domain.permissions.catalog import family
from regie.domain.permissions.definitions import Role
from regie.kernel.errors import RegieError
from regie.ui.platforms import platform
from regie.ui.templatetags.ui import say
from regie.web.console.asset import card_or_404
from regie.web.console.asset_words import permission_words, set_word
from regie.web.console.page import ConsoleRequest, address_of, administrators_only, show
from regie.web.console.words import ROLE_CHOICES
from regie.web.list_field import ListField

STATES = {
    access.OUTSIDE: gettext_lazy("Not in the manager"),
    access.ENDED: gettext_lazy("Left, and still stands there"),
    access.INVITED: gettext_lazy("Invited, not here yet"),
    access.WITHOUT: gettext_lazy("Here, without a role on it"),
    access.SAME: gettext_lazy("Here as there"),
}
KINDS = {
    access.OUTSIDE: "warning", access.ENDED: "bad", access.INVITED: "", access.WITHOUT: "",
    access.SAME: "good",
}  # fmt: skip


class PeopleOnAsset(forms.Form):
    upload = ListField(label=gettext_lazy("List of its people (CSV or Excel)"))


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def check_up(request: ConsoleRequest, room: str, asset_id: int) -> HttpResponse:
    card = card_or_404(room, asset_id)
    form = PeopleOnAsset(request.POST or None, request.FILES or None)
    found: CheckUp | None = None
    if request.method == "POST" and form.is_valid():
        try:
            found = access.check_up(
                actor=request.user, asset_id=card.key, path=form.cleaned_data["upload"]
            )
        except RegieError as error:
            form.add_error("upload", f"{say(error.sentence)} {say(error.hint)}")
    context = {
        "console_page": f"manager-{room}",
        "room": room,
        "card": card,
        "platform": platform(card.platform),
        "form": form,
        "found": found,
        "rows": _rows(found, card.family) if found else [],
        "outside": len(found.in_state(access.OUTSIDE)) if found else 0,
        "over": sum(bool(one.more) for one in found.found) if found else 0,
        "elsewhere": sum(one.is_elsewhere for one in found.found) if found else 0,
        "missing": [
            (one, set_word(card.family, one.permissions)) for one in found.missing
        ] if found else [],
        "choices": [(one.code, _(one.label)) for one in _offered(card.family)],
        "roles": ROLE_CHOICES[:2],
    }  # fmt: skip
    status = 400 if form.errors else 200
    return show(request, "console/check_up.html", context, status=status)


def _offered(family_name: str) -> list[Role]:
    return [one for one in family(family_name).roles if not one.line]


def _rows(found: CheckUp, family_name: str) -> list[dict[str, Any]]:
    """Those to act on first."""
    order = list(STATES)
    ordered = sorted(
        enumerate(found.found),
        key=lambda one: (order.index(one[1].state), not one[1].more, one[1].email, one[1].name),
    )
    return [
        {
            "number": number,
            "one": one,
            "state": STATES[one.state],
            "kind": KINDS[one.state],
            "more": permission_words(family_name, one.more),
            "beyond": permission_words(
                family_name, one.theirs - one.proposed.permissions
            ) if one.theirs and one.proposed else [],
            "proposed": one.proposed.code if one.proposed else "",
            "proposed_word": _(one.proposed.label) if one.proposed else "",
        }
        for number, one in ordered
    ]  # fmt: skip


@administrators_only
@require_POST
def invite(request: ConsoleRequest, room: str, asset_id: int) -> HttpResponse:
    """Those ticked get an invitation, and the role chosen beside each once they accept it."""
    card = card_or_404(room, asset_id)
    people, chosen = _chosen(request, {one.code for one in _offered(card.family)})
    try:
        answers, promised = roles.invite_with_roles(
            actor=request.user, organisation=request.organisation, asset_id=card.key,
            people=people, roles=chosen,
            language=(translation.get_language() or "fr")[:2], address=address_of(request),
        )  # fmt: skip
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
        return redirect("manager-asset-check-up", room=room, asset_id=card.key)
    _tell(request, answers, promised, card.label)
    return redirect("manager-invitations")


def _chosen(request: ConsoleRequest, offered: set[str]) -> tuple[list[Wanted], dict[int, str]]:
    """Those ticked, and the role on the account of each by its number."""
    place = request.POST.get("role", "employee")
    people, chosen = [], {}
    for number in request.POST.getlist("ticked"):
        if not number.isdecimal():
            continue
        people.append(Wanted(request.POST.get(f"email-{number}", ""), place, line=int(number)))
        if (role := request.POST.get(f"role-{number}", "")) in offered:
            chosen[int(number)] = role
    return people, chosen


def _tell(request: ConsoleRequest, answers: list[Answer], promised: int, name: str) -> None:
    sent = sum(one.problem is None for one in answers)
    if sent:
        said = ngettext(
            "{count} invitation is on its way.", "{count} invitations are on their way.", sent
        )
        messages.success(request, said.format(count=sent))
    if promised:
        said = ngettext(
            "{count} of them brings a role on {name}, once it is accepted.",
            "{count} of them bring a role on {name}, once they are accepted.", promised,
        )  # fmt: skip
        messages.success(request, said.format(count=promised, name=name))
    for one in answers[:20]:
        if one.problem is not None:
            messages.warning(request, f"{one.wanted.email} · {say(one.problem)}")
    if not answers:
        messages.warning(request, _("Tick people first."))
