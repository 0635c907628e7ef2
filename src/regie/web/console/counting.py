"""Which figures of an account count: those of partners, and those of one that is there twice."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from regie.apps.access import selectors as access
from regie.apps.assets import selectors as assets
from regie.apps.assets.selectors import AssetCard
from regie.apps.connections import services
from regie.apps.dashboards.selectors import answer
from regie.domain.metrics.query import Query
from regie.kernel.errors import NotFound, RegieError
from regie.kernel.scope import Scope
from regie.ui import figures
from regie.ui.platforms import platform
from regie.ui.templatetags.ui import say
from regie.web.console.assets import kind_or_404
from regie.web.console.page import ConsoleRequest, console, show

COMPARED = ("impressions", "clicks", "conversions")
DAYS_TOLD = 12


@console
@require_POST
def take_back(request: ConsoleRequest, room: str, asset_id: int, import_id: int) -> HttpResponse:
    """Figures that a partner brought in: taken back, or counted again."""
    kind_or_404(room)
    act = services.let_count_again if request.POST.get("act") == "count" else services.take_back
    act(actor=request.user, asset_id=asset_id, import_id=import_id)
    told = (
        _("They count again.")
        if act is services.let_count_again
        else _("They no longer count. The file is kept: you can let it count again.")
    )
    messages.success(request, told)
    return redirect("manager-asset", room=room, asset_id=asset_id)


@console
@require_http_methods(["GET", "HEAD", "POST"])
def double(request: ConsoleRequest, room: str, asset_id: int) -> HttpResponse:
    """First what each of the two says, then, asked again, one account of both."""
    card, same = _pair(request, room, asset_id)
    if request.method == "POST":
        services.merge_double(actor=request.user, asset_id=card.key)
        messages.success(request, _("They are one account now. You can make two of it again."))
        return redirect("manager-asset", room=room, asset_id=same.key)
    here, there = _days(request, card), _days(request, same)
    alone, both = sorted(here.keys() - there.keys()), here.keys() & there.keys()
    mine = {one.user_id for one in access.accesses_on([same.key])}
    losing = [one.person for one in access.accesses_on([card.key]) if one.user_id not in mine]
    context = {
        "room": room,
        "room_title": _(kind_or_404(room).plural),
        "console_page": f"manager-{room}",
        "card": card,
        "same": same,
        "platform": platform(card.platform),
        "sides": [_side(card, here), _side(same, there)],
        "alone": len(alone),
        "both": len(both),
        "is_theirs": same.organisation_id not in request.branch,
        "alone_days": [figures.day(one) for one in alone[:DAYS_TOLD]],
        "losing": sorted(set(losing)),
    }
    return show(request, "console/double.html", context)


@console
@require_POST
def split(request: ConsoleRequest, room: str, asset_id: int) -> HttpResponse:
    kind_or_404(room)
    try:
        services.split_double(actor=request.user, asset_id=asset_id)
    except NotFound:
        raise
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
        return redirect("manager-assets", room=room)
    messages.success(request, _("They are two accounts again, each with its own figures."))
    return redirect("manager-asset", room=room, asset_id=asset_id)


def _pair(request: ConsoleRequest, room: str, asset_id: int) -> tuple[AssetCard, AssetCard]:
    card = assets.card(asset_id)
    same = assets.doubles_among([card]).get(asset_id)
    mine = card.organisation_id in request.branch and request.is_administrator
    if card.kind != kind_or_404(room).name or same is None or not mine:
        raise NotFound(_("There is no such account."))
    return card, same


def _days(request: ConsoleRequest, card: AssetCard) -> dict[Any, dict[str, Any]]:
    """What is published of one account, day by day, as far as the reader may read it."""
    asked = Query(metrics=COMPARED, by=("date",))
    scope = Scope(request.scope.organisations, request.scope.assets & {card.key})
    return {row["date"]: row for row in answer(asked, scope).rows}


def _side(card: AssetCard, days: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    sums = {name: [row[name] for row in days.values() if row[name] is not None]
            for name in COMPARED}  # fmt: skip
    return {
        "card": card,
        "first": min(days, default=None),
        "last": max(days, default=None),
        "days": len(days),
        "sums": [figures.exact(sum(found), "count") if found else "–" for found in sums.values()],
    }
