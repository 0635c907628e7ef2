"""The journal of the branch one acts for: who did what, when; searched, filtered, exported."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from regie.apps.audit import selectors as audit
from regie.apps.audit.selectors import Asked
from regie.web.console.forms import ANY, Day
from regie.web.console.journal_words import AREAS, action_word, details_words
from regie.web.console.page import ConsoleRequest, administrators_only, show
from regie.web.console.paging import Bounded
from regie.web.import_rows import actor_word
from regie.web.spreadsheets import as_csv

LISTED = 50
MOST_EXPORTED = 100_000


class FindLines(forms.Form):
    text = forms.CharField(
        label=_("Person, address or word"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    area = forms.ChoiceField(label=_("About"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=Day())
    until = forms.DateField(label=_("To"), required=False, widget=Day())

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        area = self.fields["area"]
        assert isinstance(area, forms.ChoiceField)  # noqa: S101
        area.choices = [ANY, *((name, _(word)) for name, word in AREAS.items())]


@administrators_only
@require_safe
def journal(request: ConsoleRequest) -> HttpResponse:
    form, asked = _asked(request)
    page = Bounded(_lines(request, asked), LISTED).get_page(request.GET.get("page"))
    names = {one.pk: one.name for one in request.organisations}
    said = {name: value for name, value in request.GET.items() if name != "page" and value}
    context = {
        "form": form,
        "page": page,
        "query": urlencode(said),
        "is_filtered": bool(said),
        "has_branch": len(request.branch) > 1,
        "lines": [
            {
                "at": one.at,
                "actor": actor_word(one.actor),
                "action": action_word(one.action),
                "details": details_words(one.details),
                "organisation": names.get(one.organisation_id, ""),
            }
            for one in map(audit.line, page)
        ],
    }
    return show(request, "console/journal.html", context)


@administrators_only
@require_safe
def journal_csv(request: ConsoleRequest) -> HttpResponse:
    """Every line that matches, with its code and all its details, for who has to prove it."""
    _form, asked = _asked(request)
    names = {one.pk: one.name for one in request.organisations}
    rows = (
        (one.at.isoformat(), names.get(one.organisation_id, ""), one.actor, one.action,
         json.dumps(one.details, ensure_ascii=False, sort_keys=True))
        for one in map(audit.line, _lines(request, asked)[:MOST_EXPORTED])
    )  # fmt: skip
    return as_csv("journal", ("at", "organisation", "actor", "action", "details"), rows)


def _asked(request: ConsoleRequest) -> tuple[FindLines, Asked]:
    form = FindLines(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    zone = request.organisation.time_zone
    return form, Asked(
        said.get("text", ""), said.get("area", ""), said.get("since"), said.get("until"), zone
    )


def _lines(request: ConsoleRequest, asked: Asked) -> Any:
    return audit.lines_of(request.branch, asked)
