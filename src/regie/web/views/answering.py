"""An answer given on the page of an import: its kept file is read again, nothing is sent twice."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from regie.kernel.errors import RegieError
from regie.ui.templatetags.ui import say
from regie.web import uploads
from regie.web.answers import form_for
from regie.web.requests import ScopedRequest
from regie.web.views.imports import detail_context, found_or_404


@login_required
@require_POST
def answer(request: ScopedRequest, import_id: int) -> HttpResponse:
    found = found_or_404(import_id)
    form = form_for(found, request.POST)
    if form is None:
        return redirect("imports-detail", import_id=found.answered_by or import_id)
    if not form.is_valid():
        context = {**detail_context(found), "answer": form}
        return render(request, "imports/detail.html", context, status=400)
    try:
        again = uploads.take_again(actor=request.user, import_id=import_id, said=form.said)
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
        return redirect("imports-detail", import_id=import_id)
    return redirect("imports-detail", import_id=again)
