"""Many links or codes at once from a list: one page that says what was made and what was not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render

from regie.kernel.errors import Forbidden, RegieError
from regie.ui.templatetags.ui import say
from regie.web.requests import ScopedRequest
from regie.web.tracking.forms import BulkForm


def bulk_page(
    request: ScopedRequest,
    template: str,
    columns: Sequence[str],
    make: Callable[[Path], Any],
    said: Callable[[int], str],
) -> HttpResponse:
    """``make`` takes the list and returns what it ``made``; ``said`` tells of how many."""
    form = BulkForm(request.POST or None, request.FILES or None)
    made = None
    if request.method == "POST" and form.is_valid():
        try:
            made = make(form.cleaned_data["table"])
        except Forbidden as error:
            raise PermissionDenied from error
        except RegieError as problem:
            form.add_error("table", f"{say(problem.sentence)} {say(problem.hint)}")
        else:
            messages.success(request, said(len(made.made)))
    context = {"form": form, "made": made, "columns": columns}
    return render(request, template, context, status=400 if form.errors else 200)
