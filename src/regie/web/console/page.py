"""What every page of the console shares: the organisation one acts for, and the sub-navigation."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from regie.apps.organisations import policies
from regie.apps.organisations.models import Organisation
from regie.kernel import clock
from regie.kernel.errors import Forbidden, NotFound
from regie.ui.server import address_of as address_of
from regie.ui.templatetags.ui import say
from regie.web.console.navigation import AREAS, area_of, page_of, tabs_of
from regie.web.requests import ScopedRequest

View = Callable[..., HttpResponse]


class ConsoleRequest(ScopedRequest):
    """A request of somebody who acts for an organisation."""

    organisation: Organisation
    is_administrator: bool


def console(view: View) -> View:
    """For whoever is signed in and has an organisation; refusals become the answers of the web."""

    @login_required
    @wraps(view)
    def guarded(request: ScopedRequest, *given: Any, **named: Any) -> HttpResponse:
        here = request.organisation
        if here is None:
            return redirect("start")
        request.is_administrator = policies.administers(  # type: ignore[attr-defined]
            actor=request.user, organisation=here, now=clock.now()
        )
        try:
            return view(request, *given, **named)
        except Forbidden as error:
            raise PermissionDenied(say(error.sentence)) from error
        except NotFound as error:
            raise Http404 from error

    return guarded


def administrators_only(view: View) -> View:
    """As ``console``, for administrators of the organisation one acts for."""

    @console
    @wraps(view)
    def guarded(request: ConsoleRequest, *given: Any, **named: Any) -> HttpResponse:
        if not request.is_administrator:
            raise PermissionDenied
        return view(request, *given, **named)

    return guarded


def show(
    request: ConsoleRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The page with its sub-navigation; ``template`` extends ``console/page.html``."""
    match = request.resolver_match
    shown = match.url_name if match and match.url_name else ""
    said = {"console_page": page_of(shown), **context}
    area = area_of(said["console_page"])
    shared = {
        "console_areas": AREAS,
        "console_area": area,
        "console_tabs": tabs_of(area),
        "is_administrator": request.is_administrator,
    }
    return render(request, template, {**shared, **said}, status=status)
