"""What persons ask: to be told, corrected, forgotten; and the policy that they agreed to."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regie.apps.identity import selectors, services
from regie.kernel.errors import Forbidden, NotFound, RegieError
from regie.ui.templatetags.ui import say
from regie.web.identity import words
from regie.web.identity.allowed import organisation_looked_at
from regie.web.identity.forms import PolicyForm, WhoForm
from regie.web.import_rows import actor_word
from regie.web.requests import ScopedRequest
from regie.web.spreadsheets import as_csv

OFTEN = 3  # tries after which whoever runs the server should look
TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def privacy(request: ScopedRequest) -> HttpResponse:
    """A request begins with what is held; from there it is told, corrected or erased."""
    organisation = organisation_looked_at(request)
    form = WhoForm(request.POST or None)
    held: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            found = services.tell_person(actor=request.user, organisation=organisation, **form.said)
        except RegieError as problem:
            form.take_back(problem)
        else:
            held = {"rows": _rows(dict(services.rows_in(found))), **form.said}
    return _page(request, form, held=held, status=400 if form.errors else 200)


@login_required
@require_POST
def told(request: ScopedRequest) -> HttpResponse:
    """All that is held of a person, as a file to give to him."""
    organisation, form = organisation_looked_at(request), WhoForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    held = services.tell_person(actor=request.user, organisation=organisation, **form.said)
    kind = "csv" if request.POST.get("as") == "csv" else "json"
    text = services.as_csv(held) if kind == "csv" else services.as_json(held)
    return HttpResponse(
        text,
        content_type=TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="person.{kind}"',
                 "Cache-Control": "no-store"},
    )  # fmt: skip


@login_required
@require_POST
def erase(request: ScopedRequest) -> HttpResponse:
    organisation, form = organisation_looked_at(request), WhoForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    if request.POST.get("sure") != "1":
        messages.error(request, _("Tick the box first: an erasure cannot be taken back."))
        return redirect("privacy")
    number = services.ask_erasure(actor=request.user, organisation=organisation, **form.said)
    return redirect("privacy-request", request_id=number)


@login_required
@require_POST
def correct(request: ScopedRequest) -> HttpResponse:
    organisation, form = organisation_looked_at(request), WhoForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        number = services.ask_correction(
            actor=request.user, organisation=organisation, wrong=form.said["text"],
            right=request.POST.get("right", ""), country=form.said["country"],
        )  # fmt: skip
    except RegieError as problem:
        messages.error(request, " ".join(filter(None, (say(problem.sentence), say(problem.hint)))))
        return redirect("privacy")
    return redirect("privacy-request", request_id=number)


@login_required
@require_safe
def asked(request: ScopedRequest, request_id: int) -> HttpResponse:
    """How far a request has come, and at its end the report."""
    return render(request, "privacy/request.html", _report(request, request_id))


@login_required
@require_safe
def progress(request: ScopedRequest, request_id: int) -> HttpResponse:
    """Asked again every second; the page is read anew at the end."""
    context = _report(request, request_id)
    answer = render(request, "privacy/progress.html", context)
    if context["asked"].done_at is not None:
        answer["HX-Refresh"] = "true"
    return answer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: ScopedRequest) -> HttpResponse:
    if request.organisation is None:
        raise PermissionDenied
    may = selectors.may_look(actor=request.user, organisation=request.organisation)
    form = PolicyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.publish_policy(
                actor=request.user, organisation=request.organisation, **form.cleaned_data
            )
        except Forbidden as error:
            raise PermissionDenied from error
        except RegieError as problem:
            form.take_back(problem)
        else:
            messages.success(request, _("The version is published."))
            return redirect("privacy-policy")
    versions = selectors.versions_of(request.organisation)
    context = {
        "form": form, "versions": versions, "may": may, "here": request.organisation.name
    }  # fmt: skip
    return render(request, "privacy/policy.html", context, status=400 if form.errors else 200)


@login_required
@require_safe
def answers_csv(request: ScopedRequest) -> HttpResponse:
    """The proof of consent: every yes and no, with the version that it was given to."""
    organisation = organisation_looked_at(request)
    rows = selectors.answers_of(actor=request.user, organisation=organisation)
    return as_csv("regie-consents", selectors.ANSWER_COLUMNS, rows)


def _page(
    request: ScopedRequest, form: WhoForm, *, held: Any = None, status: int = 200
) -> HttpResponse:
    ids = sorted(request.branch)
    rows = [
        {"asked": one, "word": _(words.ASKED[one.kind]), "by": actor_word(one.done_by)}
        for one in selectors.requests_of(ids)
    ]
    context = {"form": form, "held": held, "asked": rows}
    return render(request, "privacy/privacy.html", context, status=status)


def _report(request: ScopedRequest, request_id: int) -> dict[str, Any]:
    organisation_looked_at(request)
    try:
        found = selectors.request_of(sorted(request.scope.organisations), request_id)
    except NotFound as error:
        raise Http404(say(error.sentence)) from error
    return {
        "asked": found, "word": _(words.ASKED[found.kind]), "by": actor_word(found.done_by),
        "step": _(words.STEPS.get(found.step, words.WAITING)),
        "rows": _rows(dict(found.found)), "is_tried_often": found.tries > OFTEN,
        "left": [(words.place(one.where), one.where, one.count) for one in found.left
                 if not one.names],
    }  # fmt: skip


def _rows(found: dict[str, int]) -> list[tuple[str, int]]:
    """Places with their counts; two names of one place are one line."""
    added: dict[str, int] = {}
    for name, count in found.items():
        added[words.place(name)] = added.get(words.place(name), 0) + count
    return list(added.items())
