"""Which source counts of what is both measured and imported: said, looked at before, undone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from regie.apps.assets import selectors as assets
from regie.apps.dashboards import selectors as dashboards
from regie.apps.organisations.models import Organisation
from regie.apps.tracking import selectors, services
from regie.kernel import clock
from regie.kernel.errors import Forbidden, NotFound, RegieError
from regie.ui import figures
from regie.ui.platforms import names_apart
from regie.ui.templatetags.ui import say
from regie.web.import_rows import actor_word
from regie.web.requests import ScopedRequest
from regie.web.tracking.forms import CountingForm
from regie.web.tracking.words import COUNTS, WHICH, WHICH_NUMBERED


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def counting(request: ScopedRequest) -> HttpResponse:
    organisation = _organisation(request)
    asked = request.GET.get("of", "")
    fact = asked if asked in COUNTS else "visits"
    address = f"{reverse('sites-counting')}?of={fact}"
    sources = [
        one for one in dashboards.sources_of(request.scope, fact)
        if one.card.organisation_id == organisation.pk
    ]  # fmt: skip
    said = selectors.choices_of(organisation)
    others = assets.cards({one.imported for one in said} - {one.key for one in sources})
    names = names_apart([*(one.card for one in sources), *others])
    sites = [one for one in selectors.sites_of([organisation.pk]) if not one.is_archived]
    form = CountingForm(
        request.POST or None,
        fact=fact,
        imported=[(str(one.key), names[one.key]) for one in sources if not one.is_ours],
        sites=[(str(one.id), one.name) for one in sites],
    )
    before_after = None
    if request.method == "POST" and form.is_valid():
        try:
            if "look" not in request.POST:
                services.choose_source(
                    actor=request.user, organisation=organisation, choice=form.choice()
                )
                messages.success(request, _("Said. Every figure follows."))
                return redirect(address)
            before_after = _before_after(request, form.choice())
        except Forbidden as error:
            raise PermissionDenied from error
        except RegieError as problem:
            form.take_back(problem)
    context = {
        "form": form, "before_after": before_after, "sites": sites, "fact": fact,
        "tabs": [(name, _(label), f"?of={name}") for name, label in COUNTS.items()],
        "address": address, "fact_label": _(COUNTS[fact]),
        "sources": [
            {"one": one, "name": names[one.key], "count": figures.exact(one.count, "count"),
             "days": figures.days(one.first, one.last)}
            for one in sources
        ],
        "said": [
            {"card": one, "label": names.get(one.imported, "–"), "of": _(COUNTS[one.fact]),
             "which": _((WHICH if one.fact == "visits" else WHICH_NUMBERED)[one.which]),
             "starts": figures.day(one.starts_on), "by": actor_word(one.said_by)}
            for one in said
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
    rows, total = dashboards.what_would_count(
        request.scope, choice.fact, selectors.counting_if(choice), today
    )
    names = names_apart(one.card for one in rows)
    return {
        "days": dashboards.looked_at(today).days,
        "rows": [(names[one.card.key], _written(one.now), _written(one.then)) for one in rows],
        "total": [_written(one) for one in total],
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
