"""The report: one page that says what was spent, what it earned and what changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from regie.apps.dashboards import selectors as dashboards
from regie.apps.dashboards.selectors import ObjectiveCard
from regie.domain.metrics.query import Answer, Query
from regie.kernel import clock
from regie.kernel.periods import Period
from regie.ui import figures
from regie.ui.charts import Mark
from regie.ui.platforms import platform
from regie.web.events.words import in_order, with_marks
from regie.web.report import page as report_page
from regie.web.report import periods
from regie.web.report.columns import has_more_in_results, shown, table_kind, themes
from regie.web.report.filters import caveat, chips
from regie.web.report.market import lines
from regie.web.report.page import Choice, Report
from regie.web.report.periods import COMPARISONS, DEFAULT, LABELS, USUAL, comparison_word
from regie.web.report.state import ANEW, ReportState, read_state
from regie.web.report.targets import with_targets
from regie.web.report.timeline import period_text
from regie.web.requests import ScopedRequest

# A source that stopped more than a week before its siblings is worth a look.
LATE = timedelta(days=7)
COLUMNS, MOST_COLUMNS = "columns", 80
CURRENCIES = ("EUR", "CHF", "GBP", "USD")


def home(request: HttpRequest) -> HttpResponse:
    """The report, once one is somebody and has an organisation."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    return redirect("report" if getattr(request, "organisation", None) else "start")


@login_required
@require_safe
def report(request: ScopedRequest) -> HttpResponse:
    state, ask = state_of(request), ask_of(request)
    if COLUMNS in request.GET:
        request.session[COLUMNS] = list(state.columns)[:MOST_COLUMNS]
    if request.headers.get("HX-Target") == "breakdown":
        return _table_alone(request, state, ask)
    built = report_page.build(
        state, ask, organisations={one.slug: one.name for one in request.organisations}
    )
    elsewhere = _days_with_figures(request, state, ask) if built.is_empty else ""
    if elsewhere:
        messages.info(
            request, _("The last 30 days have no figures yet: here are the last that have.")
        )
        return redirect(reverse("report") + elsewhere)
    saved: Sequence[Any] = ()
    market: Sequence[Any] = ()
    if request.organisation is not None:
        aims = dashboards.objectives_of(request.organisation)
        saved = dashboards.saved_views(request.organisation, actor=request.user)
        sizes = dashboards.sizes_of(request.organisation)
        built = with_targets(built, state, aims, ask, sizes)
        market = lines(state, sizes, ask, aims) if sizes else []
        built = with_marks(built, marks(request, state, aims))
    context = context_of(state, built, ask)
    names = {one.slug: one.name for one in request.organisations}
    context |= {
        "columns": column_choices(state),
        "picks": picks(state, built),
        "saved_views": saved,
        "market": market,
        "market_csv": reverse("report-market-csv") + state.address(),
        "chips": chips(state, ask, names),
        "caveat": caveat(state),
    }
    return render(request, "report/report.html", context)


def _table_alone(
    request: ScopedRequest, state: ReportState, ask: Callable[[Query], Answer]
) -> HttpResponse:
    """The table without the rest of the page, for a row that opens or a name that is sought."""
    names = {one.slug: one.name for one in request.organisations}
    built = report_page.build_table(state, ask, organisations=names)
    context = context_of(state, built, ask) | {
        "columns": column_choices(state),
        "picks": picks(state, built),
    }
    context["table"] = built.breakdown
    response = render(request, "report/breakdown.html", context)
    # The same address is a whole page: no cache may give the part for it.
    response["Cache-Control"] = "no-store"
    return response


def marks(request: ScopedRequest, state: ReportState, aims: Sequence[ObjectiveCard]) -> list[Mark]:
    """The events of the period, of the organisation that is looked at."""
    here = request.organisation
    if here is None:
        return []
    opened = dict(state.path).get("organisation", "")
    here = next((one for one in request.organisations if one.slug == opened), here)
    events = dashboards.events_of(here, request.organisations, state.period)
    names = {one.pk: one.name for one in request.organisations}
    return in_order(state.period, events, () if state.path else aims, names, here)


def state_of(request: ScopedRequest) -> ReportState:
    organisation = request.organisation
    if organisation is None:
        return read_state(request.GET, today=clock.today(), home_currency="EUR")
    # At midnight in Paris it is still yesterday elsewhere: the organisation's day counts.
    today = clock.now().astimezone(ZoneInfo(organisation.time_zone)).date()
    state = read_state(
        request.GET, today=today, home_currency=organisation.currency,
        calendar=organisation.calendar,
    )  # fmt: skip
    # What one has chosen stays chosen; a link that says its columns goes before.
    if COLUMNS in request.GET:
        return state
    return replace(state, columns=tuple(map(str, request.session.get(COLUMNS, []))))


def ask_of(request: ScopedRequest) -> Callable[[Query], Answer]:
    return dashboards.asker(request.scope)


def context_of(state: ReportState, built: Report, ask: Callable[[Query], Answer]) -> dict[str, Any]:
    latest = _last_days(ask) if built.is_empty else None
    table = built.breakdown
    return {
        "state": state,
        "report": built,
        "title": built.trail[-1].label if built.trail else _("Report"),
        "subtitle": subtitle(state),
        "problem": state.problem,
        "refusals": built.refusals,
        "notes": built.notes,
        "sources": source_rows(state, built.freshness),
        "has_imports": not built.is_empty or latest is not None,
        "latest": _those(state, latest) if latest else "",
        "previous_page": _page(state, table.page - 1) if table and table.page > 1 else "",
        "next_page": _page(state, table.page + 1) if table and table.page < table.pages else "",
        "chart_csv": reverse("report-chart-csv") + state.address(),
        "table_csv": reverse("report-table-csv") + state.address(),
        "table_xlsx": reverse("report-table-xlsx") + state.address(),
        "find_kept": parse_qsl(state.address(find="", page=1, opened=()).removeprefix("?")),
        "find_none": state.address(find="", page=1, opened=()),
        **controls(state),
    }


def controls(state: ReportState) -> dict[str, Any]:
    presets = [
        Choice(_(LABELS[name]), state.address(preset=name, page=1), name == state.preset)
        for name in periods.presets(state.calendar)
    ]
    comparisons = [
        Choice(_(COMPARISONS[name]), state.address(comparison=name), name == state.comparison)
        for name in periods.comparisons(state.calendar)
    ]
    codes = dict.fromkeys([state.home_currency, *CURRENCIES, state.money])
    currencies = [
        Choice(
            f"{code} · {figures.currency_name(code)}",
            state.address(currency="" if code == state.home_currency else code),
            code == state.money,
        )
        for code in codes
        if code
    ]
    kept = parse_qsl(state.address(preset=DEFAULT, page=1).removeprefix("?"))
    return {
        "presets": presets,
        "comparisons": comparisons,
        "currencies": currencies,
        "commands": presets,
        "period_word": _period_word(state),
        "compared": state.compared,
        "kept_compared": parse_qsl(state.address(comparison=USUAL).removeprefix("?")),
        "comparison_word": comparison_word(state.comparison, state.compared),
        "currency_label": _("Currency: {code}").format(code=state.money),
        "kept": kept,
    }


def column_choices(state: ReportState) -> dict[str, Any]:
    """Which columns this table may have; those chosen for other tables go along."""
    kind = table_kind(state)
    others = [one for one in state.columns if not one.startswith(f"{kind}.")]
    bare = replace(state, columns=tuple(others), page=1, sort="").address()
    return {
        "kept": parse_qsl(bare.removeprefix("?")),
        "themes": themes(state),
        "count": len(shown(state)),
        "is_usual": not any(one.startswith(f"{kind}.") for one in state.columns),
        "usual": f"{bare}&{COLUMNS}=#breakdown",
        "results": state.address(view="results", **ANEW) if has_more_in_results(state) else "",
    }


def picks(state: ReportState, built: Report) -> dict[str, Any]:
    """What goes along when two rows are laid side by side; nothing where rows cannot be."""
    table = built.breakdown
    if table is None or sum(bool(row.pick) for row in table.rows) < 2:
        return {}
    return {"kept": parse_qsl(state.address(page=1, opened=(), find="").removeprefix("?"))}


def subtitle(state: ReportState) -> str:
    said = _("{days}: spend and results").format(days=period_text(state))
    compared = state.compared
    if compared is None:
        return said + "."
    days = figures.days(compared.start, compared.end)
    if state.has_dates_beside and compared.days != state.period.days:
        return ngettext(
            "{sentence} (compared with {days}, which is {count} day: sums stand as they are).",
            "{sentence} (compared with {days}, which are {count} days: sums stand as they are).",
            compared.days,
        ).format(sentence=said, days=days, count=figures.decimal(compared.days, digits=0))
    return _("{sentence} (compared with {days}).").format(sentence=said, days=days)


def _period_word(state: ReportState) -> str:
    return period_text(state) if state.preset == "dates" else _(LABELS[state.preset])


def _page(state: ReportState, number: int) -> str:
    return state.address(page=number) + "#breakdown"


def source_rows(state: ReportState, freshness: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One line for each platform: how many accounts, their last day, and those that lag."""
    by_platform: dict[str, list[date]] = {}
    opened = {level: value for level, value in state.path if level in {"platform", "organisation"}}
    for one in freshness:
        if any(one[level] != value for level, value in opened.items()):
            continue
        by_platform.setdefault(str(one["platform"]), []).append(one["last_day"])
    rows = []
    for slug, days in sorted(by_platform.items(), key=lambda item: platform(item[0]).name):
        latest = max(days)
        rows.append(
            {
                "name": platform(slug).name,
                "colour": platform(slug).colour,
                "accounts": len(days),
                "until": figures.day(latest),
                "late": sum(day < latest - LATE for day in days),
            }
        )
    return rows


def _days_with_figures(
    request: ScopedRequest, state: ReportState, ask: Callable[[Query], Answer]
) -> str:
    """Where to go when nobody asked for these days and older files alone were brought."""
    if state.path or state.filters or request.GET.keys() & {"period", "from", "to"}:
        return ""
    latest = _last_days(ask)
    return _those(state, latest) if latest else ""


def _last_days(ask: Callable[[Query], Answer]) -> Period | None:
    """The last days with figures: a month at most, a week at least."""
    answer = ask(Query(("spend", "orders"), by=("date",), currency="EUR"))
    found = [row["date"] for row in answer.rows if isinstance(row.get("date"), date)]
    if not found:
        return None
    latest = max(found)
    start = min(min(found), latest - timedelta(days=6))
    return Period(max(start, latest - timedelta(days=29)), latest)


def _those(state: ReportState, period: Period) -> str:
    return replace(state, preset="dates", period=period).address()
