"""“Where does this come from?”, asked of a planned value: a page of its own, or a panel."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regie.ui import figures
from regie.web.planner import aims, explained, page
from regie.web.planner.form import PlanForm
from regie.web.requests import ScopedRequest
from regie.web.views.planner import beside_context, found, own_figures


@login_required
@require_safe
def explain(request: ScopedRequest, plan_id: int) -> HttpResponse:
    card = found(request, plan_id)
    asked = explained.read(request.GET)
    if asked is None:
        raise Http404
    plan = card.plan
    context = beside_context(request, card)
    own = own_figures(card.organisation, plan.currency)
    answer = explained.lay_out(plan, asked, own, context["beside"])
    if answer is None:
        raise Http404
    context |= {
        "card": card,
        "explained": answer,
        "asked": asked,
        "facts": page.facts(plan),
        "served": aims.served(plan.objective),
        "days": figures.days(plan.period.start, plan.period.end) if plan.period else "",
    }
    return _shown(request, context)


@login_required
@require_safe
def explain_draft(request: ScopedRequest) -> HttpResponse:
    """Of a plan that is not saved: the address carries what was typed."""
    name = request.GET.get("figure", "cpa")
    if request.organisation is None or name not in explained.FIGURES:
        raise Http404
    form = PlanForm(request.GET, home_currency=request.organisation.currency, is_draft=True)
    if not form.is_valid():
        raise Http404
    asked, plan = explained.Asked(name), form.plan
    own = own_figures(request.organisation, plan.currency)
    context = {
        "explained": explained.lay_out(plan, asked, own),
        "asked": asked,
        "facts": page.facts(plan),
        "days": figures.days(plan.period.start, plan.period.end) if plan.period else "",
    }
    return _shown(request, context)


def _shown(request: ScopedRequest, context: dict[str, Any]) -> HttpResponse:
    is_panel = request.headers.get("HX-Request") == "true"
    return render(
        request, "planner/explanation.html" if is_panel else "planner/explain.html", context
    )
