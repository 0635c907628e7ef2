"""Reads about plans, in the current context: row security hides those of others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from regie.apps.accounts.models import User
from regie.apps.budgets import policies
from regie.apps.budgets.models import Plan
from regie.apps.organisations.models import Organisation
from regie.domain.planning.funnel import Assumptions
from regie.domain.planning.plan import BudgetPlan, Direction
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _
from regie.kernel.periods import Period


@dataclass(frozen=True)
class PlanCard:
    """A saved plan and what ``actor`` may do with it."""

    id: int
    organisation: Organisation
    author: str
    plan: BudgetPlan
    is_shared: bool
    is_archived: bool
    changed_at: datetime
    can_change: bool


def plans_of(organisation: Organisation, *, actor: User) -> list[PlanCard]:
    """The latest first; archived ones last."""
    found = Plan.objects.filter(organisation=organisation).select_related("organisation")
    administers = policies.administers(actor=actor, organisation=organisation)
    return [
        _card(one, can_change=administers or one.author_id == actor.pk)
        for one in found.order_by("is_archived", "-changed_at", "-pk")
    ]


def plan_card(plan_id: int, *, actor: User) -> PlanCard:
    found = Plan.objects.filter(pk=plan_id).select_related("organisation").first()
    if found is None:
        raise NotFound(_("There is no such plan."))
    return _card(found, can_change=policies.can_change(actor=actor, plan=found))


def _card(record: Plan, *, can_change: bool) -> PlanCard:
    return PlanCard(
        id=record.pk,
        organisation=record.organisation,
        author=record.author,
        plan=_as_written(record),
        is_shared=record.is_shared,
        is_archived=record.is_archived,
        changed_at=record.changed_at,
        can_change=can_change,
    )


def _as_written(record: Plan) -> BudgetPlan:
    days = record.starts_on and record.ends_on and Period(record.starts_on, record.ends_on)
    return BudgetPlan(
        name=record.name,
        direction=Direction(record.direction),
        amount=record.amount,
        assumptions=Assumptions(record.conversion_rate, record.click_rate, record.cpm),
        currency=record.currency,
        window_days=record.window_days,
        lag_days=record.lag_days,
        period=days or None,
        campaign=record.campaign,
        objective=record.objective_id,
    )
