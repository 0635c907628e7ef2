"""Acting for another organisation: one chooses it once and stays there."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST


@login_required
@require_POST
def switch_organisation(request: HttpRequest) -> HttpResponse:
    """Keep the choice in the session; the middleware checks that it is one's own."""
    request.session["organisation"] = request.POST.get("organisation", "")
    return redirect(next_of(request))


def next_of(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}):
        return asked
    return "/"
