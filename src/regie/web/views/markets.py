"""The size of the market: noted with its source, and the share of it that objectives aim at."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regie.apps.dashboards import selectors, services
from regie.apps.dashboards.selectors import MarketCard, ObjectiveCard
from regie.apps.organisations.models import Organisation
from regie.domain.markets import OWN, is_share
from regie.domain.objectives import compared_days, elapsed
from regie.kernel import clock
from regie.kernel.errors import Forbidden, NotFound, RegieError
from regie.kernel.periods import Period
from regie.ui.templatetags.ui import say
from regie.web.objectives import market_words
from regie.web.objectives.market_form import MarketForm, typed
from regie.web.objectives.tree import name_of
from regie.web.report.of_objective import address_of
from regie.web.requests import ScopedRequest
from regie.web.views.report import ask_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ScopedRequest) -> HttpResponse:
    organisation = _organisation(request)
    today = clock.now().astimezone(ZoneInfo(organisation.time_zone)).date()
    year = organisation.calendar.year(today)
    form = MarketForm(
        request.POST or None, currency=organisation.currency,
        initial={"starts_on": year.start, "ends_on": year.end,
                 "counted_in": organisation.currency},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            services.note_market(actor=request.user, organisation=organisation, size=form.size)
        except Forbidden as error:
            raise PermissionDenied from error
        except RegieError as error:
            form.add_error(error.code, say(error.sentence))
        else:
            messages.success(request, _("The size of the market is noted."))
            return redirect(reverse("objectives") + "#market-title")
    return _form(request, form, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: ScopedRequest, market_id: int) -> HttpResponse:
    card = _found(market_id)
    form = MarketForm(
        request.POST or None, currency=_organisation(request).currency, initial=typed(card.size)
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_market(actor=request.user, market_id=card.id, size=form.size)
        except Forbidden as error:
            raise PermissionDenied from error
        except RegieError as error:
            form.add_error(error.code, say(error.sentence))
        else:
            messages.success(request, _("The size of the market is changed."))
            return redirect(f"/objectives/?market={card.id}")
    return _form(request, form, card)


@login_required
@require_POST
def remove(request: ScopedRequest, market_id: int) -> HttpResponse:
    services.remove_market(actor=request.user, market_id=_found(market_id).id)
    messages.success(request, _("The size of the market is removed."))
    return redirect(f"/objectives/?market={market_id}")


@login_required
@require_POST
def take_back(request: ScopedRequest, market_id: int) -> HttpResponse:
    try:
        services.take_market_back(actor=request.user, market_id=_found(market_id).id)
    except Forbidden as error:
        raise PermissionDenied from error
    except RegieError as error:
        messages.error(request, say(error.sentence))
    else:
        messages.success(request, _("The size of the market is as it was before."))
    return redirect("objectives")


@login_required
@require_safe
def explain(request: ScopedRequest, objective_id: int) -> HttpResponse:
    """Where the share of an objective comes from: both sums, and who published the market's."""
    organisation = _organisation(request)
    card = _share_of(organisation, objective_id)
    one, calendar = card.objective, organisation.calendar
    today = clock.now().astimezone(ZoneInfo(organisation.time_zone)).date()
    ask, sizes = ask_of(request), selectors.sizes_of(organisation)
    asked: list[tuple[str, Period]] = []
    past = elapsed(one.period, today)
    if past is not None:
        asked.append((_("Reached so far"), past))
    if one.is_growth:
        asked.append((_("Reached in the days that growth is reckoned from"),
                      compared_days(one, calendar)))  # fmt: skip
    if request.GET.get("of") == "base":
        asked.reverse()
    shares = [(title, selectors.share(one.metric, days, sizes, ask)) for title, days in asked]
    is_panel = request.headers.get("HX-Request") == "true"
    return render(
        request,
        "objectives/market_said.html" if is_panel else "objectives/market.html",
        {
            "title": name_of(card),
            "shares": [
                market_words.explained(
                    title, found,
                    address_of(OWN[one.metric], found.days, today=today, currency=found.currency,
                               home=organisation.currency, calendar=calendar),
                )
                for title, found in shares
            ],
        },
    )  # fmt: skip


def _form(request: ScopedRequest, form: MarketForm, card: MarketCard | None) -> HttpResponse:
    return render(
        request, "objectives/market_form.html", {"form": form, "card": card},
        status=400 if form.errors else 200,
    )  # fmt: skip


def _share_of(organisation: Organisation, objective_id: int) -> ObjectiveCard:
    """One of the organisation that the page speaks of: its sales are divided by its own market."""
    for card in selectors.objectives_of(organisation):
        if card.id == objective_id and is_share(card.objective.metric):
            return card
    raise Http404


def _found(market_id: int) -> MarketCard:
    try:
        return selectors.market_card(market_id)
    except NotFound as error:
        raise Http404(say(error.sentence)) from error


def _organisation(request: ScopedRequest) -> Organisation:
    if request.organisation is None:
        raise PermissionDenied
    return request.organisation
