"""Which source of visits counts for which site: what is said, what would follow, and undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from regie.apps.dashboards import selectors as dashboards
from regie.apps.organisations.models import Organisation
from regie.apps.tracking import selectors, services
from regie.domain.metrics.planning import parse
from regie.kernel import clock
from regie.kernel.errors import Forbidden, NotFound, RegieError
from regie.kernel.periods import Period
from regie.ui import figures
from regie.ui.templatetags.ui import say
from regie.web.import_rows import actor_word
from regie.web.requests import ScopedRequest
from regie.web.tracking.forms import CountingForm
from regie.web.tracking.words import WHICH

DAYS = 90


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def counting(request: ScopedRequest) -> HttpResponse:
    organisation = _organisation(request)
    sources = [
        one for one in dashboards.sources_of_visits(request.scope)
        if one.organisation_id == organisation.pk
    ]  # fmt: skip
    sites = [one for one in selectors.sites_of([organisation.pk]) if not one.is_archived]
    form = CountingForm(
        request.POST or None,
        imported=[(str(one.key), one.label) for one in sources if not one.is_ours],
        sites=[(str(one.id), one.name) for one in sites],
    )
    before_after = None
    if request.method == "POST" and form.is_valid():
        try:
            if "look" not in request.POST:
                services.choose_source(
                    actor=request.user, organisation=organisation, choice=form.choice()
                )
                messages.success(request, _("Said. Every figure of visits follows."))
                return redirect("sites-counting")
            before_after = _before_after(request, form.choice())
        except Forbidden as error:
            raise PermissionDenied from error
        except RegieError as problem:
            form.take_back(problem)
    labels = {one.key: one.label for one in sources}
    context = {
        "form": form, "before_after": before_after, "days": DAYS, "sites": sites,
        "sources": [
            {"one": one, "visits": figures.exact(one.visits, "count"),
             "days": figures.days(one.first, one.last)}
            for one in sources
        ],
        "said": [
            {"card": one, "label": labels.get(one.imported, "–"), "which": _(WHICH[one.which]),
             "starts": figures.day(one.starts_on), "by": actor_word(one.said_by)}
            for one in selectors.choices_of(organisation)
        ],
        "has_imported": any(not one.is_ours for one in sources),
    }  # fmt: skip
    return render(request, "sites/counting.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def take_back(request: ScopedRequest, choice_id: int) -> HttpResponse:
    _organisation(request)
    try:
        services.take_choice_back(actor=request.user, choice_id=choice_id)
    except NotFound as error:
        raise Http404(say(error.sentence)) from error
    except Forbidden as error:
        raise PermissionDenied from error
    messages.success(request, _("Taken back: what counted before counts again."))
    return redirect("sites-counting")


def _before_after(request: ScopedRequest, choice: services.Choice) -> dict[str, Any]:
    today = clock.today()
    query = parse(
        metrics=["visits"], by=["account"], period=Period(today - timedelta(days=DAYS - 1), today)
    )
    now = dashboards.answer(query, request.scope)
    then = dashboards.answer_if(query, request.scope, selectors.counting_if(choice))
    rows: dict[str, list[Any]] = {}
    for place, answer in enumerate((now, then)):
        for row in answer.rows:
            rows.setdefault(row["account_label"], [None, None])[place] = row["visits"]
    return {
        "rows": [(label, *map(_written, pair)) for label, pair in sorted(rows.items())],
        "total": [_written(one.totals["visits"]) for one in (now, then)],
    }


def _written(value: Any) -> str:
    return "–" if value is None else figures.exact(value, "count")


def _organisation(request: ScopedRequest) -> Organisation:
    organisation = request.organisation
    if organisation is None or not selectors.can_measure(
        actor=request.user, organisation=organisation
    ):
        raise PermissionDenied
    return organisation
