"""The first minutes: found an organisation, bring a file, see one's own figures."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from regie.apps.access import services as access
from regie.apps.organisations import policies, services
from regie.apps.organisations.selectors import visible_organisations
from regie.kernel import clock
from regie.kernel.errors import RegieError
from regie.web.console.effects import rows_of
from regie.web.founding import FoundOrganisation
from regie.web.requests import ScopedRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: ScopedRequest) -> HttpResponse:
    form = FoundOrganisation(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        founded = services.found_organisation(
            actor=request.user,
            name=said["name"],
            kind=said["kind"],
            currency=said["currency"],
            time_zone=said["time_zone"],
        )
        request.session["organisation"] = founded.slug
        return redirect("imports")
    status = 400 if form.errors else 200
    return render(request, "start.html", {"form": form, **_beside(request)}, status=status)


def _beside(request: ScopedRequest) -> dict[str, Any]:
    """Who has an organisation already sees what another one changes there: nothing."""
    here = request.organisation
    if here is None or not visible_organisations():
        return {}
    try:
        tried = access.what_if_founded(
            actor=request.user, kind="brand", currency="EUR", time_zone="Europe/Paris"
        )
    except RegieError:  # it is said once the form is sent
        return {}
    knows_all = policies.administers(actor=request.user, organisation=here, now=clock.now())
    return {
        "compared": tried, "effects": rows_of(tried.effects), "is_administrator": knows_all,
    }  # fmt: skip
