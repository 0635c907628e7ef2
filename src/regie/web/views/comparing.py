"""Two campaigns, or two ads, at equal budget."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from regie.kernel.errors import RegieError
from regie.web.report.comparing import answer, asked_for, choices, comparison, unless_asked
from regie.web.report.page import Choice
from regie.web.report.timeline import period_text
from regie.web.requests import ScopedRequest
from regie.web.views.report import ask_of, state_of


@login_required
@require_safe
def comparing(request: ScopedRequest) -> HttpResponse:
    state, asked = state_of(request), asked_for(request.GET)
    kept = parse_qsl(state.address(page=1).removeprefix("?"))
    words = {"campaign": _("Campaigns"), "ad": _("Ads")}
    context: dict[str, Any] = {
        "state": state,
        "period": period_text(state),
        "kept": kept,
        "report": state.address(),
        "asked": asked,
        "levels": [
            Choice(word, "?" + urlencode([*kept, ("level", level)]), level == asked.level)
            for level, word in words.items()
        ],
        "refusal": None,
    }
    try:
        found = answer(state, asked.level, ask_of(request))
    except RegieError as refusal:
        found = None
        context["refusal"] = refusal
    if found is not None:
        offered = choices(found, asked)
        asked = unless_asked(asked, offered)
        context |= {"asked": asked, "choices": offered}
        context["found"] = comparison(state, found, asked)
    return render(request, "report/comparing.html", context)
