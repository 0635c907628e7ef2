"""The demo network's budgets as plans to lay beside what happened: last month's and this one's."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

# What the network believed in when it planned: about what the year before had shown.
CONVERSION_RATE, CLICK_RATE, CPM = Decimal("0.0095"), Decimal("0.016"), Decimal(19)
CURRENCY = "EUR"


def plan() -> None:
    """Plans of the whole network, shared with everybody in it; what is there already is left."""
    from babel.dates import format_date

    from regie.apps.access.context import acting_as
    from regie.apps.accounts.models import User
    from regie.apps.budgets import selectors, services
    from regie.apps.organisations.selectors import by_slug
    from regie.demo import plans
    from regie.demo.network import PEOPLE, SLUG
    from regie.demo.seasons import Calendar
    from regie.domain.planning.funnel import Assumptions
    from regie.domain.planning.plan import BudgetPlan, Direction
    from regie.kernel.clock import today
    from regie.kernel.periods import Period, month_end, month_start

    this_month = month_start(today())
    actor = User.objects.get(email=PEOPLE[0].email)
    with acting_as(actor):
        organisation = by_slug(SLUG)
        if organisation is None:
            return
        known = {one.plan.name for one in selectors.plans_of(organisation, actor=actor)}
        for month in (month_start(this_month - timedelta(days=1)), this_month):
            name = f"Réseau, {format_date(month, 'MMMM y', locale='fr')}"
            if name in known:
                continue
            amount = plans.network_budget(Calendar(month_end(month)), month, CURRENCY)
            made = services.create_plan(
                actor=actor,
                organisation=organisation,
                plan=BudgetPlan(
                    name, Direction.BUDGET, amount,
                    Assumptions(CONVERSION_RATE, CLICK_RATE, CPM), CURRENCY,
                    period=Period(month, month_end(month)),
                ),
            )  # fmt: skip
            services.share_plan(actor=actor, plan_id=made, shared=True)
