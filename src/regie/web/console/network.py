"""The totals of the network beside one's own, where the network chose to show them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regie.apps.access import selectors as access
from regie.apps.access import services
from regie.apps.access.selectors import OpenNetwork
from regie.apps.dashboards import selectors as dashboards
from regie.apps.organisations.selectors import today_in
from regie.domain.metrics.catalog import metric
from regie.domain.metrics.query import Query
from regie.kernel.errors import RegieError
from regie.kernel.periods import Period
from regie.ui import figures
from regie.web.console.page import ConsoleRequest, administrators_only, console, show


@console
@require_safe
def network(request: ConsoleRequest) -> HttpResponse:
    found = access.open_network(request.organisation)
    period = dashboards.lately(today_in(request.organisation))
    context = {
        "network": found,
        "is_shown": access.shows_totals(request.organisation),
        "days": figures.days(period.start, period.end),
        "rows": _rows(request, found, period) if found and found.scope else [],
    }
    return show(request, "console/network.html", context)


def _rows(request: ConsoleRequest, found: OpenNetwork, period: Period) -> list[dict[str, Any]]:
    theirs = dashboards.network_totals(found, period)
    ask = dashboards.asker(request.scope)
    rows = []
    for name, value in theirs.items():
        try:
            own = ask(Query((name,), period=period, currency=found.currency)).totals.get(name)
        except RegieError:
            own = None
        unit = metric(name).unit.value
        rows.append(
            {
                "label": _(metric(name).label),
                "network": figures.figure(value, unit, found.currency),
                "own": figures.figure(own, unit, found.currency),
                "share": figures.percent(own / value) if own is not None and value else "",
            }
        )
    return rows


@administrators_only
@require_POST
def set_totals(request: ConsoleRequest) -> HttpResponse:
    shown = request.POST.get("shown") == "yes"
    services.show_totals(actor=request.user, organisation=request.organisation, shown=shown)
    said = _("Everybody in the network now sees its totals.") if shown else (
        _("The totals are no longer shown."))  # fmt: skip
    messages.success(request, said)
    return redirect("manager-network")
