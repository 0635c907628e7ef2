"""The leaver check and the quarterly review: who should be looked at, and one click to sign."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regie.apps.access import selectors as access
from regie.apps.access import services as access_services
from regie.apps.organisations import selectors
from regie.apps.organisations.selectors import Filter, ReviewCard
from regie.kernel.errors import NotFound
from regie.ui.csv_answers import csv_answer
from regie.web.console.certificate import pdf
from regie.web.console.page import ConsoleRequest, administrators_only, show
from regie.web.console.unused import role_rows
from regie.web.console.words import STATES, role_word

LOOKED_AT = ("unused", "ending", "ended")
SHOWN = 8


@administrators_only
@require_safe
def review(request: ConsoleRequest) -> HttpResponse:
    here = request.organisation
    reviews = selectors.reviews_of(here)
    quarter = selectors.quarter_of(selectors.today_in(here))
    context = {
        "lists": [_group(request, state) for state in LOOKED_AT],
        "active": selectors.people_of(here, Filter(state="active")).count(),
        "reviews": reviews,
        "quarter": quarter,
        "is_due": not any(one.quarter == quarter for one in reviews),
        "unused_roles": access.unused_count(here),
        "first_roles": role_rows(access.unused_roles(here, most=SHOWN)),
    }
    return show(request, "console/review.html", context)


def _group(request: ConsoleRequest, state: str) -> dict[str, object]:
    found = selectors.people_of(request.organisation, Filter(state=state))
    first = [selectors.person(member) for member in found[:SHOWN]]
    return {
        "state": state,
        "word": STATES[state],
        "count": found.count(),
        "people": [(one, role_word(one.role)) for one in first],
    }


@administrators_only
@require_POST
def sign(request: ConsoleRequest) -> HttpResponse:
    access_services.sign_review(actor=request.user, organisation=request.organisation)
    messages.success(request, _("The review is signed; its certificate is below."))
    return redirect("manager-review")


@administrators_only
@require_safe
def certificate_pdf(request: ConsoleRequest, review_id: int) -> HttpResponse:
    card = _found(request, review_id)
    return _file(pdf(card), f"review-{card.quarter}.pdf", "application/pdf")


@administrators_only
@require_safe
def certificate_csv(request: ConsoleRequest, review_id: int) -> HttpResponse:
    card = _found(request, review_id)
    text = selectors.certificate_csv(card)
    return csv_answer(f"review-{card.quarter}", text)


def _found(request: ConsoleRequest, review_id: int) -> ReviewCard:
    mine = {one.id: one for one in selectors.reviews_of(request.organisation)}
    if review_id not in mine:
        raise NotFound(_("There is no such review."))
    return mine[review_id]


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
