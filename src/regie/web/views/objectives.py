"""Objectives: what is aimed at, where each stands, and the form that sets one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regie.apps.budgets import selectors as budgets
from regie.apps.budgets.selectors import PlanCard
from regie.apps.dashboards import selectors, services
from regie.apps.dashboards.selectors import ObjectiveCard
from regie.apps.organisations.models import Organisation
from regie.domain.markets import SHARES
from regie.domain.metrics.catalog import metrics
from regie.domain.objectives import Direction, Kind, Level
from regie.kernel import clock
from regie.kernel.errors import Forbidden, NotFound, RegieError
from regie.kernel.fiscal import PLAIN, Calendar
from regie.kernel.periods import Period
from regie.ui.templatetags.ui import say
from regie.web.objectives import market_words
from regie.web.objectives.explained import Of, address, why_of
from regie.web.objectives.form import ObjectiveForm, texts_of
from regie.web.objectives.tree import branches, contradictions, enumerate_branch
from regie.web.objectives.words import listed
from regie.web.planner.aims import can_be_planned
from regie.web.report import of_objective
from regie.web.report.page import Choice
from regie.web.requests import ScopedRequest
from regie.web.views.report import ask_of


@login_required
@require_safe
def objectives(request: ScopedRequest) -> HttpResponse:
    found = selectors.objectives_of(request.organisation) if request.organisation else []
    ask, today, calendar = ask_of(request), _today(request), _calendar(request)
    markets = selectors.markets_of(request.organisation) if request.organisation else []
    sizes = [one.size for one in markets]
    stands = {one.id: selectors.stand(one.objective, ask, today, calendar, sizes) for one in found}
    plans = _plans(request)
    home = request.organisation.currency if request.organisation else "EUR"

    def row(one: ObjectiveCard, depth: int = 0) -> Mapping[str, Any]:
        why = of_objective.addresses(one.objective, today=today, home=home, calendar=calendar)
        asks = {of.value: address(one.id, of) for of in (Of.TARGET, Of.DUE, Of.STATUS)}
        return listed(one, stands[one.id], why_of(one, why), asks, depth) | {
            "plans": plans.get(one.id, ()),
            "can_be_planned": can_be_planned(one.objective)
            and stands[one.id].target is not None
            and one.objective.period.end >= today,
        }

    tree = branches(found)
    context = {
        "business": [row(one, depth) for top in tree.tops for depth, one in enumerate_branch(top)],
        "operational": [row(one) for one in tree.alone],
        "contradictions": contradictions(tree, stands),
        "undoable": _number(request, "undo"),
        "markets": [market_words.listed(one) for one in markets],
        "market_undoable": _number(request, "market"),
    }
    return render(request, "objectives/objectives.html", context)


def _number(request: ScopedRequest, name: str) -> str:
    said = request.GET.get(name, "")
    return said if said.isdecimal() else ""


def _plans(request: ScopedRequest) -> dict[int, list[PlanCard]]:
    """Plans in use that one sees, by the objective that they are to reach."""
    found: dict[int, list[PlanCard]] = {}
    if request.organisation is None:
        return found
    for card in budgets.plans_of(request.organisation, actor=request.user):
        if card.plan.objective is not None and not card.is_archived:
            found.setdefault(card.plan.objective, []).append(card)
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ScopedRequest) -> HttpResponse:
    organisation = _organisation(request)
    form = ObjectiveForm(
        request.POST or None, currency=organisation.currency, initial=_usual(request),
        business=_business(organisation),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            services.set_objective(
                actor=request.user, organisation=organisation, objective=form.objective
            )
        except Forbidden as error:
            raise PermissionDenied from error
        messages.success(request, _("The objective is set."))
        return redirect("objectives")
    return _form(request, form, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: ScopedRequest, objective_id: int) -> HttpResponse:
    card, organisation = _found(objective_id), _organisation(request)
    currency = card.objective.currency or organisation.currency
    form = ObjectiveForm(
        request.POST or None, currency=currency, initial=texts_of(card.objective),
        business=_business(organisation, but=card.id),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and _changed(request, card, form):
        messages.success(request, _("The objective is changed."))
        return redirect(f"/objectives/?undo={card.id}")
    return _form(request, form, card)


def _changed(request: ScopedRequest, card: ObjectiveCard, form: ObjectiveForm) -> bool:
    try:
        services.change_objective(
            actor=request.user, objective_id=card.id, objective=form.objective
        )
    except RegieError as error:
        form.add_error(error.code if error.code in form.fields else None, say(error.sentence))
        return False
    return True


def _business(organisation: Organisation, but: int = 0) -> list[ObjectiveCard]:
    """Those that an operational objective may serve."""
    found = selectors.objectives_of(organisation)
    return [one for one in found if one.objective.level is Level.BUSINESS and one.id != but]


@login_required
@require_POST
def remove(request: ScopedRequest, objective_id: int) -> HttpResponse:
    services.remove_objective(actor=request.user, objective_id=_found(objective_id).id)
    messages.success(request, _("The objective is removed."))
    return redirect(f"/objectives/?undo={objective_id}")


@login_required
@require_POST
def take_back(request: ScopedRequest, objective_id: int) -> HttpResponse:
    services.take_back(actor=request.user, objective_id=_found(objective_id).id)
    messages.success(request, _("The objective is as it was before."))
    return redirect("objectives")


def _form(request: ScopedRequest, form: ObjectiveForm, card: ObjectiveCard | None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "card": card, "definitions": _definitions()}
    context["can_be_planned"] = card is not None and can_be_planned(card.objective)
    if card is None and request.method != "POST":
        context["spans"] = _spans(request)
    return render(request, "objectives/form.html", context, status=400 if form.errors else 200)


def _definitions() -> list[tuple[str, str]]:
    return [(_(one.label), _(one.description)) for one in (SHARES | metrics()).values()]


def _whole(request: ScopedRequest, name: str) -> Period:
    """The month, quarter or year that today is in, by the organisation's calendar."""
    calendar = _organisation(request).calendar
    step = {"quarter": calendar.quarter, "year": calendar.year}.get(name, calendar.month)
    return step(_today(request))


@dataclass(frozen=True)
class Span(Choice):
    """A period that people aim over: a link, or dates that the form takes at once."""

    days: Period


def _spans(request: ScopedRequest) -> list[Span]:
    labels = {"month": _("This month"), "quarter": _("This quarter"), "year": _("This year")}
    if not _organisation(request).calendar.is_plain:
        labels |= {"quarter": _("This fiscal quarter"), "year": _("This fiscal year")}
    if _organisation(request).calendar.has_weeks:
        labels["month"] = _("This fiscal month")
    kept = {name: value for name, value in request.GET.items() if name == "metric"}
    return [
        Span(
            label,
            "?" + urlencode({**kept, "span": name}),
            request.GET.get("span", "month") == name,
            _whole(request, name),
        )
        for name, label in labels.items()
    ]


def _usual(request: ScopedRequest) -> dict[str, Any]:
    days = _whole(request, request.GET.get("span", ""))
    name = request.GET.get("metric", "")
    better = metrics()[name].better if name in metrics() else "higher"
    return {
        "level": Level.BUSINESS.value,
        "kind": Kind.CONVERSION.value,
        "metric": name,
        "direction": (Direction.AT_MOST if better == "lower" else Direction.AT_LEAST).value,
        "starts_on": days.start,
        "ends_on": days.end,
        "owner": str(request.user),
    }


def _today(request: ScopedRequest) -> date:
    zone = request.organisation.time_zone if request.organisation else "Europe/Paris"
    return clock.now().astimezone(ZoneInfo(zone)).date()


def _calendar(request: ScopedRequest) -> Calendar:
    return request.organisation.calendar if request.organisation else PLAIN


def _organisation(request: ScopedRequest) -> Organisation:
    if request.organisation is None:
        raise PermissionDenied
    return request.organisation


def _found(objective_id: int) -> ObjectiveCard:
    try:
        return selectors.objective_card(objective_id)
    except NotFound as error:
        raise Http404(say(error.sentence)) from error
