"""What holds for every request of somebody who acts for an organisation.

The day is noted on which he was here. Where a second factor is required from this day on and he
has none, he is led to set one up and sees nothing else of that organisation; another one, that
requires none, is still his to switch to.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from regie.apps.accounts.models import User
from regie.apps.organisations import policies, selectors
from regie.apps.organisations.models import Organisation

NOTED = "active_on"
# One's own account, the language, the switcher: what one needs to get out of the bottleneck.
OPEN = ("/accounts/", "/language/", "/organisation/", "/static/", "/invitation/", "/demo/")


class ArrivalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        here = getattr(request, "organisation", None)
        if isinstance(here, Organisation) and isinstance(request.user, User):
            today = selectors.today_in(here)
            _note_activity(request, here, today)
            due = policies.second_factor_due(actor=request.user, organisation=here)
            request.second_factor_due = due  # type: ignore[attr-defined]
            if due is not None and due <= today and not request.path.startswith(OPEN):
                return _lead(request)
        return self.get_response(request)


def _note_activity(request: HttpRequest, here: Organisation, today: date) -> None:
    key = f"{here.pk} {today}"
    if request.session.get(NOTED) == key:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT regie_note_activity(%s)", [here.pk])
    request.session[NOTED] = key


def _lead(request: HttpRequest) -> HttpResponse:
    address = reverse("mfa_index")
    if request.headers.get("HX-Request") == "true":
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = address
        return answer
    return redirect(address)
