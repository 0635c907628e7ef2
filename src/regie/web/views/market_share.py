"""The share of the market in the days of the report: where it comes from, and its export."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from regie.apps.dashboards import selectors
from regie.apps.dashboards.selectors import Share
from regie.domain.markets import OWN, SHARES
from regie.ui import figures
from regie.ui.charts import TimeChart
from regie.web.objectives import market_words
from regie.web.report.market import chart, shares
from regie.web.report.of_objective import address_of
from regie.web.report.page import grains
from regie.web.report.state import ReportState
from regie.web.report.timeline import DIMENSION
from regie.web.requests import ScopedRequest
from regie.web.spreadsheets import as_csv
from regie.web.views.report import ask_of, state_of

OF_SHARE = ("share", "period", "own", "market", "value", "currency")
OF_SIZE = ("source", "published_on", "size", "counted")


@login_required
@require_safe
def explain(request: ScopedRequest) -> HttpResponse:
    """Both sums of a share of these days and of those compared with, and who published the size."""
    state, wanted = state_of(request), request.GET.get("of", "market_share")
    if wanted not in OWN:
        raise Http404
    found = [one for one in _shares(request, state) if one[0] == wanted]
    told = [one for _name, now, before in found for one in (now, before) if one is not None]
    is_panel = request.headers.get("HX-Request") == "true"
    chart = None if is_panel or not found else _chart(request, state, wanted)
    return render(
        request,
        "objectives/market_said.html" if is_panel else "objectives/market.html",
        {
            "title": _(SHARES[wanted].label),
            "report": state.address(),
            "chart": chart,
            "grains": grains(state, f"&of={wanted}"),
            "csv": f"{reverse('report-market-csv')}{state.address()}&by=step",
            "shares": [
                market_words.explained(
                    figures.days(one.days.start, one.days.end), one, _own(request, state, one)
                )
                for one in told
            ],
        },
    )


@login_required
@require_safe
def csv(request: ScopedRequest) -> HttpResponse:
    """A line for each size that a share rests on; what is not known is left empty.

    With ``by`` there is a share for each step of the report.
    """
    state = state_of(request)
    grain = DIMENSION[state.shown_grain] if request.GET.get("by") else ""
    sizes, ask = selectors.sizes_of(request.organisation), ask_of(request)
    narrowed = state.path or state.filters
    found = [] if narrowed else selectors.shares_by(state.period, grain, sizes, ask, state.calendar)
    rows = [row for name, one in found for row in _rows(name, one)]
    return as_csv("regie-market-share", (*OF_SHARE, *OF_SIZE), rows)


def _chart(request: ScopedRequest, state: ReportState, name: str) -> TimeChart:
    organisation = request.organisation
    sizes = selectors.sizes_of(organisation)
    aims = selectors.objectives_of(organisation) if organisation else []
    return chart(name, state, sizes, ask_of(request), aims)


def _shares(request: ScopedRequest, state: ReportState) -> list[tuple[str, Share, Share | None]]:
    return shares(state, selectors.sizes_of(request.organisation), ask_of(request))


def _own(request: ScopedRequest, state: ReportState, one: Share) -> str:
    return address_of(
        one.measure, one.days, today=state.today, currency=one.currency,
        home=state.home_currency, calendar=state.calendar,
    )  # fmt: skip


def _rows(name: str, found: Share) -> list[list[Any]]:
    said = selectors.written_share(name, found)
    return [[said[one] for one in OF_SHARE] + [size[one] for one in OF_SIZE]
            for size in said["sizes"]]  # fmt: skip
