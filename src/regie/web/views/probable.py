"""Probable links: lists of customers are brought, compared in the background, seen, forgotten."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regie.apps.identity import selectors, services
from regie.apps.identity.services import Loaded
from regie.apps.organisations.models import Organisation
from regie.kernel.errors import RegieError
from regie.ui import figures
from regie.ui.templatetags.ui import say
from regie.web.identity import words
from regie.web.identity.allowed import organisation_looked_at
from regie.web.identity.forms import CustomersForm
from regie.web.requests import ScopedRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def probable(request: ScopedRequest) -> HttpResponse:
    """What was found; a post says whether it counts in reports."""
    organisation = organisation_looked_at(request)
    if request.method != "POST":
        return _page(request, organisation, CustomersForm())
    on = request.POST.get("on") == "1"
    services.count_probable(actor=request.user, organisation=organisation, on=on)
    messages.success(
        request,
        _("Probable links count from now on: reports show a range.") if on
        else _("Sure links alone count from now on."),
    )  # fmt: skip
    return redirect("identity-probable")


@login_required
@require_POST
def bring(request: ScopedRequest) -> HttpResponse:
    """A file of customers; all customers are then compared."""
    organisation = organisation_looked_at(request)
    form, loaded = CustomersForm(request.POST, request.FILES), None
    if form.is_valid():
        try:
            loaded = services.load_customers(
                actor=request.user, organisation=organisation, path=form.cleaned_data["file"]
            )
            services.ask_comparison(actor=request.user, organisation=organisation)
        except RegieError as problem:
            form.take_back(problem)
    status = 400 if form.errors else 200
    return _page(request, organisation, form, loaded=loaded, status=status)


@login_required
@require_POST
def compare(request: ScopedRequest) -> HttpResponse:
    """The same customers once more."""
    organisation = organisation_looked_at(request)
    try:
        services.ask_comparison(actor=request.user, organisation=organisation)
    except RegieError as problem:
        messages.error(request, " ".join(filter(None, (say(problem.sentence), say(problem.hint)))))
    return redirect("identity-probable")


@login_required
@require_POST
def forget(request: ScopedRequest) -> HttpResponse:
    organisation = organisation_looked_at(request)
    if request.POST.get("sure") != "1":
        messages.error(request, _("Tick the box first: the lists would have to be brought again."))
        return redirect("identity-probable")
    services.forget_customers(actor=request.user, organisation=organisation)
    messages.success(request, _("Deleted: reports rest on sure links alone again."))
    return redirect("identity-probable")


@login_required
@require_safe
def progress(request: ScopedRequest) -> HttpResponse:
    """Asked again every two seconds; at the end the page is read anew, unless it says what became
    of a list: that is still being read."""
    found, stays = selectors.comparison(organisation_looked_at(request).pk), "stay" in request.GET
    answer = render(request, "identity/comparing.html", {"found": found, "loaded": stays})
    if found.asked_at is None and not stays:
        answer["HX-Refresh"] = "true"
    return answer


def _page(
    request: ScopedRequest, organisation: Organisation, form: CustomersForm, *,
    loaded: Loaded | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    found = selectors.comparison(organisation.pk)
    context: dict[str, Any] = {
        "found": found, "form": form, "loaded": loaded, "organisation_of": organisation,
        "precision": "–" if found.precision is None else words.likelihood(found.precision),
        "threshold": _percent(found.threshold),
        "links": [
            {
                "one": link.one, "one_text": selectors.written(link.one),
                "other_text": selectors.written(link.other), "is_apart": link.is_held_apart,
                "probability": words.likelihood(link.probability),
                "same": words.columns(link.same), "differs": words.columns(link.other_columns),
                "counts": link.probability >= found.threshold and not link.is_held_apart,
            }
            for link in selectors.least_likely(organisation.pk)
        ],
    }  # fmt: skip
    return render(request, "identity/probable.html", context, status=status)


def _percent(share: float) -> str:
    return figures.percent(Decimal(str(share)))
