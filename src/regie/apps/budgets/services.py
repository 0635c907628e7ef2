"""Write a plan, share it inside the organisation, put it away; each leaves an audit line."""

from __future__ import annotations

from django.db import transaction

from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.budgets import policies
from regie.apps.budgets.models import Plan
from regie.apps.organisations.models import Organisation
from regie.domain.planning.plan import BudgetPlan
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _
from regie.kernel.money import plain


@transaction.atomic
def create_plan(*, actor: User, organisation: Organisation, plan: BudgetPlan) -> int:
    """A new plan that ``actor`` alone sees until it is shared; gives its id."""
    policies.check_can_plan(actor=actor, organisation=organisation)
    record = Plan(organisation=organisation, author_id=actor.pk, author=str(actor))
    _write(record, plan)
    _record(actor, record, "budgets.plan_created", **_said(plan))
    return record.pk


@transaction.atomic
def change_plan(*, actor: User, plan_id: int, plan: BudgetPlan) -> None:
    record = _found(plan_id)
    policies.check_can_change(actor=actor, plan=record)
    _write(record, plan)
    _record(actor, record, "budgets.plan_changed", **_said(plan))


@transaction.atomic
def share_plan(*, actor: User, plan_id: int, shared: bool) -> None:
    """Let everybody of the organisation, and of those above it, read the plan; or no longer."""
    record = _found(plan_id)
    policies.check_can_share(actor=actor, plan=record, shared=shared)
    Plan.objects.filter(pk=record.pk).update(is_shared=shared)
    action = "budgets.plan_shared" if shared else "budgets.plan_withdrawn"
    _record(actor, record, action, name=record.name)


@transaction.atomic
def archive_plan(*, actor: User, plan_id: int, archived: bool) -> None:
    """Put a plan away, or take it out again; nothing is ever lost."""
    record = _found(plan_id)
    policies.check_can_change(actor=actor, plan=record)
    Plan.objects.filter(pk=record.pk).update(is_archived=archived)
    action = "budgets.plan_archived" if archived else "budgets.plan_restored"
    _record(actor, record, action, name=record.name)


def _found(plan_id: int) -> Plan:
    record = Plan.objects.select_for_update().filter(pk=plan_id).first()
    if record is None:
        raise NotFound(_("There is no such plan."))
    return record


def _write(record: Plan, plan: BudgetPlan) -> None:
    record.name = plan.name
    record.direction = plan.direction.value
    record.amount = plan.amount
    record.conversion_rate = plan.assumptions.conversion_rate
    record.click_rate = plan.assumptions.click_rate
    record.cpm = plan.assumptions.cpm
    record.currency = plan.currency
    record.window_days = plan.window_days
    record.lag_days = plan.lag_days
    record.starts_on = plan.period.start if plan.period else None
    record.ends_on = plan.period.end if plan.period else None
    record.campaign = plan.campaign
    record.objective_id = plan.objective
    record.save()


def _said(plan: BudgetPlan) -> dict[str, str | int | None]:
    """The assumptions as they stood: the journal keeps each version of them."""
    return {
        "name": plan.name,
        "direction": plan.direction.value,
        "amount": plain(plan.amount),
        "conversion_rate": plain(plan.assumptions.conversion_rate),
        "click_rate": plain(plan.assumptions.click_rate),
        "cpm": plain(plan.assumptions.cpm),
        "currency": plan.currency,
        "period": str(plan.period or ""),
        "campaign": plan.campaign,
        "objective_id": plan.objective,
    }


def _record(actor: User, record: Plan, action: str, **details: str | int | None) -> None:
    audit.record(
        organisation_id=record.organisation_id,
        action=action,
        actor_id=actor.pk,
        actor=str(actor),
        plan_id=record.pk,
        **details,
    )
