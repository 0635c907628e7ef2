"""Recognised people: how many, across which devices, on what evidence; links cut and restored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regie.apps.identity import selectors, services
from regie.apps.identity.selectors import Person
from regie.apps.organisations.models import Organisation
from regie.kernel import clock
from regie.kernel.errors import Forbidden, NotFound, RegieError
from regie.kernel.periods import Period
from regie.ui import figures
from regie.ui.templatetags.ui import say
from regie.web.identity import words
from regie.web.identity.forms import WhoForm
from regie.web.import_rows import actor_word
from regie.web.requests import ScopedRequest

DAYS = 90


@login_required
@require_safe
def identity(request: ScopedRequest) -> HttpResponse:
    ids = sorted(request.branch)
    found = selectors.overview(ids)
    today = clock.today()
    crossing = selectors.cross_device(
        request.scope, Period(today - timedelta(days=DAYS - 1), today)
    )
    may = _may(request, request.organisation)
    context = {
        "found": found, "crossing": crossing, "days": DAYS, "may": may, "form": WhoForm(),
        "known_share": _share(found.known, found.people),
        "crossed_share": _percent(crossing.share), "range": _range(crossing),
        "counted_share": _share(crossing.purchases, crossing.all),
        "precision": _percent(None if found.precision is None else Decimal(str(found.precision))),
        "guards": [
            {"word": _(words.REASONS[name][0]), "why": _(words.REASONS[name][1]), "count": count}
            for name, count in selectors.guards_hit(ids).items() if name in words.REASONS
        ],
        "said": _said(ids) if may else [],
    }  # fmt: skip
    return render(request, "identity/identity.html", context)


@login_required
@require_POST
def find(request: ScopedRequest) -> HttpResponse:
    """Whom one looks for is posted: an address of a page is written down in too many places."""
    organisation = request.organisation
    if organisation is None or not _may(request, organisation):
        raise PermissionDenied
    form = WhoForm(request.POST)
    if form.is_valid():
        key = selectors.find(_below(request, organisation), **form.said)
        if key is not None:
            return redirect("identity-person", key=key)
        messages.info(request, _("Nobody is known by that name here."))
    return redirect("identity")


@login_required
@require_safe
def person(request: ScopedRequest, key: int) -> HttpResponse:
    found, organisation = _person(request, key)
    names = {one.key: one for one in (*found.identifiers, *found.beside)}
    links = [
        {
            "link": link, "rules": words.rules(link.rules),
            "one": names[link.one], "other": names[link.other],
            "one_word": words.kind(names[link.one].kind),
            "other_word": words.kind(names[link.other].kind),
            "one_text": selectors.written(names[link.one]),
            "other_text": selectors.written(names[link.other]),
            "reason": _(words.REASONS[link.reason][0]) if link.reason in words.REASONS else "",
            "probability": None if link.probability is None
            else words.likelihood(link.probability),
        }
        for link in found.links if link.one in names and link.other in names
    ]  # fmt: skip
    identifiers = [
        {"one": one, "word": words.kind(one.kind), "text": selectors.written(one, whole=True)}
        for one in found.identifiers
    ]
    context = {
        "person": found, "organisation_of": organisation, "identifiers": identifiers,
        "links": links,
    }  # fmt: skip
    return render(request, "identity/person.html", context)


@login_required
@require_POST
def cut(request: ScopedRequest, key: int) -> HttpResponse:
    _person(request, key)
    return _correct(request, key, "cut")


@login_required
@require_POST
def apart(request: ScopedRequest, key: int) -> HttpResponse:
    _person(request, key)
    return _correct(request, key, "never")


def _correct(request: ScopedRequest, key: int, word: str) -> HttpResponse:
    act = services.cut_link if word == "cut" else services.hold_apart
    try:
        act(actor=request.user, one=_number(request, "one"), other=_number(request, "other"))
    except (NotFound, Forbidden) as error:
        raise Http404 from error
    except RegieError as problem:
        messages.error(request, say(problem.sentence))
    else:
        messages.success(
            request, _("Done. Every report follows, and you can take it back: see “What was said”.")
        )
    return redirect("identity-person", key=key)


@login_required
@require_POST
def take_back(request: ScopedRequest, correction_id: int) -> HttpResponse:
    try:
        services.take_back(actor=request.user, correction_id=correction_id)
    except (NotFound, Forbidden) as error:
        raise Http404 from error
    messages.success(request, _("Taken back: people and reports are as they were."))
    return redirect("identity")


def _person(request: ScopedRequest, key: int) -> tuple[Person, Organisation]:
    """Hidden, absent and not for this reader answer alike."""
    found = selectors.person(key)
    owner = next(
        (one for one in request.organisations if found and one.pk == found.organisation_id), None
    )
    if found is None or owner is None or not _may(request, owner):
        raise Http404
    return found, owner


def _said(ids: Sequence[int]) -> list[dict[str, Any]]:
    return [
        {"said": one, "word": _(words.WORDS[one.word]), "by": actor_word(one.said_by)}
        for one in selectors.corrections(ids)
    ]


def _may(request: ScopedRequest, organisation: Organisation | None) -> bool:
    return organisation is not None and selectors.may_look(
        actor=request.user, organisation=organisation
    )


def _below(request: ScopedRequest, organisation: Organisation) -> list[int]:
    return [one.pk for one in request.organisations if one.path.startswith(organisation.path)]


def _share(part: int, whole: int) -> str:
    return figures.percent(Decimal(part) / whole) if whole else "–"


def _percent(share: Decimal | None) -> str:
    return "–" if share is None else figures.percent(share)


def _range(crossing: selectors.Crossing) -> str:
    if crossing.share is None or crossing.probably_crossed == crossing.crossed:
        return ""
    return _percent(crossing.probable_share)


def _number(request: ScopedRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0
