"""Measured sites: how each is set up, what to put in its pages, the token of its servers."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regie.apps.organisations.models import Organisation
from regie.apps.tracking import selectors, services
from regie.apps.tracking.selectors import SiteCard
from regie.domain.traffic.spam import REASONS
from regie.kernel import clock
from regie.kernel.errors import Forbidden, NotFound, RegieError
from regie.kernel.periods import Period
from regie.ui import figures
from regie.ui.templatetags.ui import say
from regie.web.requests import ScopedRequest
from regie.web.tracking.forms import SiteForm

DAYS = 30


@login_required
@require_safe
def sites(request: ScopedRequest) -> HttpResponse:
    found = selectors.sites_of(sorted(request.branch))
    can_make = request.organisation is not None and selectors.can_measure(
        actor=request.user, organisation=request.organisation
    )
    rows = [{"card": one, **_traffic(request, one)} for one in found]
    return render(request, "sites/sites.html", {"rows": rows, "can_make": can_make, "days": DAYS})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ScopedRequest) -> HttpResponse:
    organisation = _organisation(request)
    if not selectors.can_measure(actor=request.user, organisation=organisation):
        raise PermissionDenied
    form = SiteForm(request.POST or None, initial={"mode": "exempt"})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_site(
                actor=request.user, organisation=organisation, wanted=form.wanted()
            )
        except RegieError as problem:
            form.take_back(problem)
        else:
            return redirect("sites-detail", site_id=made)
    return _form(request, form, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: ScopedRequest, site_id: int) -> HttpResponse:
    card = _found(site_id)
    can_change = selectors.can_measure(actor=request.user, organisation=card.organisation)
    form = SiteForm(request.POST or None, initial=_texts(card))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_site(actor=request.user, site_id=card.id, wanted=form.wanted())
        except Forbidden as error:
            raise PermissionDenied from error
        except RegieError as problem:
            form.take_back(problem)
        else:
            messages.success(request, _("The site is changed."))
            return redirect("sites-detail", site_id=card.id)
    return _form(request, form, card, can_change=can_change)


@login_required
@require_POST
def token(request: ScopedRequest, site_id: int) -> HttpResponse:
    card = _found(site_id)
    try:
        made = services.new_token(actor=request.user, site_id=card.id)
    except Forbidden as error:
        raise PermissionDenied from error
    return _form(
        request, SiteForm(initial=_texts(card)), _found(site_id), can_change=True, token=made
    )


@login_required
@require_POST
def archive(request: ScopedRequest, site_id: int) -> HttpResponse:
    card = _found(site_id)
    try:
        services.archive_site(
            actor=request.user, site_id=card.id, archived=request.POST.get("archived") == "1"
        )
    except Forbidden as error:
        raise PermissionDenied from error
    return redirect("sites-detail", site_id=card.id)


def _form(
    request: ScopedRequest, form: SiteForm, card: SiteCard | None, **more: Any
) -> HttpResponse:
    context = {"form": form, "card": card, "can_change": card is None, **more}
    if card is not None:
        where = settings.REGIE_COLLECTOR_URL
        context |= {
            "snippet": f'<script defer src="{where}/m.js" data-site="{card.key}"></script>',
            "pixel": f'<img src="{where}/p.gif?site={card.key}&name=page_view" alt="">',
            "curl": f"curl {where}/e -H 'Authorization: Bearer TOKEN' "
                    "-d '{\"name\": \"order\", \"p\": {\"order_id\": \"1042\", "
                    "\"value\": 99.9, \"currency\": \"EUR\"}}'",
            "csp": f"script-src {where}; connect-src {where}; img-src {where}",
            **_traffic(request, card), "aside": _aside(request, card), "days": DAYS,
        }  # fmt: skip
    return render(request, "sites/site.html", context, status=400 if form.errors else 200)


def _traffic(request: ScopedRequest, card: SiteCard) -> dict[str, Any]:
    """Visits of the last days, and the share of them that consented."""
    found = selectors.visits_by_mode(request.scope, card.asset_key, _last_days(card))
    visits = sum(found.values())
    share = Decimal(found.get("consented", 0)) / visits if visits else None
    return {
        "counted": visits,
        "visits": figures.exact(visits, "count"),
        "share": figures.percent(share) if share is not None else "–",
    }


def _aside(request: ScopedRequest, card: SiteCard) -> list[tuple[str, str]]:
    """What the site sent and does not count: why, and how often."""
    found = selectors.aside_by_reason(request.scope, card.asset_key, _last_days(card))
    return [(_(REASONS[name]), figures.exact(count, "count"))
            for name, count in found.items() if name in REASONS]  # fmt: skip


def _last_days(card: SiteCard) -> Period:
    today = clock.now().astimezone(ZoneInfo(card.organisation.time_zone)).date()
    return Period(today - timedelta(days=DAYS - 1), today)


def _texts(card: SiteCard) -> dict[str, str]:
    return {"name": card.name, "hosts": ", ".join(card.hosts), "mode": card.mode,
            "internal": ", ".join(card.internal)}  # fmt: skip


def _organisation(request: ScopedRequest) -> Organisation:
    if request.organisation is None:
        raise PermissionDenied
    return request.organisation


def _found(site_id: int) -> SiteCard:
    try:
        return selectors.site_card(site_id)
    except NotFound as error:
        raise Http404(say(error.sentence)) from error
