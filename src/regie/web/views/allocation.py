"""The budget by channel or by campaign: what each earned, how the same total would be shared out,
and which budget could go beyond it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regie.apps.dashboards import selectors as dashboards
from regie.domain.planning import fields
from regie.domain.planning.ceilings import WHOLE
from regie.kernel.errors import RegieError
from regie.kernel.periods import Period
from regie.ui.templatetags.ui import say
from regie.web.planner import words
from regie.web.report import beyond_explained, channel_explained
from regie.web.report import of_channels as page
from regie.web.report.periods import preset_period
from regie.web.report.spender_words import words_of
from regie.web.report.state import ReportState
from regie.web.requests import ScopedRequest
from regie.web.views.report import state_of

USUAL = "last_90_days"
CAPS = {"10": Decimal("0.1"), "20": Decimal("0.2"), "30": Decimal("0.3")}
USUAL_CAP = "20"
USUAL_BY = "platform"
HALF_A_YEAR = 182  # days, 26 weeks
LONGEST = 40  # of what was typed, shown again


@login_required
@require_safe
def channels(request: ScopedRequest) -> HttpResponse:
    state, cap, measure = _state(request), _cap(request), _measure(request)
    by, by_problem = _by(request)
    typed = request.GET.get("margin", "").strip()[:LONGEST]
    context: dict[str, Any] = {
        "margin": typed or words.typed("margin", WHOLE), "margin_problem": _margin(request)[1],
        "state": state, "cap": cap, "caps": page.caps(CAPS), "refusal": None, "found": None,
        "by": by, "bys": page.bys(request.GET, by), "by_problem": by_problem, "says": words_of(by),
        "measures": page.measures(dashboards.MEASURES), "measure": measure,
    }  # fmt: skip
    try:
        found = _found(request, state)
        context |= {"found": page.laid_out(found, state), "measure": found.measure}
        said = _said(request, state, found)
        context |= {"said": urlencode(said), "by_orders": urlencode(said | {"measure": "orders"})}
        context["longer"] = urlencode(said | _longer(found.period)) if _longer(found.period) else ""
    except RegieError as refusal:
        context["refusal"] = refusal
    return render(request, "planner/channels.html", context)


@login_required
@require_safe
def explain(request: ScopedRequest) -> HttpResponse:
    """Where a figure of that page comes from: a page of its own, or a panel."""
    state = _state(request)
    try:
        found = _found(request, state)
    except RegieError as refusal:
        raise Http404 from refusal
    figure, channel = request.GET.get("figure", ""), request.GET.get("channel", "")
    shown, said = page.laid_out(found, state, channel), _said(request, state, found)
    answer = channel_explained.explained(found, shown, figure, channel, said)
    rests_on = shown.rests_on
    if answer is None:
        answer = beyond_explained.explained(found, shown.beyond, figure, channel, said)
        rests_on = [*shown.beyond.rests_on, *shown.figures_rest_on]
    if answer is None:
        raise Http404
    is_panel = request.headers.get("HX-Request") == "true"
    return render(
        request,
        "planner/channel_said.html" if is_panel else "planner/channel.html",
        {
            "explained": answer,
            "days": shown.days,
            "rests_on": rests_on,
            "said": urlencode(said),
            "says": shown.words,
        },
    )


def _found(request: ScopedRequest, state: ReportState) -> dashboards.Allocated:
    return dashboards.allocated(
        dashboards.asker(request.scope), period=state.period, currency=state.money,
        by=_by(request)[0], measure=_measure(request), cap=CAPS[_cap(request)],
        margin=_margin(request)[0], calendar=state.calendar,
    )  # fmt: skip


def _said(
    request: ScopedRequest, state: ReportState, found: dashboards.Allocated
) -> dict[str, str]:
    """The days and choices of the page, as an address says them."""
    money = {"currency": state.currency} if state.currency else {}
    days = {"from": str(found.period.start), "to": str(found.period.end)}
    margin = {} if found.margin == WHOLE else {"margin": words.typed("margin", found.margin)}
    by = {"by": found.by} if found.by != USUAL_BY else {}
    return days | by | {"measure": found.measure, "cap": _cap(request)} | margin | money


def _longer(period: Period) -> dict[str, str]:
    """Half a year up to the same day, whose weeks tell more; nothing where it is as long."""
    if period.days >= HALF_A_YEAR:
        return {}
    return {"from": str(period.end - timedelta(HALF_A_YEAR - 1))}


def _margin(request: ScopedRequest) -> tuple[Decimal, str]:
    """The share of revenue that is kept; of what is none, all of it, and what to type instead."""
    text = request.GET.get("margin", "")
    if not text.strip():
        return WHOLE, ""
    try:
        return fields.read("margin", text, decimal_mark=words.decimal_mark()), ""
    except RegieError as error:
        return WHOLE, f"{say(error.sentence)} {say(error.hint)}"


def _by(request: ScopedRequest) -> tuple[str, RegieError | None]:
    """What budgets are of; of what they are not, the usual, and what to choose instead."""
    by = request.GET.get("by") or USUAL_BY
    try:
        dashboards.check_by(by[:LONGEST])
    except RegieError as problem:
        return USUAL_BY, problem
    return by, None


def _cap(request: ScopedRequest) -> str:
    cap = request.GET.get("cap", USUAL_CAP)
    return cap if cap in CAPS else USUAL_CAP


def _measure(request: ScopedRequest) -> str:
    measure = request.GET.get("measure", "")
    return measure if measure in dashboards.MEASURES else ""


def _state(request: ScopedRequest) -> ReportState:
    """Weeks are needed to tell what one more costs: three months, unless days are said."""
    state = state_of(request)
    if any(request.GET.get(name) for name in ("period", "from", "to")):
        return state
    return replace(state, preset=USUAL, period=preset_period(USUAL, state.today, state.calendar))
