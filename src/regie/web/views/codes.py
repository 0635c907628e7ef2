"""Promo codes: made, counted, and taken at the till."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

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
from regie.kernel import clock
from regie.kernel.errors import Forbidden, NotFound, RegieError
from regie.kernel.i18n import Sentence
from regie.kernel.periods import Period
from regie.ui import figures
from regie.ui.templatetags.ui import say
from regie.web.requests import ScopedRequest
from regie.web.spreadsheets import as_csv
from regie.web.tracking.bulk import bulk_page
from regie.web.tracking.forms import CodeForm, TillForm

DAYS = 365
UNKNOWN = 20


@login_required
@require_safe
def codes(request: ScopedRequest) -> HttpResponse:
    return _page(request, TillForm())


@login_required
@require_safe
def table_csv(request: ScopedRequest) -> HttpResponse:
    """Codes with their uses of one year, those that nobody registered too."""
    found, unknown = selectors.used_between(request.scope, sorted(request.branch), _year(request))
    rows = [selectors.row_of(one) for one in (*found, *unknown)]
    return as_csv("regie-codes", selectors.USE_COLUMNS, rows)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ScopedRequest) -> HttpResponse:
    organisation = _organisation(request)
    known = request.GET.get("code", "")[:64]  # one that orders name already
    form = CodeForm(request.POST or None, initial={"code": known, "name": known})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_codes(
                actor=request.user, organisation=organisation, wanted=form.wanted(),
                count=form.cleaned_data["count"],
            )  # fmt: skip
        except Forbidden as error:
            raise PermissionDenied from error
        except RegieError as problem:
            form.take_back(problem)
        else:
            messages.success(request, _made(len(made)))
            return redirect("codes")
    return render(request, "codes/form.html", {"form": form}, status=400 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: ScopedRequest) -> HttpResponse:
    organisation = _organisation(request)

    def make(path: Path) -> Any:
        return services.create_listed_codes(
            actor=request.user, organisation=organisation, path=path
        )

    return bulk_page(request, "codes/bulk.html", services.CODE_COLUMNS, make, _made)


@login_required
@require_POST
def redeem(request: ScopedRequest) -> HttpResponse:
    """A code presented at the till: the answer says at once whether it holds, and why not."""
    organisation = _organisation(request)
    form = TillForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    said = form.cleaned_data
    try:
        record = services.redeem(
            actor=request.user, organisation=organisation, typed=said["typed"],
            location=said["location"], order_id=said["order_id"],
        )  # fmt: skip
    except Forbidden as error:
        raise PermissionDenied from error
    if record.is_accepted:
        messages.success(request, _("The code is accepted."))
    else:
        messages.error(request, say(Sentence.from_json(record.reason)))
    return redirect("codes")


@login_required
@require_POST
def archive(request: ScopedRequest, code_id: int) -> HttpResponse:
    try:
        services.archive_code(
            actor=request.user, code_id=code_id, archived=request.POST.get("archived") == "1"
        )
    except NotFound as error:
        raise Http404(say(error.sentence)) from error
    except Forbidden as error:
        raise PermissionDenied from error
    return redirect("codes")


def _page(request: ScopedRequest, form: TillForm, *, status: int = 200) -> HttpResponse:
    ids = sorted(request.branch)
    found, unknown = selectors.used_between(request.scope, ids, _year(request))
    context = {
        "form": form,
        # A shop takes the codes of its network without seeing the list of them.
        "may_take": bool(found) or selectors.has_codes(ids),
        "rows": [_row(one) for one in found],
        "unknown": [_unknown(one) for one in unknown[:UNKNOWN]],
        "more_unknown": max(0, len(unknown) - UNKNOWN),
        "redemptions": [{"card": one, "at": figures.moment(one.at),
                         "reason": say(one.reason) if one.reason else ""}
                        for one in selectors.redemptions_of(ids, request.scope)],
    }  # fmt: skip
    return render(request, "codes/codes.html", context, status=status)


def _year(request: ScopedRequest) -> Period:
    zone = request.organisation.time_zone if request.organisation else "Europe/Paris"
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    return Period(today - timedelta(days=DAYS - 1), today)


def _row(one: selectors.CodeUse) -> dict[str, Any]:
    refused = ngettext("{n} refused", "{n} refused", one.refused).format(
        n=figures.exact(one.refused, "count")
    )
    return {
        "card": one.card, "uses": figures.exact(one.uses, "count"),
        "refused": refused if one.refused else "", "days": _days(one.card) if one.card else "",
    }  # fmt: skip


def _unknown(one: selectors.CodeUse) -> dict[str, str]:
    return {
        "code": one.code, "orders": figures.exact(one.uses, "count"),
        "last": figures.day(one.last) if one.last else "",
    }  # fmt: skip


def _made(count: int) -> str:
    return ngettext("{n} code is made.", "{n} codes are made.", count).format(n=count)


def _days(card: selectors.CodeCard) -> str:
    if card.starts_on and card.ends_on:
        return figures.days(card.starts_on, card.ends_on)
    if card.ends_on:
        return _("until {day}").format(day=figures.day(card.ends_on))
    if card.starts_on:
        return _("from {day} on").format(day=figures.day(card.starts_on))
    return _("always")


def _organisation(request: ScopedRequest) -> Organisation:
    if request.organisation is None:
        raise PermissionDenied
    return request.organisation
