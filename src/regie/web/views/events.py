"""Events: the list of what was noted, the form that notes one, and what is taken back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regie.apps.dashboards import selectors, services
from regie.apps.dashboards.selectors import EventCard
from regie.apps.organisations.models import Organisation
from regie.domain.annotations import Kind
from regie.kernel.errors import Forbidden, NotFound
from regie.ui.templatetags.ui import say
from regie.web.events.form import EventForm, typed
from regie.web.events.words import mark
from regie.web.requests import ScopedRequest
from regie.web.views.report import state_of


@login_required
@require_safe
def events(request: ScopedRequest) -> HttpResponse:
    here = _organisation(request)
    names = {one.pk: one.name for one in request.organisations}
    undoable = request.GET.get("undo", "")
    context = {
        "events": [mark(one, names, here) for one in selectors.events_of(here, _branch(request))],
        "has_branch": len(_branch(request)) > 1,
        "undoable": undoable if undoable.isdecimal() else "",
    }
    return render(request, "report/events.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ScopedRequest) -> HttpResponse:
    here = _organisation(request)
    usual = {
        "kind": Kind.ADVERTISING.value,
        "starts_on": state_of(request).today,
        "organisation": here.slug,
    }
    form = EventForm(request.POST or None, branch=_branch(request), initial=usual)
    if request.method == "POST" and form.is_valid():
        try:
            services.note_event(actor=request.user, organisation=form.whose, event=form.event)
        except Forbidden as error:
            raise PermissionDenied from error
        messages.success(request, _("The event is noted."))
        return redirect(_back(request))
    return _form(request, form, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: ScopedRequest, event_id: int) -> HttpResponse:
    card = _found(request, event_id)
    # It may belong to another branch than the one that is acted for.
    form = EventForm(
        request.POST or None, branch=request.organisations,
        initial=typed(card, request.organisations),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        services.change_event(
            actor=request.user, event_id=card.id, organisation=form.whose, event=form.event
        )
        messages.success(request, _("The event is changed."))
        return redirect(f"{reverse('report-events')}?undo={card.id}")
    return _form(request, form, card)


@login_required
@require_POST
def remove(request: ScopedRequest, event_id: int) -> HttpResponse:
    services.remove_event(actor=request.user, event_id=_found(request, event_id).id)
    messages.success(request, _("The event is removed."))
    return redirect(f"{reverse('report-events')}?undo={event_id}")


@login_required
@require_POST
def take_back(request: ScopedRequest, event_id: int) -> HttpResponse:
    services.take_event_back(actor=request.user, event_id=_found(request, event_id).id)
    messages.success(request, _("The event is as it was before."))
    return redirect("report-events")


def _form(request: ScopedRequest, form: EventForm, card: EventCard | None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "card": card, "back": _back(request)}
    return render(request, "report/event_form.html", context, status=400 if form.errors else 200)


def _back(request: ScopedRequest) -> str:
    """The report as it was when one left it: the address of the form carries its state along."""
    query = urlsplit(request.get_full_path()).query
    return reverse("report") + (f"?{query}" if query else "")


def _branch(request: ScopedRequest) -> list[Organisation]:
    path = _organisation(request).path
    return [one for one in request.organisations if one.path.startswith(path)]


def _organisation(request: ScopedRequest) -> Organisation:
    if request.organisation is None:
        raise PermissionDenied
    return request.organisation


def _found(request: ScopedRequest, event_id: int) -> EventCard:
    try:
        return selectors.event_card(event_id, request.organisations)
    except NotFound as error:
        raise Http404(say(error.sentence)) from error
