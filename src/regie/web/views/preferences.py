"""The organisation one acts for and the language one reads: chosen once, then kept."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import LANGUAGE_QUERY_PARAMETER, set_language

from regie.apps.accounts import services
from regie.apps.accounts.models import User


@login_required
@require_POST
def switch_organisation(request: HttpRequest) -> HttpResponse:
    """Keep the choice in the session; the middleware checks that it is one's own."""
    request.session["organisation"] = request.POST.get("organisation", "")
    return redirect(next_of(request))


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """In a cookie for this browser, and with the account of whoever is signed in."""
    language = request.POST.get(LANGUAGE_QUERY_PARAMETER, "")
    if isinstance(request.user, User) and translation.check_for_language(language):
        services.keep_language(actor=request.user, language=language)
    return set_language(request)


def next_of(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    is_path = asked.startswith("/")  # else a word of it could be taken for the name of a page
    if is_path and url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}):
        return asked
    return "/"
