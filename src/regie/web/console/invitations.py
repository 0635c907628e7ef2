"""Invite people to the organisation one acts for, and see what became of each invitation."""

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
from django.views.decorators.http import require_http_methods, require_POST

from regie.apps.organisations import selectors, services
from regie.apps.organisations.models import Role
from regie.apps.organisations.selectors import InvitationCard, InvitationFilter
from regie.apps.organisations.services import Wanted
from regie.kernel.errors import Refused, RegieError
from regie.ui.templatetags.ui import say
from regie.web.console.forms import Domains, FindInvitations, FirstDomains, Invite
from regie.web.console.page import ConsoleRequest, address_of, administrators_only, show
from regie.web.console.words import INVITATION_STATES, mail_word, role_word

LISTED = 50


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: ConsoleRequest) -> HttpResponse:
    form = Invite(request.POST or None, initial=_initial(request))
    answers: list[services.Answer] = []
    if request.method == "POST" and form.is_valid() and _keep_domains(request, form):
        answers = _invite(request, form)
        if answers and not any(one.problem for one in answers):
            return redirect("manager-invitations")
    refused = [one for one in answers if one.problem]
    context = {**_context(request), "form": form, "refused": refused}
    status = 400 if request.method == "POST" else 200
    return show(request, "console/invitations.html", context, status=status)


def _initial(request: ConsoleRequest) -> dict[str, str]:
    """The set-up says which role it asks for: administrators first."""
    given = {"language": (translation.get_language() or "fr")[:2]}
    role = request.GET.get("role", "")
    return given | ({"role": role} if role in Role.values else {})


def _keep_domains(request: ConsoleRequest, form: Invite) -> bool:
    """The first invitation says in place what an address at work looks like."""
    here, said = request.organisation, FirstDomains(request.POST)
    if selectors.email_domains(here):
        return True
    if not said.is_valid():
        return False
    try:
        services.set_email_domains(
            actor=request.user, organisation=here, entries=said.cleaned_data["entries"]
        )
    except RegieError as error:
        form.add_error(None, f"{say(error.sentence)} {say(error.hint)}")
    return not form.errors


def _invite(request: ConsoleRequest, form: Invite) -> list[services.Answer]:
    said = form.cleaned_data
    wanted = [
        Wanted(email, said["role"], said["ends_on"], line)
        for line, email in enumerate(said["emails"], start=1)
    ]
    try:
        answers = services.invite(
            actor=request.user,
            organisation=request.organisation,
            people=wanted,
            language=said["language"],
            address=address_of(request),
        )
    except RegieError as error:
        form.add_error(None, f"{say(error.sentence)} {say(error.hint)}")
        return []
    sent = sum(1 for one in answers if one.problem is None)
    if sent:
        told = ngettext(
            "{count} invitation is on its way.", "{count} invitations are on their way.", sent
        )
        messages.success(request, told.format(count=sent))
    return answers


def _wanted(request: ConsoleRequest) -> InvitationFilter:
    said = FindInvitations(request.GET or request.POST)
    return said.wanted if said.is_valid() else InvitationFilter()


def _back(request: ConsoleRequest) -> HttpResponse:
    """Where one stood in the list."""
    said = {**vars(_wanted(request)), "page": request.POST.get("page", "")}
    query = urlencode({name: value for name, value in said.items() if value})
    return redirect(f"{reverse('manager-invitations')}{'?' if query else ''}{query}")


def _context(request: ConsoleRequest) -> dict[str, Any]:
    here, wanted = request.organisation, _wanted(request)
    page = Paginator(selectors.invitations_of(here, wanted), LISTED).get_page(
        request.GET.get("page")
    )
    known = selectors.email_domains(here)
    entries = here.email_domains or ([] if known else [services.proposed_domain(request.user)])
    initial = {"entries": "\n".join(entries)}
    written = request.POST if request.method == "POST" else None
    return {
        "known": known,
        "domains": Domains(initial=initial) if known else FirstDomains(written, initial=initial),
        "inherited": [one for one in known if one not in here.email_domains],
        "find": FindInvitations(initial=vars(wanted)),
        "wanted": vars(wanted),
        "is_filtered": wanted != InvitationFilter(),
        "query": urlencode({name: value for name, value in vars(wanted).items() if value}),
        "page": page,
        "rows": [_row(one) for one in selectors.invitation_cards(page)],
    }


def _row(card: InvitationCard) -> dict[str, Any]:
    return {
        "card": card,
        "role": role_word(card.role),
        "state": INVITATION_STATES[card.state],
        "mail": mail_word(card.mail) if card.state in {"pending", "expired"} else None,
        "is_open": card.state in {"pending", "expired"},
    }


@administrators_only
@require_POST
def resend(request: ConsoleRequest, invitation_id: int) -> HttpResponse:
    try:
        sent = services.resend_invitation(
            actor=request.user, invitation_id=invitation_id, address=address_of(request)
        )
    except Refused as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
        return _back(request)
    messages.success(
        request,
        _("A new letter goes to {email}; the link of the former one is dead.").format(
            email=sent.email
        ),
    )
    return _back(request)


@administrators_only
@require_POST
def withdraw(request: ConsoleRequest, invitation_id: int) -> HttpResponse:
    gone = services.withdraw_invitation(actor=request.user, invitation_id=invitation_id)
    messages.success(request, _("The invitation of {email} is withdrawn.").format(email=gone.email))
    return _back(request)


@administrators_only
@require_POST
def domains(request: ConsoleRequest) -> HttpResponse:
    form = Domains(request.POST)
    try:
        form.is_valid()
        services.set_email_domains(
            actor=request.user,
            organisation=request.organisation,
            entries=form.cleaned_data.get("entries", []),
        )
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
    else:
        messages.success(request, _("The domains are kept."))
    return redirect("manager-invitations")
