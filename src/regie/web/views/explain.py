"""“Where does this come from?”: a page of its own, or a panel over the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from regie.apps.access.selectors import scope_of
from regie.apps.dashboards import selectors as dashboards
from regie.apps.organisations import selectors as organisations
from regie.domain.metrics.query import Query
from regie.kernel.errors import RegieError
from regie.kernel.scope import Scope
from regie.web.report import page as report_page
from regie.web.report import results, twins
from regie.web.report.asked import HEADLINE, Asked, read_asked
from regie.web.report.breakdown import question as table_question
from regie.web.report.breakdown import row_name
from regie.web.report.columns import shown
from regie.web.report.explanation import (
    Explained,
    earlier,
    last_monday,
    lay_out,
)
from regie.web.report.filters import chips
from regie.web.report.page import Ask
from regie.web.report.timeline import period_text
from regie.web.report.worked_out import questions, together
from regie.web.requests import ScopedRequest
from regie.web.views.report import state_of

ROWS_OF = "rows_"


@login_required
@require_safe
def explain(request: ScopedRequest) -> HttpResponse:
    asked = read_asked(request.GET, state_of(request))
    if asked is None:
        raise Http404
    scope = _scope(request, asked)
    ask = dashboards.asker(scope)
    names = {one.slug: one.name for one in request.organisations}
    context: dict[str, Any] = {
        "asked": asked,
        "report": asked.state.address(),
        "where": "",
        "has_network": len(names) > 1,
        "explained": None,
        "refusal": None,
    }
    try:
        context["where"] = where_words(asked, ask, names)
        context["explained"] = explained(scope, asked, ask, request)
    except RegieError as refusal:
        context["refusal"] = refusal
    is_panel = request.headers.get("HX-Request") == "true"
    return render(
        request, "report/explanation.html" if is_panel else "report/explain.html", context
    )


def explained(scope: Scope, asked: Asked, ask: Ask, request: ScopedRequest) -> Explained:
    zone = ZoneInfo(request.organisation.time_zone if request.organisation else "Europe/Paris")
    asks = questions(question_of(asked, ask), asked.figure, asked.lag)
    now = together([ask(one) for one in asks])
    pages = pages_of(request.GET)
    wanted = {key.removeprefix(ROWS_OF): n for key, n in pages.items()}
    found = [dashboards.explain(one, scope, pages=wanted) for one in asks]
    monday = last_monday(asked.state.today, zone)
    ask_then = partial(_then, scope)
    return lay_out(asked, now, found, earlier(asked, asks, now, monday, ask_then), pages)


def _scope(request: ScopedRequest, asked: Asked) -> Scope:
    """What one reads; of a plan of an organisation below, what that organisation reads."""
    if not asked.branch:
        return request.scope
    for one in request.organisations:
        if one.slug == asked.branch:
            return scope_of(organisations.branch_of(one))
    raise Http404


def question_of(asked: Asked, ask: Ask) -> Query:
    state = asked.state
    if asked.part == HEADLINE or not state.shows_results or state.shown_split == "ad":
        return asked.question(table_question(state))
    if asked.row == "" and state.shown_split == "platform":
        names = (*shown(state), asked.name)
        return replace(results.of_no_platform(state, ask, names), metrics=(asked.name,))
    if asked.row and state.shown_split == "platform":
        # Its results are those of its campaigns.
        narrowed = replace(state, path=(*state.path, ("platform", asked.row)))
        return replace(results.question(narrowed, ask)[0], metrics=(asked.name,))
    table, _campaigns = results.question(state, ask)
    alone = replace(asked, row=None, platform="").question(table)
    row = [] if asked.row is None else [twins.filter_of(state.shown_split, asked.row)]
    return replace(alone, where=(*table.where, *row))


def _then(scope: Scope, question: Any, moment: Any) -> Any:
    return dashboards.was_shown(question, scope, moment)


def pages_of(asked: Mapping[str, str]) -> dict[str, int]:
    """``rows_orders=2``: the second page of the orders beneath."""
    return {
        name: int(value)
        for name, value in asked.items()
        if name.startswith(ROWS_OF) and value.isdecimal() and len(value) < 8
    }


def where_words(asked: Asked, ask: Ask, organisations: Mapping[str, str]) -> str:
    """Of what and when, in words: Google Ads › Winter, 1–30 September."""
    state = asked.state
    names = [crumb.label for crumb in report_page.trail(state, ask, organisations)[1:]]
    if asked.branch:
        names.insert(0, organisations[asked.branch])
    if asked.part != HEADLINE and asked.row is not None:
        names.append(_row_word(asked, ask, organisations))
    narrowed = [chip.label for chip in chips(state, ask, organisations)]
    opened = [" › ".join(names)] if names else []
    return ", ".join([*(opened + narrowed or [_("All")]), period_text(state)])


def _row_word(asked: Asked, ask: Ask, organisations: Mapping[str, str]) -> str:
    split = asked.state.shown_split
    answer = ask(question_of(asked, ask))
    row = answer.rows[0] if answer.rows else {split: asked.row}
    return row_name(row, split, organisations)
