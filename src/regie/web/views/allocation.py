"""The budget by channel: what each platform earned, and how the same total would be shared out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regie.apps.dashboards import selectors as dashboards
from regie.kernel.errors import RegieError
from regie.web.report import of_channels as page
from regie.web.report.periods import preset_period
from regie.web.report.state import ReportState
from regie.web.requests import ScopedRequest
from regie.web.views.report import state_of

USUAL = "last_90_days"
CAPS = {"10": Decimal("0.1"), "20": Decimal("0.2"), "30": Decimal("0.3")}
USUAL_CAP = "20"


@login_required
@require_safe
def channels(request: ScopedRequest) -> HttpResponse:
    state = _state(request)
    cap = request.GET.get("cap", USUAL_CAP)
    cap = cap if cap in CAPS else USUAL_CAP
    measure = request.GET.get("measure", "")
    measure = measure if measure in dashboards.MEASURES else ""
    context: dict[str, Any] = {
        "state": state, "cap": cap, "caps": page.caps(CAPS), "refusal": None, "found": None,
        "measures": page.measures(dashboards.MEASURES), "measure": measure,
    }  # fmt: skip
    try:
        found = dashboards.allocated(
            dashboards.asker(request.scope), period=state.period, currency=state.money,
            measure=measure, cap=CAPS[cap], calendar=state.calendar,
        )  # fmt: skip
        context |= {"found": page.laid_out(found, state), "measure": found.measure}
    except RegieError as refusal:
        context["refusal"] = refusal
    return render(request, "planner/channels.html", context)


def _state(request: ScopedRequest) -> ReportState:
    """Weeks are needed to tell what one more costs: three months, unless days are said."""
    state = state_of(request)
    if any(request.GET.get(name) for name in ("period", "from", "to")):
        return state
    return replace(state, preset=USUAL, period=preset_period(USUAL, state.today, state.calendar))
