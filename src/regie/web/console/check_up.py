"""Role check-up of one account or page: the platform's list of its people beside ours."""

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
from regie.apps.organisations import services
from regie.apps.organisations.services import Wanted
from regie.kernel.errors import RegieError
from regie.ui.platforms import platform
from regie.ui.templatetags.ui import say
from regie.web.console.asset import card_or_404
from regie.web.console.page import ConsoleRequest, address_of, administrators_only, show
from regie.web.console.words import ROLE_CHOICES
from regie.web.list_field import ListField

STATES = {
    access.OUTSIDE: gettext_lazy("Not in the manager"),
    access.ENDED: gettext_lazy("Left, and still stands there"),
    access.WITHOUT: gettext_lazy("Here, without a role on it"),
    access.SAME: gettext_lazy("Here as there"),
}


class PeopleOnAsset(forms.Form):
    upload = ListField(label=gettext_lazy("List of its people (CSV or Excel)"))


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def check_up(request: ConsoleRequest, room: str, asset_id: int) -> HttpResponse:
    card = card_or_404(room, asset_id)
    form = PeopleOnAsset(request.POST or None, request.FILES or None)
    found: Any = None
    if request.method == "POST" and form.is_valid():
        try:
            found = access.check_up(
                actor=request.user, asset_id=card.key, path=form.cleaned_data["upload"]
            )
        except RegieError as error:
            form.add_error("upload", f"{say(error.sentence)} {say(error.hint)}")
    order = list(STATES)
    rows = sorted(found.found, key=lambda one: (order.index(one.state), one.email)) if found else []
    context = {
        "console_page": f"manager-{room}",
        "room": room,
        "card": card,
        "platform": platform(card.platform),
        "form": form,
        "found": found,
        "rows": [(one, STATES[one.state]) for one in rows],
        "outside": found.in_state(access.OUTSIDE) if found else [],
        "roles": ROLE_CHOICES[:2],
    }
    status = 400 if form.errors else 200
    return show(request, "console/check_up.html", context, status=status)


@administrators_only
@require_POST
def invite(request: ConsoleRequest, room: str, asset_id: int) -> HttpResponse:
    """Those ticked get an invitation; what they do on the account is given once they are here."""
    card = card_or_404(room, asset_id)
    role = request.POST.get("role", "employee")
    people = [Wanted(email, role) for email in request.POST.getlist("email")]
    try:
        answers = services.invite(
            actor=request.user, organisation=request.organisation, people=people,
            language=(translation.get_language() or "fr")[:2], address=address_of(request),
        )  # fmt: skip
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
        return redirect("manager-asset-check-up", room=room, asset_id=card.key)
    sent = sum(one.problem is None for one in answers)
    if sent:
        said = ngettext(
            "{count} invitation is on its way.", "{count} invitations are on their way.", sent
        )
        messages.success(request, said.format(count=sent))
    for one in answers[:20]:
        if one.problem is not None:
            messages.warning(request, f"{one.wanted.email} · {say(one.problem)}")
    if not answers:
        messages.warning(request, _("Tick people first."))
    return redirect("manager-invitations")
