"""Saved views of the report, and the link that opens one for whoever may see it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regie.apps.dashboards import selectors, services
from regie.kernel.errors import Forbidden, NotFound, WrongUse
from regie.ui.templatetags.ui import say
from regie.web.requests import ScopedRequest
from regie.web.views.report import state_of


@login_required
@require_POST
def save(request: ScopedRequest) -> HttpResponse:
    if request.organisation is None:
        raise PermissionDenied
    # Read and written again: what is kept is a state of the report, never any address.
    query = state_of(request).address().removeprefix("?")
    try:
        services.save_view(
            actor=request.user,
            organisation=request.organisation,
            name=request.POST.get("name", ""),
            query=query,
            is_shared="shared" in request.POST,
        )
    except WrongUse as error:
        messages.warning(request, say(error.sentence))
    else:
        messages.success(request, _("The view is saved, with a link of its own."))
    return redirect(reverse("report") + "?" + query)


@login_required
@require_safe
def opened(request: ScopedRequest, view_id: int) -> HttpResponse:
    """A view is of its organisation: whoever opens the link reads the same figures."""
    try:
        found = selectors.saved_view(view_id, actor=request.user)
    except NotFound as error:
        raise Http404 from error
    request.session["organisation"] = found.organisation_slug
    return redirect(reverse("report") + "?" + found.query)


@login_required
@require_POST
def remove(request: ScopedRequest, view_id: int) -> HttpResponse:
    try:
        services.remove_view(actor=request.user, view_id=view_id)
    except NotFound as error:
        raise Http404 from error
    except Forbidden as error:
        messages.warning(request, say(error.sentence))
    else:
        messages.success(request, _("The view is removed."))
    return redirect("report")
