"""“Where does this come from?”, asked of what is aimed at: a page of its own, or a panel."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regie.apps.dashboards import selectors
from regie.apps.dashboards.selectors import ObjectiveCard
from regie.apps.organisations.models import Organisation
from regie.kernel import clock
from regie.kernel.errors import RegieError
from regie.kernel.periods import Period, parse_day
from regie.web.objectives.explained import Of, lay_out, why_of
from regie.web.report import of_objective
from regie.web.requests import ScopedRequest
from regie.web.views.report import ask_of


@login_required
@require_safe
def explain(request: ScopedRequest, objective_id: int) -> HttpResponse:
    """Its target, what is due of it, or its status: each with all that it is worked out of."""
    organisation = request.organisation
    if organisation is None:
        raise PermissionDenied
    card = _of(organisation, objective_id)
    of, step = _asked(request, card)
    today = clock.now().astimezone(ZoneInfo(organisation.time_zone)).date()
    calendar = organisation.calendar
    stands = selectors.stand(
        card.objective, ask_of(request), today, calendar, selectors.sizes_of(organisation)
    )
    sums = of_objective.addresses(
        card.objective, today=today, home=organisation.currency, calendar=calendar
    )
    explained = lay_out(
        card, stands, selectors.authors_of(card.id), of=of, step=step, today=today,
        why=why_of(card, sums),
    )  # fmt: skip
    is_panel = request.headers.get("HX-Request") == "true"
    page = "objectives/explanation.html" if is_panel else "objectives/explain.html"
    return render(request, page, {"explained": explained, "card": card})


def _of(organisation: Organisation, objective_id: int) -> ObjectiveCard:
    """One of the organisation that the page speaks of: its figures are those that one reads."""
    for card in selectors.objectives_of(organisation):
        if card.id == objective_id:
            return card
    raise Http404


def _asked(request: ScopedRequest, card: ObjectiveCard) -> tuple[Of, Period | None]:
    """Days that are not of the objective, and words that mean nothing, ask about its target."""
    said = request.GET.get("of", "")
    of = Of(said) if said in set(Of) else Of.TARGET
    if of is not Of.STEP:
        return of, None
    try:
        step = Period(parse_day(request.GET.get("from", "")), parse_day(request.GET.get("to", "")))
    except RegieError:
        return Of.TARGET, None
    whole = card.objective.period
    if step.start < whole.start or step.end > whole.end:
        return Of.TARGET, None
    return of, step
