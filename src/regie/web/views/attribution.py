"""Who earned it: models side by side, journeys, where a credit comes from, and the exports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regie.apps.attribution import selectors, services
from regie.apps.attribution.selectors import Attribution, Beside
from regie.apps.organisations import policies
from regie.domain.attribution.models import models
from regie.domain.attribution.questions import QUALIFIED
from regie.domain.metrics.query import Crediting
from regie.kernel import clock
from regie.kernel.errors import Forbidden
from regie.kernel.scope import Scope
from regie.ui import figures
from regie.web.attribution import behind, controls, rests, tables
from regie.web.attribution import journeys as looks
from regie.web.attribution.behind import Behind
from regie.web.attribution.flow import flowing
from regie.web.attribution.state import State, kind_of, read_state
from regie.web.attribution.words import CONVERSIONS, conversions_of, unit_name
from regie.web.requests import ScopedRequest
from regie.web.spreadsheets import as_csv, as_xlsx


@dataclass(frozen=True)
class Asked:
    state: State
    answer: Attribution
    beside: Beside
    names: dict[str, str]
    has_probable: bool
    events: list[str]


@login_required
@require_safe
def attribution(request: ScopedRequest) -> HttpResponse:
    asked = _asked(request)
    state, answer = asked.state, asked.answer
    context = _context(asked, "attribution") | {
        "table": tables.compared(
            state, answer, asked.beside, asked.names, _both_ways(asked, request.scope)
        ),
        "earned": tables.earned(state, answer, asked.beside, asked.names),
        "headline": rests.headline(state, answer, asked.beside),
        "rests": rests.rests(answer, asked.beside),
        "shops": rests.shops(state, selectors.both_ways(state.question, request.scope)),
        "told": rests.told(state, selectors.told(state.question, request.scope), answer),
        "revised": rests.revised(
            state, selectors.revised(state.question, request.scope), asked.names
        ),
        "uncounted": rests.uncounted(
            selectors.closed_without_own_events(request.scope, state.question)
        ),
        "model": models()[state.model],
        "model_name": _(models()[state.model].label),
        "in_reports": state.kind in _in_reports(asked.events),
        "is_usual": state.usual == _crediting(state),
        "kind_word": conversions_of(state.kind),
        "may_choose": _may_choose(request),
        "csv": reverse("attribution-csv") + state.address(),
        "xlsx": reverse("attribution-xlsx") + state.address(),
    }
    return render(request, "attribution/attribution.html", context)


@login_required
@require_POST
def choose(request: ScopedRequest) -> HttpResponse:
    """From now on the reports of the organisation use the model and window of this page."""
    state = _state(request)
    crediting = _crediting(state)
    if request.organisation is None or state.kind not in _in_reports(
        selectors.own_events(request.scope)
    ):
        raise Http404
    try:
        services.choose(
            actor=request.user, organisation=request.organisation, crediting=crediting,
            kind=state.kind, below=True,
        )  # fmt: skip
    except Forbidden as error:
        raise PermissionDenied from error
    messages.success(request, _("Your reports and those of organisations below use this model."))
    return redirect(reverse("attribution") + replace(state, usual=crediting).address() + "#models")


@login_required
@require_safe
def journeys(request: ScopedRequest) -> HttpResponse:
    asked = _asked(request)
    state, answer, names = asked.state, asked.answer, asked.names
    context = _context(asked, "attribution-journeys") | {
        "flow": flowing(state, answer, names),
        "helpers": looks.helpers(state, answer, names),
        "days_to": looks.days_to(answer),
        "touches_to": looks.touches_to(answer),
        "ways": looks.ways(state, answer, names),
        "all_ways": answer.all_paths,
        "csv": reverse("attribution-journeys-csv") + state.address(),
        "moves": looks.moves(state, answer, names),
        "steps_csv": reverse("attribution-steps-csv") + state.address(),
    }
    return render(request, "attribution/journeys.html", context)


@login_required
@require_safe
def explain(request: ScopedRequest) -> HttpResponse:
    """“Where does this come from?”: the conversions behind a figure, each with its journey."""
    asked = _asked(request)
    found = _behind(request, asked)
    if found is None:
        raise Http404
    context = _context(asked, "attribution") | {"behind": found}
    is_panel = request.headers.get("HX-Request") == "true"
    template = "explanation.html" if is_panel else "explain.html"
    return render(request, f"attribution/{template}", context)


@login_required
@require_safe
def table_csv(request: ScopedRequest) -> HttpResponse:
    header, rows = _table(_asked(request))
    return as_csv("regie-attribution", header, rows)


@login_required
@require_safe
def table_xlsx(request: ScopedRequest) -> HttpResponse:
    asked = _asked(request)
    header, rows = _table(asked)
    notes = [
        [_("Days"), figures.days(asked.state.period.start, asked.state.period.end)],
        [_("Currency"), asked.state.currency],
        *([label, value] for label, value, _hint in rests.rests(asked.answer, asked.beside)),
    ]
    numbers = [[_number(value) for value in row] for row in rows]
    return as_xlsx("regie-attribution", header, numbers, notes)


@login_required
@require_safe
def steps_csv(request: ScopedRequest) -> HttpResponse:
    """The chain that Markov solves: from where to where, how often, with what odds."""
    asked = _asked(request)
    known = {unit: unit_name(asked.state.unit, unit, asked.names) for unit in asked.answer.units}
    rows = selectors.transitions(asked.answer, known)
    header = list(selectors.TRANSITIONS)
    return as_csv("regie-steps", header, [[row[name] for name in header] for row in rows])


@login_required
@require_safe
def journeys_csv(request: ScopedRequest) -> HttpResponse:
    asked = _asked(request)
    rows = [
        [
            " > ".join(unit_name(asked.state.unit, one, asked.names) for one in row["path"]),
            Decimal(repr(row["total_conversions"])),
            Decimal(repr(row["total_conversion_value"])) if asked.answer.has_value else None,
            Decimal(repr(row["total_null"])),
        ]
        for row in asked.answer.paths.to_pylist()
    ]
    header = ["path", "total_conversions", "total_conversion_value", "total_null"]
    return as_csv("regie-journeys", header, rows)


def _behind(request: ScopedRequest, asked: Asked) -> Behind | None:
    wanted, scope = request.GET, request.scope
    if "way" in wanted:
        return behind.of_way(asked.state, scope, wanted["way"])
    if "heard" in wanted:
        return behind.of_answer(asked.state, scope, wanted["heard"], asked.names)
    unit = wanted.get("of", "")[:300]
    return behind.of_unit(asked.state, asked.answer, asked.beside, scope, unit, asked.names)


def _both_ways(asked: Asked, scope: Scope) -> tuple[Attribution, Attribution] | None:
    """By certain links alone and with the probable ones: a range, where there are such links."""
    if not asked.has_probable:
        return None
    question = asked.state.question
    certain, probable = (
        selectors.attribution(replace(question, probable=one), scope) for one in (False, True)
    )
    return certain, probable


def _table(asked: Asked) -> tuple[list[str], list[list[Any]]]:
    """Exact, all models; units as people call them."""
    known = {unit: unit_name(asked.state.unit, unit, asked.names) for unit in asked.answer.units}
    rows = selectors.rows(asked.answer, asked.beside, known)
    header = [*selectors.COLUMNS, "currency"]
    return header, [
        [*(row[name] for name in selectors.COLUMNS), asked.state.currency] for row in rows
    ]


def _number(value: Any) -> Any:
    """Exact texts as numbers, which a sheet can add up."""
    try:
        return Decimal(value) if isinstance(value, str) else value
    except ArithmeticError:
        return value


def _asked(request: ScopedRequest) -> Asked:
    state = _state(request)
    question = state.question
    answer = selectors.attribution(question, request.scope)
    units: Sequence[str] = answer.units
    beside = selectors.beside(question, request.scope, list(units))
    names = selectors.unit_names(state.unit, units)
    if state.unit == "location":
        names = selectors.location_names([*units, *beside.units])
    return Asked(state, answer, beside, names, selectors.has_probable(request.scope),
                 selectors.own_events(request.scope))  # fmt: skip


def _state(request: ScopedRequest) -> State:
    organisation = request.organisation
    if organisation is None:
        return read_state(request.GET, today=clock.today(), currency="EUR")
    usual = selectors.in_use(request.scope, kind_of(request.GET))
    today = clock.now().astimezone(ZoneInfo(organisation.time_zone)).date()
    return read_state(
        request.GET, today=today, currency=organisation.currency, calendar=organisation.calendar,
        usual=usual,
    )  # fmt: skip


def _in_reports(events: Sequence[str]) -> list[str]:
    """Kinds of conversion that reports share out."""
    return [*CONVERSIONS, *events]


def _crediting(state: State) -> Crediting:
    return Crediting(state.model, state.lookback, state.lag)


def _may_choose(request: ScopedRequest) -> bool:
    return request.organisation is not None and policies.administers(
        actor=request.user, organisation=request.organisation, now=clock.now()
    )


def _context(asked: Asked, page: str) -> dict[str, Any]:
    found = asked.answer.rests
    return {
        "state": asked.state,
        "is_empty": not found.conversions and not found.visits,
        "of_states": asked.state.kind in QUALIFIED,
        "has_journeys": bool(found.conversions - found.unattributed),
        "refusals": asked.beside.refusals,
        **controls.controls(
            asked.state, page, has_probable=asked.has_probable, events=asked.events
        ),
    }
