"""What the palette asks for when it opens: one's own commands, as a part of a page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regie.web import commands
from regie.web.requests import ScopedRequest


@login_required
@require_safe
def own(request: ScopedRequest) -> HttpResponse:
    headings = commands.own(request.user, request.organisation)
    return render(request, "parts/commands.html", {"headings": headings})
