"""The planner: plans of one's organisation, one plan in both directions, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regie.apps.budgets import selectors, services
from regie.apps.budgets.selectors import PlanCard
from regie.apps.dashboards import selectors as dashboards
from regie.apps.organisations.models import Organisation
from regie.domain.planning.benchmarks import Benchmark
from regie.domain.planning.plan import BudgetPlan, is_near
from regie.kernel import clock
from regie.kernel.errors import Forbidden, NotFound, RegieError
from regie.kernel.periods import Period, parse_day
from regie.ui import figures
from regie.ui.templatetags.ui import say
from regie.web.planner import actuals, aims, page, post, words
from regie.web.planner.beside import beside
from regie.web.planner.form import PlanForm, texts_of
from regie.web.planner.trial import trial
from regie.web.report.of_plan import OfPlan
from regie.web.report.state import ReportState
from regie.web.requests import ScopedRequest

COURSE = {"direction": "goal", "goal": "1000", "click_rate": "2", "conversion_rate": "2",
          "cpm": "2", "lag_days": "0", "window_days": "30"}  # fmt: skip
USUAL_DAYS = 30
LONGEST_NUMBER = 18  # digits of what a row can be numbered


@login_required
@require_safe
def planner(request: ScopedRequest) -> HttpResponse:
    organisation = request.organisation
    cards = selectors.plans_of(organisation, actor=request.user) if organisation else []
    return render(request, "planner/planner.html", {"plans": [_listed(one) for one in cards]})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ScopedRequest) -> HttpResponse:
    organisation = _organisation(request)
    own = own_figures(organisation, organisation.currency)
    aim = _aim(request, organisation)
    if request.method == "POST":
        is_draft = request.POST.get("act") == "reckon"
        form = PlanForm(request.POST, home_currency=organisation.currency, is_draft=is_draft)
        if form.is_valid() and not is_draft:
            made = services.create_plan(
                actor=request.user, organisation=organisation, plan=form.plan
            )
            messages.success(request, _("The plan is saved. Only you see it until you share it."))
            return redirect("planner-plan", plan_id=made)
    else:
        form = PlanForm(
            initial=_first(request, organisation, own, aim), home_currency=organisation.currency
        )
    context = _form_context(form, own, organisation.currency)
    context["campaigns"] = _campaigns(organisation)
    context["aim"] = aim
    status = 400 if form.errors else 200
    return render(request, "planner/new.html", context, status=status)


@login_required
@require_POST
def preview(request: ScopedRequest) -> HttpResponse:
    """What the form says so far; asked while one types."""
    organisation = _organisation(request)
    form = PlanForm(request.POST, home_currency=organisation.currency, is_draft=True)
    found = form.is_valid()
    own = own_figures(organisation, form.plan.currency) if found else []
    return render(request, "planner/result.html", _result_context(form, own))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: ScopedRequest, plan_id: int) -> HttpResponse:
    card = found(request, plan_id)
    own = own_figures(card.organisation, card.plan.currency)
    home = card.organisation.currency
    if request.method == "POST":
        is_draft = request.POST.get("act") == "reckon"
        form = PlanForm(request.POST, home_currency=home, is_draft=is_draft)
        if form.is_valid() and not is_draft and _changed(request, plan_id, form.plan):
            return redirect("planner-plan", plan_id=plan_id)
    else:
        form = PlanForm(initial=texts_of(card.plan), home_currency=home)
    written = card.plan
    context = {
        **_form_context(form, own, written.currency, written),
        "card": card,
        "campaigns": _campaigns(card.organisation),
        "sentence": page.sentence(written),
        "served": aims.served(written.objective),
        "facts": page.facts(written),
        "trial": trial(written, request.GET),
        "sensitive": page.sensitivity_rows(written),
        **beside_context(request, card),
    }
    if not form.is_bound:
        context["explains"] = reverse("planner-explain", args=[card.id]) + "?"
    return render(request, "planner/plan.html", context, status=400 if form.errors else 200)


@login_required
@require_safe
def what_if(request: ScopedRequest, plan_id: int) -> HttpResponse:
    """The table beneath the sliders alone; asked while they move."""
    card = found(request, plan_id)
    return render(
        request,
        "planner/moved.html",
        {
            "trial": trial(card.plan, request.GET),
            "explain_plan": reverse("planner-explain", args=[card.id]),
        },
    )


@login_required
@require_POST
def share(request: ScopedRequest, plan_id: int) -> HttpResponse:
    shared = request.POST.get("shared") == "yes"
    found(request, plan_id)
    try:
        services.share_plan(actor=request.user, plan_id=plan_id, shared=shared)
    except Forbidden as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
    else:
        said = _("Everybody in the organisation can now read this plan.") if shared else (
            _("Only you see this plan now."))  # fmt: skip
        messages.success(request, said)
    return redirect("planner-plan", plan_id=plan_id)


@login_required
@require_POST
def archive(request: ScopedRequest, plan_id: int) -> HttpResponse:
    archived = request.POST.get("archived") == "yes"
    found(request, plan_id)
    try:
        services.archive_plan(actor=request.user, plan_id=plan_id, archived=archived)
    except Forbidden as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
        return redirect("planner-plan", plan_id=plan_id)
    if archived:
        messages.success(request, _("The plan is archived: it is at the end of the list."))
        return redirect("planner")
    messages.success(request, _("The plan is back among the others."))
    return redirect("planner-plan", plan_id=plan_id)


@login_required
@require_safe
def organic_post(request: ScopedRequest) -> HttpResponse:
    currency = request.organisation.currency if request.organisation else "EUR"
    asked = {name: request.GET.get(name, text) for name, text in post.example().items()}
    form = post.PostForm(asked)
    result = post.reckon(form.cleaned_data, currency) if form.is_valid() else None
    return render(
        request,
        "planner/post.html",
        {"form": form, "result": result, "currency": currency},
        status=400 if form.errors else 200,
    )


def _organisation(request: ScopedRequest) -> Organisation:
    if request.organisation is None:
        raise PermissionDenied
    return request.organisation


def found(request: ScopedRequest, plan_id: int) -> PlanCard:
    try:
        return selectors.plan_card(plan_id, actor=request.user)
    except NotFound as error:
        raise Http404 from error


def _changed(request: ScopedRequest, plan_id: int, written: BudgetPlan) -> bool:
    try:
        services.change_plan(actor=request.user, plan_id=plan_id, plan=written)
    except Forbidden as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
    else:
        messages.success(request, _("The plan is saved."))
    return True


def _today(organisation: Organisation) -> date:
    return clock.now().astimezone(ZoneInfo(organisation.time_zone)).date()


def own_figures(organisation: Organisation, currency: str) -> list[Benchmark]:
    scope = actuals.scope_for(organisation)
    return actuals.measured(scope, today=_today(organisation), currency=currency)


def _campaigns(organisation: Organisation) -> list[str]:
    scope = actuals.scope_for(organisation)
    return actuals.campaigns(scope, today=_today(organisation))


def _first(
    request: ScopedRequest,
    organisation: Organisation,
    own: list[Benchmark],
    aim: aims.Start | None,
) -> dict[str, Any]:
    """A new plan starts from the one that is copied, else from one's own figures and what is
    aimed at."""
    copied = request.GET.get("copy", "")
    if copied.isdecimal():
        written = found(request, int(copied)).plan
        name = _("{name} (copy)").format(name=written.name)[:120]
        return texts_of(written) | {"name": name}
    measured = {one.field: words.typed(one.field, one.value) for one in own}
    usual = {**COURSE, "currency": organisation.currency, **measured}
    if aim is None:
        return usual
    started = {**usual, **aim.said}
    if started["currency"] != organisation.currency:
        # A price in one currency is none in another.
        started["cpm"] = COURSE["cpm"]
    return started


def _aim(request: ScopedRequest, organisation: Organisation) -> aims.Start | None:
    """The objective that a new plan was asked for, where a plan can be made of it."""
    number = request.GET.get("objective", "")
    if not number.isdecimal() or len(number) > LONGEST_NUMBER:
        return None
    try:
        card = dashboards.objective_card(int(number))
    except NotFound as error:
        raise Http404 from error
    return aims.start(
        card.id, card.objective, dashboards.asker(actuals.scope_for(organisation)),
        lately=actuals.lately(_today(organisation)), calendar=organisation.calendar,
    )  # fmt: skip


def _form_context(
    form: PlanForm, own: list[Benchmark], currency: str, written: BudgetPlan | None = None
) -> dict[str, Any]:
    return {
        "form": form,
        "beside_fields": page.beside_fields(currency, own),
        **_result_context(form, own, written),
    }


def _result_context(
    form: PlanForm, own: list[Benchmark], written: BudgetPlan | None = None
) -> dict[str, Any]:
    """The form as it is typed; before anything is typed, the plan that it starts from."""
    if not form.is_bound:
        start = PlanForm(form.initial, home_currency=form.initial["currency"], is_draft=True)
        reckoned = written or (start.plan if start.is_valid() else None)
    else:
        reckoned = form.plan if form.is_valid() else None
    return {
        "result": page.result(reckoned, own) if reckoned else None,
        "problems": form.problems if form.is_bound else [],
        "explains": f"{reverse('planner-explain-draft')}?{form.said}&",
    }


def _listed(card: PlanCard) -> dict[str, Any]:
    shown, code = card.plan.forecast().shown(card.plan.currency), card.plan.currency
    return {
        "card": card,
        "sales": figures.decimal(shown.sales, digits=0),
        "budget": figures.money(shown.budget, code),
        "cpa": figures.money(shown.cpa, code),
        "days": figures.days(card.plan.period.start, card.plan.period.end)
        if card.plan.period
        else figures.MISSING,
    }


def beside_context(request: ScopedRequest, card: PlanCard) -> dict[str, Any]:
    today = _today(card.organisation)
    period, problem = _asked_period(request, card.plan, today)
    scope = actuals.scope_for(card.organisation)

    def ask(spending: Period, selling: Period) -> actuals.Happened:
        return actuals.happened(
            scope,
            spending=spending,
            selling=selling,
            currency=card.plan.currency,
            campaign=card.plan.campaign,
        )

    return {
        "beside": beside(card.plan, period, ask, today=today, why=_why(request, card, period)),
        "beside_problem": problem,
        "today": today,
    }


def _why(request: ScopedRequest, card: PlanCard, period: Period) -> Callable[[str], str]:
    """What explains a figure: from the plan's own organisation, where one acts for it or above."""
    here, home = request.organisation, card.organisation.currency
    is_home = here is not None and here.pk == card.organisation.pk
    if not is_home and card.organisation.pk not in {one.pk for one in request.organisations}:
        return lambda _name: ""
    own = here.currency if here is not None else home
    state = ReportState(
        _today(card.organisation),
        preset="dates",
        period=period,
        currency="" if card.plan.currency == own else card.plan.currency,
        home_currency=own,
        filters=(("campaign", (card.plan.campaign,)),) if card.plan.campaign else (),
    )
    branch = "" if is_home else card.organisation.slug
    return OfPlan(state, card.plan.lag_days, branch).address


def _asked_period(request: ScopedRequest, written: BudgetPlan, today: date) -> tuple[Period, str]:
    usual = written.period or Period(today - timedelta(days=USUAL_DAYS), today - timedelta(days=1))
    start, end = request.GET.get("from", ""), request.GET.get("to", "")
    if not (start and end):
        return usual, ""
    try:
        asked = Period(parse_day(start), parse_day(end))
    except RegieError as error:
        return usual, f"{say(error.sentence)} {say(error.hint)}"
    return (asked, "") if is_near(asked) else (usual, _("These days are too far away for a plan."))
