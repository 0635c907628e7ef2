"""Tracked links: the list, the builder, many at once, one with its clicks and its printed code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regie.apps.organisations.models import Organisation
from regie.apps.tracking import selectors, services
from regie.apps.tracking.selectors import LinkCard
from regie.domain.traffic.links import Tagging, leads_home
from regie.domain.traffic.origin import host_of
from regie.domain.traffic.spam import REASONS
from regie.kernel import clock
from regie.kernel.errors import Forbidden, NotFound, RegieError
from regie.kernel.periods import Period
from regie.ui import figures
from regie.ui.charts import Line, TimeChart
from regie.ui.templatetags.ui import say
from regie.web.channels import channel_name
from regie.web.requests import ScopedRequest
from regie.web.tracking import qr, ruling
from regie.web.tracking.bulk import bulk_page
from regie.web.tracking.forms import LinkForm
from regie.web.tracking.words import DEVICES

DAYS = 30


@login_required
@require_safe
def links(request: ScopedRequest) -> HttpResponse:
    search = request.GET.get("q", "").strip()[:100]
    found = selectors.links_of(_ids(request), search=search)
    clicks = selectors.clicks_by_link(request.scope, _period(request)) if found else {}
    rows = [
        {"card": one, "address": short(one.code), "channel": channel_name(one.channel),
         "clicks": figures.exact(clicks.get(one.id, 0), "count")}
        for one in found
    ]  # fmt: skip
    context = {"rows": rows, "search": search, "days": DAYS, "most": selectors.SHOWN,
               "is_cut": len(rows) >= selectors.SHOWN}  # fmt: skip
    return render(request, "links/links.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ScopedRequest) -> HttpResponse:
    organisation = _organisation(request)
    form = LinkForm(request.POST or None, initial={"medium": request.GET.get("medium", "social")})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_link(
                actor=request.user, organisation=organisation,
                wanted=form.wanted(organisation.time_zone),
            )  # fmt: skip
        except Forbidden as error:
            raise PermissionDenied from error
        except RegieError as problem:
            form.take_back(problem)
        else:
            messages.success(request, _("The link is made: it works already."))
            return redirect("links-detail", link_id=made)
    return _form(request, form, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: ScopedRequest, link_id: int) -> HttpResponse:
    card = _found(link_id)
    form = LinkForm(request.POST or None, has_code=True, initial=_texts(card))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_link(
                actor=request.user, link_id=card.id,
                # What the form has no field for stays: links made by a list may have a term.
                wanted=replace(form.wanted(card.organisation.time_zone), term=card.term),
            )  # fmt: skip
        except Forbidden as error:
            raise PermissionDenied from error
        except RegieError as problem:
            form.take_back(problem)
        else:
            messages.success(request, _("The link is changed."))
            return redirect("links-detail", link_id=card.id)
    return _form(request, form, card)


@login_required
@require_safe
def detail(request: ScopedRequest, link_id: int) -> HttpResponse:
    card, period = _found(link_id), _period(request)
    found = selectors.link_figures(request.scope, card.id, period)
    days = [period.start + timedelta(days=n) for n in range(DAYS)]
    chart = TimeChart(
        key=f"link-{card.id}", title=_("Clicks per day"), unit="count", currency="", grain="day",
        lines=[Line(_("Clicks"), [found.by_day.get(day, 0) for day in days], days)],
    )  # fmt: skip
    context = {
        "card": card, "address": short(card.code), "channel": channel_name(card.channel),
        "chart": chart,
        "expires": card.expires_at and figures.moment(card.expires_at),
        "clicks": figures.exact(found.clicks, "count"),
        **_followed(request, card, found),
        "aside": [(_(REASONS[name]), figures.exact(count, "count"))
                  for name, count in sorted(found.aside.items()) if name in REASONS],
        "devices": [(_(DEVICES[name]), figures.exact(count, "count"))
                    for name, count in sorted(found.by_device.items()) if name in DEVICES],
        "days": DAYS,
        "leads_home": leads_home(
            card.destination, Tagging(card.source, card.medium, card.campaign)
        ),
        "elsewhere": [{"who": ruling.who(one), "to": one["to"]} for one in card.rules],
    }  # fmt: skip
    return render(request, "links/detail.html", context)


def _followed(
    request: ScopedRequest, card: LinkCard, found: selectors.LinkFigures
) -> dict[str, Any]:
    """What visits did, where any site that may be seen would have told of them."""
    hosts = {host_of(to) for to in (card.destination, *(rule["to"] for rule in card.rules))}
    sites = selectors.sites_of(_ids(request))
    is_told = bool(found.visits) or any(not one.hosts or hosts & set(one.hosts) for one in sites)
    return {
        "visits": figures.exact(found.visits, "count") if is_told else "–",
        "leads": figures.exact(found.leads, "count") if is_told else "–",
        "is_told": is_told,
    }  # fmt: skip


@login_required
@require_POST
def archive(request: ScopedRequest, link_id: int) -> HttpResponse:
    card = _found(link_id)
    try:
        services.archive_link(
            actor=request.user, link_id=card.id, archived=request.POST.get("archived") == "1"
        )
    except Forbidden as error:
        raise PermissionDenied from error
    return redirect("links-detail", link_id=card.id)


@login_required
@require_safe
def code_svg(request: ScopedRequest, link_id: int) -> HttpResponse:
    return _picture(_found(link_id), qr.svg, "image/svg+xml", "svg")


@login_required
@require_safe
def code_png(request: ScopedRequest, link_id: int) -> HttpResponse:
    return _picture(_found(link_id), qr.png, "image/png", "png")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: ScopedRequest) -> HttpResponse:
    organisation = _organisation(request)

    def make(path: Path) -> Any:
        return services.create_links(actor=request.user, organisation=organisation, path=path)

    return bulk_page(request, "links/bulk.html", services.COLUMNS, make, _made)


def _made(count: int) -> str:
    return ngettext("{n} link is made.", "{n} links are made.", count).format(n=count)


def short(code: str) -> str:
    """The address that people click, at the collector's own."""
    return f"{settings.REGIE_COLLECTOR_URL}/r/{code}"


def _picture(card: LinkCard, draw: Any, kind: str, ending: str) -> HttpResponse:
    answer = HttpResponse(draw(short(card.code)), content_type=kind)
    answer["Content-Disposition"] = f'inline; filename="{card.code}.{ending}"'
    return answer


def _form(request: ScopedRequest, form: LinkForm, card: LinkCard | None) -> HttpResponse:
    context = {"form": form, "card": card, "known": selectors.known_words(_ids(request))}
    return render(request, "links/form.html", context, status=400 if form.errors else 200)


def _texts(card: LinkCard) -> dict[str, Any]:
    apps = {rule["device"]: rule.get("given", rule["to"]) for rule in card.rules
            if ruling.has_field(rule)}  # fmt: skip
    last: date | None = None
    if card.expires_at is not None:
        last = card.expires_at.astimezone(ZoneInfo(card.organisation.time_zone)).date()
    return {
        "name": card.name, "destination": card.destination, "medium": card.medium,
        "source": card.source, "campaign": card.campaign, "content": card.content,
        "afterwards": card.afterwards, "expires_on": last,
        "ios": apps.get("ios", ""), "android": apps.get("android", ""),
        "elsewhere": ruling.written(card.rules),
    }  # fmt: skip


def _period(request: ScopedRequest, days: int = DAYS) -> Period:
    zone = request.organisation.time_zone if request.organisation else "Europe/Paris"
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    return Period(today - timedelta(days=days - 1), today)


def _ids(request: ScopedRequest) -> list[int]:
    return sorted(request.branch)


def _organisation(request: ScopedRequest) -> Organisation:
    if request.organisation is None:
        raise PermissionDenied
    return request.organisation


def _found(link_id: int) -> LinkCard:
    try:
        return selectors.link_card(link_id)
    except NotFound as error:
        raise Http404(say(error.sentence)) from error
