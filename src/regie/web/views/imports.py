"""Files that came in: bring some, see what became of each line, take one back."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regie.apps.assets import selectors as assets
from regie.apps.connections import selectors, services
from regie.apps.connections.selectors import ImportCard
from regie.apps.tracking import services as tracking
from regie.kernel.errors import NotFound, RegieError
from regie.ui.templatetags.ui import say
from regie.web import import_rows, uploads
from regie.web.answers import asked, form_for
from regie.web.forms import BringFiles
from regie.web.guides import guides
from regie.web.mapping.words import described_tables
from regie.web.requests import ScopedRequest
from regie.web.time_left import advance

SHOWN_LINES = 200
LISTED = 50
NEW_FOR = timedelta(hours=1)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: ScopedRequest) -> HttpResponse:
    form = BringFiles(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _receive(request, form):
        return redirect(f"{reverse('imports')}#imports-list")  # what becomes of them is there
    here = request.organisation
    context = {
        **_list_context(request),
        "form": form,
        "guides": guides(),
        "step": _step(request),
        "tables": described_tables(here.pk) if here else [],
    }
    return render(request, "imports/imports.html", context, status=400 if form.errors else 200)


def _receive(request: ScopedRequest, form: BringFiles) -> bool:
    if request.organisation is None:
        raise PermissionDenied
    try:
        uploads.take(
            actor=request.user,
            organisation=request.organisation,
            files=form.cleaned_data["upload"],
            options=form.options,
        )
    except RegieError as error:
        form.add_error(None, f"{say(error.sentence)} {say(error.hint)}")
        return False
    return True


@login_required
@require_safe
def progress(request: ScopedRequest) -> HttpResponse:
    """The list alone, asked again every second while something runs."""
    context = _list_context(request)
    answer = render(request, "imports/list.html", context)
    if not context["is_running"] and _step(request) is not None:
        answer["HX-Refresh"] = "true"  # the first file is in: the way to its figures is shown
    return answer


@login_required
@require_safe
def detail(request: ScopedRequest, import_id: int) -> HttpResponse:
    return render(request, "imports/detail.html", detail_context(found_or_404(import_id)))


@login_required
@require_safe
def detail_progress(request: ScopedRequest, import_id: int) -> HttpResponse:
    """How far it has come, asked again every second; the page is read anew at the end."""
    found = found_or_404(import_id)
    speed = selectors.bytes_per_second([found.organisation_id])
    answer = render(request, "imports/progress.html", _decorated(found, speed))
    if found.state != "running":
        answer["HX-Refresh"] = "true"
    return answer


@login_required
@require_safe
def refused(request: ScopedRequest, import_id: int) -> FileResponse:
    found = found_or_404(import_id)
    name, text = selectors.refused_csv(found.id)
    return FileResponse(
        io.BytesIO(text.encode("utf-8-sig")),
        as_attachment=True,
        filename=name,
        content_type="text/csv; charset=utf-8",
    )


@login_required
@require_POST
def undo(request: ScopedRequest, import_id: int) -> HttpResponse:
    found = found_or_404(import_id)
    try:
        services.undo_import(actor=request.user, import_id=found.id)
        tracking.settle_files()
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
    else:
        messages.success(request, _("The import of {file} is undone.").format(file=found.file_name))
    return redirect("imports-detail", import_id=import_id)


def _step(request: ScopedRequest) -> int | None:
    """Which of the first steps comes next, until the first figures have been there a while."""
    first = selectors.first_published_at(sorted(request.branch))
    if first is None:
        return 3
    return 4 if timezone.now() - first < NEW_FOR else None


@login_required
@require_POST
def stop(request: ScopedRequest, import_id: int) -> HttpResponse:
    found = found_or_404(import_id)
    try:
        services.ask_to_stop(actor=request.user, import_id=found.id)
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
    return redirect("imports-detail", import_id=import_id)


def _list_context(request: ScopedRequest) -> dict[str, Any]:
    """The imports of the branch one acts for, newest first, a page at a time."""
    before = request.GET.get("before", "")
    found = selectors.imports_of(
        sorted(request.branch),
        limit=LISTED + 1,
        before=int(before) if before.isdecimal() else None,
    )
    shown = found[:LISTED]
    is_running = any(one.state == "running" for one in shown)
    speed = selectors.bytes_per_second(sorted(request.branch)) if is_running else None
    return {
        "imports": [_decorated(one, speed) for one in shown],
        "is_running": is_running,
        "has_figures": any(one.state == "published" for one in shown),
        "has_branch": len(request.branch) > 1,
        "older": shown[-1].id if len(found) > LISTED else None,
        "before": before,
    }


def _decorated(found: ImportCard, speed: float | None = None) -> dict[str, Any]:
    asks = found.state == "refused" and ("mapping" in found.needs or bool(asked(found)))
    state = "asks" if asks else found.state
    return {
        "row": found,
        "state": import_rows.state_word(state),
        "tone": import_rows.state_tone(state),
        "platform": import_rows.shown_platform(found.platform),
        "is_running": found.state == "running",
        "actor": import_rows.actor_word(found.actor),
        "advance": advance(found, speed),
    }


def found_or_404(import_id: int) -> ImportCard:
    try:
        return selectors.import_detail(import_id)
    except NotFound as error:
        raise Http404 from error


def detail_context(found: ImportCard) -> dict[str, Any]:
    return {
        **_decorated(found),
        "badge": _decorated(found),
        "windows": import_rows.windows_of(found.windows),
        "totals": import_rows.totals_of(found.totals),
        "counts": import_rows.counts_of(found.counts),
        "refused": found.refused[:SHOWN_LINES],
        "hidden_lines": max(0, found.rows_refused - SHOWN_LINES),
        "answer": form_for(found),
        "answered_by": found.answered_by,
        "withdrawn": ", ".join(one.label for one in assets.cards(found.withdrawn)),
    }
