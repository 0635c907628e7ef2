"""Requests in the console: ask by hand or by a list, answer, and the file for owners elsewhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, get_language_info, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regie.apps.assets import selectors as assets
from regie.apps.notifications.selectors import MailCard
from regie.apps.requests import selectors, services
from regie.domain.permissions.catalog import family
from regie.kernel.errors import Forbidden, NotFound, Refused, RegieError
from regie.ui.csv_answers import csv_answer
from regie.ui.platforms import platform
from regie.ui.templatetags.ui import say
from regie.web.console import sure
from regie.web.console.page import ConsoleRequest, administrators_only, console, show
from regie.web.console.words import mail_word
from regie.web.list_field import ListField

STATES = {
    "pending": _("Pending"),
    "accepted": _("Accepted"),
    "declined": _("Declined"),
    "withdrawn": _("Withdrawn"),
}


def _platforms() -> list[tuple[str, str]]:
    return [
        (form.platform, f"{platform(form.platform).name} · {gettext(kind.label)}")
        for kind in assets.kinds().values()
        for form in kind.ids
    ]


def _roles() -> list[tuple[str, str | list[tuple[str, str]]]]:
    """By the kind of what is asked for, as each kind has roles of its own."""
    return [
        ("", gettext("Choose a role")),
        *(
            (
                gettext(kind.label),
                [(one.code, gettext(one.label)) for one in family(kind.family).roles],
            )
            for kind in assets.kinds().values()
        ),
    ]


class AskForm(forms.Form):
    platform = forms.ChoiceField(label=_("Platform"), choices=_platforms)
    account = forms.CharField(label=_("ID of the account or page"), max_length=200)
    role = forms.ChoiceField(label=_("Wanted role"), choices=_roles)
    email = forms.EmailField(
        label=_("E-mail of the person responsible"),
        required=False,
        help_text=_("Who answers where the owner has no Régie."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class ListForm(forms.Form):
    platform = forms.ChoiceField(label=_("Platform"), choices=_platforms)
    file = ListField(
        label=_("List (CSV or Excel)"),
        help_text=_("Columns: account, role, and if you like email, reason."),
    )


class AnswersForm(forms.Form):
    file = ListField(label=_("List that came back (CSV or Excel)"))


@console
@require_safe
def requests(request: ConsoleRequest) -> HttpResponse:
    return _page(request)


@administrators_only
@require_POST
def ask(request: ConsoleRequest) -> HttpResponse:
    form = AskForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            wanted = services.asked_by_hand(**said)
            services.ask(actor=request.user, organisation=request.organisation, wanted=wanted)
        except (Forbidden, NotFound):
            raise
        except RegieError as error:
            form.add_error(None, f"{say(error.sentence)} {say(error.hint)}".strip())
        else:
            messages.success(request, gettext("The request is made: it waits for its owner."))
            return redirect("manager-requests")
    return _page(request, ask_form=form, status=400)


@administrators_only
@require_POST
def bring(request: ConsoleRequest) -> HttpResponse:
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, list_form=form, status=400)
    try:
        brought = services.bring_requests(
            actor=request.user, organisation=request.organisation, path=form.cleaned_data["file"],
            platform=form.cleaned_data["platform"],
        )  # fmt: skip
    except (Forbidden, NotFound):
        raise
    except RegieError as error:
        form.add_error("file", f"{say(error.sentence)} {say(error.hint)}".strip())
        return _page(request, list_form=form, status=400)
    return _page(request, brought=brought)


@administrators_only
@require_safe
def to_owners(request: ConsoleRequest) -> HttpResponse:
    text = services.file_for_owners(
        actor=request.user, organisation=request.organisation, responsible=request.GET.get("to"),
        language=_language(),
    )  # fmt: skip
    return csv_answer("access-requests", text)


@administrators_only
@require_POST
def send(request: ConsoleRequest) -> HttpResponse:
    """The list of one who is responsible goes to him by mail."""
    to = request.POST.get("to", "")
    try:
        services.send_list(
            actor=request.user, organisation=request.organisation, responsible=to,
            language=request.POST.get("language", _language()),
        )  # fmt: skip
    except (Forbidden, NotFound):
        raise
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}".strip())
    else:
        told = gettext("The list is on its way to {email}; his answer comes to {own}.")
        messages.success(request, told.format(email=to, own=request.user.email))
    return redirect("manager-requests")


@administrators_only
@require_POST
def answers(request: ConsoleRequest) -> HttpResponse:
    form = AnswersForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, answers_form=form, status=400)
    try:
        brought = services.bring_answers(
            actor=request.user,
            organisation=request.organisation,
            path=form.cleaned_data["file"],
        )
    except (Forbidden, NotFound):
        raise
    except RegieError as error:
        form.add_error("file", f"{say(error.sentence)} {say(error.hint)}".strip())
        return _page(request, answers_form=form, status=400)
    return _page(request, brought=brought)


@console
@require_http_methods(["POST"])
def decide(request: ConsoleRequest, request_id: int) -> HttpResponse:
    """``decision`` is accept, decline or withdraw."""
    decision = request.POST.get("decision", "")
    if decision == "withdraw":
        services.withdraw_request(actor=request.user, request_id=request_id)
    elif decision == "accept":
        return _accept(request, request_id)
    else:
        services.decline_request(actor=request.user, request_id=request_id)
    return redirect("manager-requests")


def _accept(request: ConsoleRequest, request_id: int) -> HttpResponse:
    """First who would gain what, then, asked again, the answer."""
    try:
        if (page := _ask_to_accept(request, request_id)) is not None:
            return page
        outcome = services.accept_request(actor=request.user, request_id=request_id)
    except Refused as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}".strip())
        return redirect("manager-requests")
    if outcome is services.Outcome.SHARED:
        messages.success(request, gettext("The account is shared at the asked role."))
    else:
        messages.info(
            request, gettext("A partnership was proposed: once it is agreed, accept this again.")
        )
    return redirect("manager-requests")


def _ask_to_accept(request: ConsoleRequest, request_id: int) -> HttpResponse | None:
    outcome, effects = services.what_if_accepted(actor=request.user, request_id=request_id)
    if outcome is services.Outcome.SHARED:
        text = gettext(
            "Whoever asked may do this at once, and may let their own people do it. You can lower "
            "it or stop sharing at any time."
        )
    else:
        text = gettext(
            "There is no partnership with them yet: one is proposed, and nothing is shared before "
            "both sides agreed to it."
        )
    question = sure.Question(
        title=gettext("Accept this request?"), text=text, back=reverse("manager-requests"),
        effects=effects,
    )  # fmt: skip
    return sure.ask(request, question)


def _page(request: ConsoleRequest, *, status: int = 200, **given: Any) -> HttpResponse:
    here = request.organisation
    context: dict[str, Any] = {
        "mine": [(one, *_said(one)) for one in selectors.asked_by(here)],
        "waiting": [(one, *_said(one)) for one in selectors.waiting_for_me(here)],
        "responsible": _responsible(request),
        "languages": [
            (one, get_language_info(one)["name_local"].capitalize()) for one in services.LANGUAGES
        ],
        "language": _language(),
        "ask_form": AskForm(
            initial={name: request.GET.get(name, "") for name in ("platform", "account")}
        ),
        "list_form": ListForm(),
        "answers_form": AnswersForm(),
    }
    return show(request, "console/requests.html", {**context, **given}, status=status)


def _responsible(request: ConsoleRequest) -> list[tuple[str, int, MailCard | None, Any]]:
    """Each address, how many requests it answers for, and the last list that went to it."""
    sent = selectors.lists_sent(request.organisation) if request.is_administrator else {}
    return [
        (address, number, sent.get(address), mail_word(sent.get(address)))
        for address, number in selectors.responsible_for(request.organisation)
    ]


def _language() -> str:
    return (get_language() or "fr")[:2]


def _said(one: Any) -> tuple[Any, str, str, bool]:
    """The platform, the role and the state in words; whether it expired."""
    role = next(
        (gettext(role.label) for role in services.roles_of(one.platform) if role.code == one.role),
        one.role,
    )
    return platform(one.platform), role, str(STATES[one.state]), selectors.is_expired(one)
