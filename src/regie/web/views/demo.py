"""One click signs in as one of the demo's people; only where the demo is what is served."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from regie.apps.accounts.selectors import person_by_email
from regie.kernel.i18n import _
from regie.web.views.preferences import next_of


@dataclass(frozen=True)
class DemoPerson:
    """The web floor may not import the demo; a test holds the two lists together."""

    email: str
    name: str
    role: str


PEOPLE = (
    DemoPerson(
        "amelie@great-insurance.example", "Amélie", _("The franchisor: sees the whole network")
    ),
    DemoPerson(
        "bruno@great-insurance.example", "Bruno", _("The region Ouest: sees its own agencies")
    ),
    DemoPerson(
        "chloe@great-insurance.example", "Chloé", _("The agency of Nantes: sees her own money")
    ),
    DemoPerson("diane@atelier-diane.example", "Diane", _("Outside the network: sees none of it")),
)


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    asked = request.POST.get("person", "")
    if not settings.REGIE_DEMO or asked not in {one.email for one in PEOPLE}:
        raise Http404
    person = person_by_email(asked)
    if person is None:
        raise Http404
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    return redirect(next_of(request))
