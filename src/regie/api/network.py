"""The totals of the network beside one's own, where the network chose to show them."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Router, Schema, Status

from regie.api.problems import PROBLEMS, Problem
from regie.api.shapes import Asking
from regie.api.speaking import Call, allows
from regie.apps.access import selectors, services
from regie.apps.dashboards import selectors as dashboards
from regie.apps.organisations.selectors import today_in
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _

router = Router(tags=["Network"])


class NetworkOut(Schema):
    """Sums of the whole network in ``currency``, exact decimals as text and null where nothing is
    known; ``totals`` is null where too few organisations would be in the sum."""

    name: str
    currency: str
    first_day: date
    last_day: date
    totals: dict[str, str | None] | None


class ShownIn(Asking):
    shown: bool


@router.get("/network/totals", response={200: NetworkOut, PROBLEMS: Problem})
@allows("figures:read")
def totals(request: Call) -> dict[str, Any]:
    """What the network spent and earned in the last 30 days, never whose it is. 404 where it does
    not show it."""
    found = selectors.open_network(request.organisation)
    if found is None:
        raise NotFound(_("No network above this organisation shows its totals."))
    period = dashboards.lately(today_in(request.organisation))
    sums = dashboards.network_totals(found, period) if found.scope is not None else None
    return {
        "name": found.name, "currency": found.currency, "first_day": period.start,
        "last_day": period.end,
        "totals": sums and {
            name: None if value is None else f"{value:f}" for name, value in sums.items()
        },
    }  # fmt: skip


@router.put("/network/totals", response={204: None, PROBLEMS: Problem})
@allows("roles:write")
def show(request: Call, said: ShownIn) -> Status[Any]:
    """Whether everybody in the branch of the token sees its totals; for administrators."""
    services.show_totals(
        actor=request.auth.user, organisation=request.organisation, shown=said.shown
    )
    return Status(204, None)
