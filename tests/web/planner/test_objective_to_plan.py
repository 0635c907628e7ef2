"""From an objective to the plan that is to reach it, and back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from regie.apps.access.context import acting_as
from regie.apps.budgets import selectors as budgets
from regie.apps.dashboards import services
from regie.domain.objectives import Against, Direction, Level
from regie.kernel.periods import Period
from tests.cast import Cast
from tests.web.test_every_page import signed_in
from tests.web.test_explanation import TODAY, brought, text_of
from tests.web.test_growth_objectives import growth_said
from tests.web.test_objectives import LAST_DAYS, set_by_chloe

__all__ = ["brought"]
PLAN = {
    "name": "Pour l’objectif", "direction": "goal", "goal": "300", "click_rate": "2",
    "conversion_rate": "2", "cpm": "2", "currency": "EUR", "lag_days": "0", "window_days": "30",
}  # fmt: skip


def form_of(person, number: int) -> str:
    return signed_in(person, "en").get(f"/planner/new/?objective={number}").content.decode()


@pytest.mark.requirement("MEAS-2")
@pytest.mark.requirement("PLAN-9")
def test_a_plan_begins_with_the_target_and_the_days_of_its_objective(cast: Cast, brought) -> None:
    number = set_by_chloe(cast, period=LAST_DAYS, words="Sell 300 policies")

    assert f'href="/planner/new/?objective={number}"' in (
        signed_in(cast.chloe).get("/objectives/").content.decode()
    )
    form = form_of(cast.chloe, number)
    assert "The goal is the target of the objective: 300." in form
    assert 'value="300"' in form
    assert 'value="Sell 300 policies"' in form
    assert f'value="{LAST_DAYS.start}"' in form
    made = signed_in(cast.chloe).post("/planner/new/", {**PLAN, "objective": str(number)})
    assert made.status_code == 302
    plan = text_of(cast.chloe, made["Location"])
    assert "To reach the objective: Sell 300 policies" in plan
    page = signed_in(cast.chloe, "en").get("/objectives/").content.decode()
    assert f'Plan: <a href="{made["Location"]}">Pour l’objectif</a>' in page
    assert f"/planner/new/?objective={number}" not in page


def test_revenue_becomes_sales_at_what_an_order_was_worth(cast: Cast, brought) -> None:
    number = set_by_chloe(
        cast, period=LAST_DAYS, metric="revenue", target=Decimal(10010), currency="EUR"
    )

    text = text_of(cast.chloe, f"/planner/new/?objective={number}")

    # Thirty orders of 40 euros: 250.25 orders, and nobody sells a quarter of one.
    assert "The objective is €10,010.00. At €40.00 an order" in text
    assert "it takes 251 sales" in text
    assert 'value="251"' in form_of(cast.chloe, number)


def test_growth_is_planned_with_the_target_that_it_comes_to(cast: Cast, brought) -> None:
    days = Period(TODAY - timedelta(days=10), TODAY - timedelta(days=1))
    number = set_by_chloe(cast, period=days, **growth_said(Against.PREVIOUS))

    assert "the target of the objective: 11." in text_of(
        cast.chloe, f"/planner/new/?objective={number}"
    )


def test_what_may_be_spent_becomes_the_budget(cast: Cast) -> None:
    number = set_by_chloe(
        cast, metric="spend", target=Decimal("1234.5"), currency="EUR",
        direction=Direction.AT_MOST, level=Level.OPERATIONAL,
    )  # fmt: skip

    form = form_of(cast.chloe, number)
    assert "The budget is the limit of the objective: €1,234.50." in form
    assert 'value="1234.5"' in form


@pytest.mark.parametrize(
    "said",
    [{"metric": "cpa", "direction": Direction.AT_MOST}, growth_said(Against.YEAR),
     {"direction": Direction.AT_MOST}],
)  # fmt: skip
def test_what_no_plan_can_be_made_of_starts_an_ordinary_one(cast: Cast, said) -> None:
    number = set_by_chloe(cast, **said)

    form = form_of(cast.chloe, number)
    assert 'value="1000"' in form
    assert f'name="objective" value="{number}"' not in form


def test_an_objective_that_one_does_not_see_or_that_is_gone_is_no_start(cast: Cast) -> None:
    number = set_by_chloe(cast)

    for asked in (number, 10**9):
        answer = signed_in(cast.diane).get(f"/planner/new/?objective={asked}")
        assert answer.status_code == 404
    assert signed_in(cast.chloe).get("/planner/new/?objective=" + "9" * 30).status_code == 200
    made = signed_in(cast.chloe).post("/planner/new/", {**PLAN, "objective": str(number)})
    with acting_as(cast.chloe):
        services.remove_objective(actor=cast.chloe, objective_id=number)
        (card,) = budgets.plans_of(cast.nantes, actor=cast.chloe)
    assert card.plan.objective == number
    assert "To reach the objective" not in text_of(cast.chloe, made["Location"])


def test_a_stranger_s_objective_tells_nothing_on_a_plan(cast: Cast) -> None:
    number = set_by_chloe(cast, words="Secret of Nantes")

    made = signed_in(cast.diane).post("/planner/new/", {**PLAN, "objective": str(number)})
    assert "Secret of Nantes" not in text_of(cast.diane, made["Location"])
