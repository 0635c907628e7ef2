"""Two campaigns at equal budget."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regie.kernel.errors import RegieError
from regie.web.report.comparing import asked_for, campaigns, choices, comparison
from regie.web.report.timeline import period_text
from regie.web.requests import ScopedRequest
from regie.web.views.report import ask_of, state_of


@login_required
@require_safe
def comparing(request: ScopedRequest) -> HttpResponse:
    state = state_of(request)
    first, second = asked_for(request.GET)
    context = {
        "state": state,
        "period": period_text(state),
        "kept": parse_qsl(state.address(page=1).removeprefix("?")),
        "report": state.address(),
        "first": first,
        "second": second,
        "refusal": None,
    }
    try:
        answer = campaigns(state, ask_of(request))
    except RegieError as refusal:
        answer = None
        context["refusal"] = refusal
    if answer is not None:
        context["choices"] = choices(answer)
        context["found"] = comparison(state, answer, first, second)
    return render(request, "report/comparing.html", context)
