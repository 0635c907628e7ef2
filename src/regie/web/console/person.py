"""One person in one organisation: the role, the last day, the way out."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from regie.apps.access import selectors as access
from regie.apps.access import services as trials
from regie.apps.organisations import selectors, services
from regie.apps.organisations.selectors import Filter, Person
from regie.kernel.errors import RegieError
from regie.ui import figures
from regie.ui.templatetags.ui import say
from regie.web.console.forms import ChangeMember
from regie.web.console.page import ConsoleRequest, administrators_only, show
from regie.web.console.sure import Question, ask
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
            page = _ask_changing(request, card, said["role"], said["ends_on"])
            if page is not None:
                return page
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
        if (page := _ask_removing(request, card)) is not None:
            return page
        gone = services.remove_member(actor=request.user, member_id=card.member_id)
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
        return redirect("manager-person", member_id=member_id)
    keep_removed(request, [gone])
    messages.success(request, _("{name} is out.").format(name=card.name or card.email))
    return redirect("manager-people")


def _ask_changing(
    request: ConsoleRequest, card: Person, role: str, ends_on: date | None
) -> HttpResponse | None:
    """Raises what the change would be refused for: it is said beside the form."""
    tried = trials.what_if_one_changed(
        actor=request.user, member_id=card.member_id, role=role, ends_on=ends_on
    )
    words = {
        "name": card.name or card.email, "role": role_word(role),
        "organisation": card.organisation, "day": figures.day(ends_on) if ends_on else "",
    }  # fmt: skip
    text = _("{role} of {organisation}, until {day}.") if ends_on else _(
        "{role} of {organisation}, without a last day.")  # fmt: skip
    question = Question(
        title=_("Change what {name} is?").format(**words), text=text.format(**words),
        back=reverse("manager-person", kwargs={"member_id": card.member_id}),
        effects=tried.effects, is_part=not tried.is_whole,
    )  # fmt: skip
    return ask(request, question)


def _ask_removing(request: ConsoleRequest, card: Person) -> HttpResponse | None:
    tried = trials.what_if_one_removed(actor=request.user, member_id=card.member_id)
    words = {"name": card.name or card.email, "organisation": card.organisation}
    text = _("The person no longer sees {organisation} from the next click on. What was done "
             "stays, and for an hour you can take it back.")  # fmt: skip
    question = Question(
        title=_("Take {name} out?").format(**words), text=text.format(**words),
        back=reverse("manager-person", kwargs={"member_id": card.member_id}),
        effects=tried.effects, is_danger=True, is_part=not tried.is_whole,
    )  # fmt: skip
    return ask(request, question)


def _found(request: ConsoleRequest, member_id: int) -> Person:
    member = selectors.people_of(request.organisation, Filter()).filter(pk=member_id).first()
    if member is None:
        raise Http404
    return selectors.person(member)
