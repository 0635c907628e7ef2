"""Where one chooses what the report is narrowed to: a page of its own, or a panel over it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regie.web.report.filters import groups
from regie.web.requests import ScopedRequest
from regie.web.views.report import ask_of, state_of


@login_required
@require_safe
def filters(request: ScopedRequest) -> HttpResponse:
    state = state_of(request)
    organisations = {one.slug: one.name for one in request.organisations}
    bare = replace(state, filters=(), page=1).address()
    context = {
        "kinds": groups(state, ask_of(request), organisations),
        "kept": parse_qsl(bare.removeprefix("?")),
        "bare": bare,
        "report": state.address(),
    }
    is_panel = request.headers.get("HX-Request") == "true"
    return render(request, "report/filters.html" if is_panel else "report/filter.html", context)
