"""Describing an unknown table: its columns, a preview of what they give, then the import."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from regie.apps.connections import services
from regie.apps.connections.selectors import ImportCard
from regie.ingestion.guessing import guess
from regie.kernel.errors import NotFound, RegieError
from regie.ui import figures
from regie.ui.platforms import PLATFORMS
from regie.ui.templatetags.ui import say
from regie.web import import_rows, uploads
from regie.web.mapping.form import DescribeTable
from regie.web.requests import ScopedRequest
from regie.web.views.imports import found_or_404

HEADER_LINES = 12


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mapping(request: ScopedRequest, import_id: int) -> HttpResponse:
    found = found_or_404(import_id)
    if "mapping" not in found.needs or found.answered_by:
        return redirect("imports-detail", import_id=found.answered_by or import_id)
    try:
        form = _form(request, found)
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
        return redirect("imports-detail", import_id=import_id)
    if request.method == "POST" and form.is_valid():
        again = _import(request, found, form)
        if again is not None:
            return redirect("imports-detail", import_id=again)
    context = {
        "row": found,
        "form": form,
        "look": form.table_seen,
        "header_lines": range(1, HEADER_LINES + 1),
        "platforms": [known.name for known in PLATFORMS.values()],
        **_preview_context(found, form),
    }
    return render(request, "imports/mapping.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def preview(request: ScopedRequest, import_id: int) -> HttpResponse:
    """What the columns as they are chosen now would give."""
    found = found_or_404(import_id)
    if "mapping" not in found.needs:
        raise Http404
    return render(
        request, "imports/mapping_preview.html", _preview_context(found, _form(request, found))
    )


@login_required
@require_POST
def forget(request: ScopedRequest, mapping_id: int) -> HttpResponse:
    try:
        name = services.forget_table(actor=request.user, mapping_id=mapping_id)
    except NotFound as error:
        raise Http404 from error
    messages.success(
        request, _("“{name}” is forgotten. What came in with it stays.").format(name=name)
    )
    return redirect("imports")


def _form(request: ScopedRequest, found: ImportCard) -> DescribeTable:
    asked = (request.POST.get("header_line") or request.GET.get("header_line", "")).strip()
    seen = services.look_at(found.id, header_line=int(asked) if asked.isdecimal() else 0)
    return DescribeTable(
        request.POST or None,
        table_seen=seen,
        guess=guess(seen),
        name=found.file_name.rsplit(".", 1)[0][:80],
        currency=request.organisation.currency if request.organisation else "",
    )


def _import(request: ScopedRequest, found: ImportCard, form: DescribeTable) -> int | None:
    description = form.description()
    try:
        services.remember_table(
            actor=request.user,
            organisation_id=found.organisation_id,
            name=description["name"],
            description=description,
        )
        said = {name: description[name] for name in ("account", "currency", "time_zone")}
        return uploads.take_again(
            actor=request.user,
            import_id=found.id,
            said={**{name: value for name, value in said.items() if value}, "mapping": description},
        )
    except RegieError as error:
        form.add_error(None, f"{say(error.sentence)} {say(error.hint)}")
        return None


def _preview_context(found: ImportCard, form: DescribeTable) -> dict[str, Any]:
    """Before anything is posted, the guess itself is previewed."""
    if not form.is_bound:
        data = {name: field.initial or form.initial.get(name, "")
                for name, field in form.fields.items()}  # fmt: skip
        form = DescribeTable(
            data, table_seen=form.table_seen, guess=guess(form.table_seen),
            name=data["name"], currency=data["currency"],
        )  # fmt: skip
    if not form.is_valid():
        wrong = [error for errors in form.errors.values() for error in errors]
        return {"wrong": wrong, "seen": None}
    try:
        seen = services.preview(found.id, form.description())
    except RegieError as error:
        return {"wrong": [f"{say(error.sentence)}"], "seen": None}
    days = figures.days(seen.first_day, seen.last_day) if seen.first_day and seen.last_day else ""
    return {"wrong": [], "seen": seen, "days": days, "totals": import_rows.totals_of(seen.totals)}
