"""One person in one organisation: the role, the last day, the way out."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from regie.apps.access import selectors as access
from regie.apps.organisations import selectors, services
from regie.apps.organisations.selectors import Filter, Person
from regie.kernel.errors import RegieError
from regie.ui.templatetags.ui import say
from regie.web.console.forms import ChangeMember
from regie.web.console.page import ConsoleRequest, administrators_only, show
from regie.web.console.undoing import keep_removed
from regie.web.console.unused import role_rows
from regie.web.console.words import role_word


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: ConsoleRequest, member_id: int) -> HttpResponse:
    card = _found(request, member_id)
    form = ChangeMember(request.POST or None, initial={"role": card.role, "ends_on": card.ends_on})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            services.change_member(
                actor=request.user, member_id=card.member_id, role=said["role"],
                ends_on=said["ends_on"],
            )  # fmt: skip
        except RegieError as error:
            form.add_error(None, f"{say(error.sentence)} {say(error.hint)}")
        else:
            messages.success(request, _("The change holds from now on."))
            return redirect("manager-people")
    context = {
        "card": card,
        "role": role_word(card.role),
        "form": form,
        "held": role_rows(access.roles_of_member(request.organisation, card.member_id)),
    }
    return show(request, "console/person.html", context, status=400 if form.errors else 200)


@administrators_only
@require_POST
def remove(request: ConsoleRequest, member_id: int) -> HttpResponse:
    card = _found(request, member_id)
    try:
        gone = services.remove_member(actor=request.user, member_id=card.member_id)
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
        return redirect("manager-person", member_id=member_id)
    keep_removed(request, [gone])
    messages.success(request, _("{name} is out.").format(name=card.name or card.email))
    return redirect("manager-people")


def _found(request: ConsoleRequest, member_id: int) -> Person:
    member = selectors.people_of(request.organisation, Filter()).filter(pk=member_id).first()
    if member is None:
        raise Http404
    return selectors.person(member)
