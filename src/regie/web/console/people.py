"""The people of the branch one acts for: found, changed together, brought and taken as lists."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from regie.apps.access import services as access
from regie.apps.access.services import Trial
from regie.apps.organisations import selectors, services
from regie.apps.organisations.selectors import Filter
from regie.apps.organisations.services import LineAnswer
from regie.kernel.errors import RegieError, WrongUse
from regie.ui.templatetags.ui import say
from regie.web.console.forms import BulkChange, FindPeople, PeopleList
from regie.web.console.giving import choose_people
from regie.web.console.page import ConsoleRequest, address_of, administrators_only, console, show
from regie.web.console.people_lines import LINES, lines_kept, lines_to_keep
from regie.web.console.sure import Question, ask, packed, unpacked
from regie.web.console.undoing import forget_removed, keep_removed, removed_lately
from regie.web.console.words import STATES, role_word
from regie.web.spreadsheets import as_csv

LISTED = 50


@console
@require_safe
def people(request: ConsoleRequest) -> HttpResponse:
    return _listed(request)


def _listed(request: ConsoleRequest, *, outcome: Any = None, status: int = 200) -> HttpResponse:
    wanted = wanted_of(request)
    found = selectors.people_of(request.organisation, wanted)
    page = Paginator(found, LISTED).get_page(request.GET.get("page"))
    context = {
        "form": FindPeople(initial=vars(wanted)),
        "is_filtered": wanted != Filter(),
        "people": [(one, role_word(one.role)) for one in map(selectors.person, page)],
        "page": page,
        "query": urlencode({k: v for k, v in vars(wanted).items() if v}),
        "wanted": vars(wanted),
        "bulk": BulkChange(),
        "bring": PeopleList(),
        "outcome": outcome,
        "administrators": selectors.administrators_count(request.organisation),
        "removed": len(removed_lately(request)),
        "states": STATES,
    }
    return show(request, "console/people.html", context, status=status)


def wanted_of(request: ConsoleRequest) -> Filter:
    said = FindPeople(request.GET or request.POST)
    return said.wanted if said.is_valid() else Filter()


@console
@require_safe
def people_csv(request: ConsoleRequest) -> HttpResponse:
    """Every person that matches, as a list that can be brought again."""
    people = map(selectors.person, selectors.people_of(request.organisation, wanted_of(request)))
    header = (
        "email", "name", "role", "ends_on", "organisation", "joined_on", "last_active_on",
        "second_factor",
    )  # fmt: skip
    rows = (
        (one.email, one.name, one.role, one.ends_on, one.organisation,
         one.joined_at.date() if one.joined_at else None, one.last_active_on,
         "yes" if one.has_second_factor else "no")
        for one in people
    )  # fmt: skip
    return as_csv("people", header, rows)


@administrators_only
@require_POST
def change_several(request: ConsoleRequest) -> HttpResponse:
    form = BulkChange(request.POST)
    wanted = wanted_of(request)
    back = redirect("manager-people")
    back["Location"] += "?" + urlencode({k: v for k, v in vars(wanted).items() if v})
    if not form.is_valid():
        messages.warning(request, _("Choose what is to be done with these people."))
        return back
    chosen = _chosen(request, wanted)
    if not chosen:
        messages.warning(request, _("Nobody was ticked."))
        return back
    said = form.cleaned_data
    if said["action"] == "give":
        return choose_people(request, chosen)
    if (page := _ask_several(request, chosen, said, back["Location"])) is not None:
        return page
    if said["action"] == "remove":
        done = services.remove_members(actor=request.user, member_ids=chosen)
        keep_removed(request, done.removed)
    else:
        done = services.change_members(
            actor=request.user, member_ids=chosen, role=said["action"], ends_on=said["until"]
        )
    _tell(request, done, removed=said["action"] == "remove")
    return back


def _ask_several(
    request: ConsoleRequest, chosen: list[int], said: dict[str, Any], back: str
) -> HttpResponse | None:
    count = len(chosen)
    is_removal = said["action"] == "remove"
    if is_removal:
        tried = access.what_if_removed(actor=request.user, member_ids=chosen)
        title = ngettext("Take {count} person out?", "Take {count} people out?", count)
        text = _("What was done stays, and for an hour you can take it back.")
    else:
        tried = access.what_if_changed(
            actor=request.user, member_ids=chosen, role=said["action"], ends_on=said["until"]
        )
        title = ngettext("Change what {count} person is?", "Change what {count} people are?", count)
        text = f"{role_word(said['action'])}."
    question = Question(
        title=title.format(count=count), text=text, back=back, effects=tried.effects,
        is_danger=is_removal, is_part=not tried.is_whole, refused=tried.result.refused,
    )  # fmt: skip
    return ask(request, question, more=[("member", packed(chosen))], without=("all", "member"))


def _chosen(request: ConsoleRequest, wanted: Filter) -> list[int]:
    if request.POST.get("all") == "1":
        found = selectors.people_of(request.organisation, wanted)
        return list(found.values_list("pk", flat=True))
    return unpacked(request.POST.getlist("member"))


def _tell(request: ConsoleRequest, done: services.Done, *, removed: bool) -> None:
    count = len(done.changed)
    if count and removed:
        said = ngettext("{count} person is out.", "{count} people are out.", count)
        messages.success(request, said.format(count=count))
    elif count:
        said = ngettext("{count} person is changed.", "{count} people are changed.", count)
        messages.success(request, said.format(count=count))
    for name, problem in done.refused[:20]:
        messages.warning(request, f"{name}{_(': ')}{say(problem)}")


@administrators_only
@require_POST
def restore(request: ConsoleRequest) -> HttpResponse:
    """Whoever was just taken out is back in, as he was."""
    removed = removed_lately(request)
    for one in removed:
        try:
            services.restore_member(actor=request.user, removed=one)
        except RegieError as error:
            messages.warning(request, say(error.sentence))
    forget_removed(request)
    if removed:
        messages.success(request, _("They are members again, as they were before."))
    return redirect("manager-people")


@administrators_only
@require_POST
def bring(request: ConsoleRequest) -> HttpResponse:
    """A list: who is a member becomes what it says, who is not is invited. It is tried first."""
    try:
        wanted, unread = _list_of(request)
        asked: dict[str, Any] = {
            "actor": request.user, "organisation": request.organisation, "people": wanted,
            "language": translation.get_language() or "fr", "address": address_of(request),
        }  # fmt: skip
        tried = access.what_if_brought(**asked)
        if (page := _ask_bringing(request, tried, unread)) is not None:
            return page
        answers = services.bring_people(**asked)
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
        return redirect("manager-people")
    return _listed(request, outcome=_outcome(answers, unread))


def _list_of(request: ConsoleRequest) -> tuple[list[services.Wanted], list[services.Refusal]]:
    """Of the file, or, once it was tried, of its lines as they were read."""
    if (kept := lines_kept(request.POST.get(LINES, ""))) is not None:
        return kept, []
    form = PeopleList(request.POST, request.FILES)
    if not form.is_valid():
        raise WrongUse(_("Choose a file first."))
    return services.read_people(form.cleaned_data["upload"])


def _ask_bringing(
    request: ConsoleRequest, tried: Trial[list[LineAnswer]], unread: list[services.Refusal]
) -> HttpResponse | None:
    outcome = _outcome(tried.result, [])
    counts = {
        ngettext("{count} person is invited, and gains nothing before accepting.",
                 "{count} people are invited, and gain nothing before accepting.",
                 outcome["invited"]): outcome["invited"],
        ngettext("{count} member changes.", "{count} members change.",
                 outcome["changed"]): outcome["changed"],
        ngettext("{count} line says what is so already.", "{count} lines say what is so already.",
                 outcome["unchanged"]): outcome["unchanged"],
    }  # fmt: skip
    line = _("Line {line}: {text}")
    question = Question(
        title=_("Bring this list of people?"),
        text=_("Members become what it says, the others are invited."),
        back=reverse("manager-people"), effects=tried.effects, is_part=not tried.is_whole,
        refused=[(line.format(line=number, text=text), problem)
                 for number, text, problem in outcome["refused"]],
        unread=[(line.format(line=one.line, text=one.text), one.problem) for one in unread],
        facts=[said.format(count=count) for said, count in counts.items() if count],
    )  # fmt: skip
    lines = lines_to_keep([one.wanted for one in tried.result])
    return ask(request, question, more=[(LINES, lines)], without=(LINES,))


def _outcome(answers: list[services.LineAnswer], unread: list[services.Refusal]) -> dict[str, Any]:
    refused = [(one.line, one.text, one.problem) for one in unread]
    refused += [(one.wanted.line, one.wanted.email, one.problem) for one in answers if one.problem]
    states = [one.state for one in answers]
    return {
        "invited": states.count("invited"),
        "changed": states.count("changed"),
        "unchanged": states.count("unchanged"),
        "refused": sorted(refused, key=lambda one: one[0]),
    }
