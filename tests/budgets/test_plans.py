"""Plans are kept as they were written, shared when their author says so, and hidden from others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from regie.apps.access.context import acting_as, operating
from regie.apps.accounts.models import User
from regie.apps.audit.models import AuditLine
from regie.apps.budgets import selectors, services
from regie.domain.planning.funnel import Assumptions
from regie.domain.planning.plan import BudgetPlan, Direction
from regie.kernel.errors import Forbidden, NotFound
from regie.kernel.periods import Period
from tests.cast import Cast

COURSE = BudgetPlan(
    name="Contrats d’hiver",
    direction=Direction.GOAL,
    amount=Decimal(1000),
    assumptions=Assumptions(Decimal("0.02"), Decimal("0.02"), Decimal(2)),
    currency="EUR",
    lag_days=14,
    campaign="Marque",
    period=Period(date(2026, 10, 1), date(2026, 10, 31)),
)


def planned_by_chloe(cast: Cast, *, shared: bool = False) -> int:
    with acting_as(cast.chloe):
        plan_id = services.create_plan(actor=cast.chloe, organisation=cast.nantes, plan=COURSE)
        if shared:
            services.share_plan(actor=cast.chloe, plan_id=plan_id, shared=True)
    return plan_id


def seen_by(person: User, plan_id: int) -> bool:
    with acting_as(person):
        try:
            selectors.plan_card(plan_id, actor=person)
        except NotFound:
            return False
        return True


def test_a_plan_comes_back_as_it_was_written(cast: Cast) -> None:
    plan_id = planned_by_chloe(cast)

    with acting_as(cast.chloe):
        found = selectors.plan_card(plan_id, actor=cast.chloe)

    assert found.plan == COURSE
    assert found.plan.forecast().shown("EUR").budget == Decimal("5000.00")
    assert (found.author, found.can_change, found.is_shared) == ("Chloé", True, False)


def test_a_plan_is_its_authors_alone_until_it_is_shared(cast: Cast) -> None:
    plan_id = planned_by_chloe(cast)
    assert [seen_by(one, plan_id) for one in (cast.chloe, cast.bruno, cast.amelie, cast.diane)] == [
        True, False, False, False,
    ]  # fmt: skip

    with acting_as(cast.chloe):
        services.share_plan(actor=cast.chloe, plan_id=plan_id, shared=True)

    assert [seen_by(one, plan_id) for one in (cast.chloe, cast.bruno, cast.amelie, cast.diane)] == [
        True, True, True, False,
    ]  # fmt: skip


def test_row_security_hides_a_plan_from_plain_sql_too(cast: Cast) -> None:
    planned_by_chloe(cast)

    for person, count in ((cast.chloe, 1), (cast.bruno, 0), (cast.diane, 0)):
        with acting_as(person), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM budgets_plan")
            assert cursor.fetchone() == (count,)


def test_an_outsider_neither_plans_for_others_nor_changes_what_they_planned(cast: Cast) -> None:
    plan_id = planned_by_chloe(cast, shared=True)

    with acting_as(cast.diane):
        with pytest.raises(Forbidden):
            services.create_plan(actor=cast.diane, organisation=cast.nantes, plan=COURSE)
        for act in (
            lambda: services.change_plan(actor=cast.diane, plan_id=plan_id, plan=COURSE),
            lambda: services.share_plan(actor=cast.diane, plan_id=plan_id, shared=False),
            lambda: services.archive_plan(actor=cast.diane, plan_id=plan_id, archived=True),
        ):
            with pytest.raises(NotFound):
                act()


def test_whoever_sees_a_plan_from_below_may_copy_it_but_not_change_it(cast: Cast) -> None:
    with operating():
        from regie.apps.organisations import services as organisations

        colleague = User.objects.create_user(
            "colleague@horizon.example", "x" * 14, name="Colleague"
        )
        organisations.add_member(actor=None, organisation=cast.nantes, user=colleague)
    plan_id = planned_by_chloe(cast, shared=True)

    with acting_as(colleague):
        card = selectors.plan_card(plan_id, actor=colleague)
        assert not card.can_change
        with pytest.raises(Forbidden):
            services.change_plan(actor=colleague, plan_id=plan_id, plan=COURSE)
        mine = services.create_plan(actor=colleague, organisation=cast.nantes, plan=card.plan)
        assert selectors.plan_card(mine, actor=colleague).can_change


def test_an_administrator_above_changes_a_shared_plan_and_cannot_hide_it(cast: Cast) -> None:
    plan_id = planned_by_chloe(cast, shared=True)

    with acting_as(cast.bruno):
        dearer = replace(COURSE, amount=Decimal(1200))
        services.change_plan(actor=cast.bruno, plan_id=plan_id, plan=dearer)
        assert selectors.plan_card(plan_id, actor=cast.bruno).plan == dearer
        with pytest.raises(Forbidden):
            services.share_plan(actor=cast.bruno, plan_id=plan_id, shared=False)


def test_a_plan_that_is_put_away_comes_last_and_can_be_taken_out(cast: Cast) -> None:
    first = planned_by_chloe(cast)
    second = planned_by_chloe(cast)

    with acting_as(cast.chloe):
        services.archive_plan(actor=cast.chloe, plan_id=second, archived=True)
        listed = [one.id for one in selectors.plans_of(cast.nantes, actor=cast.chloe)]
        services.archive_plan(actor=cast.chloe, plan_id=second, archived=False)
        again = [one.is_archived for one in selectors.plans_of(cast.nantes, actor=cast.chloe)]

    assert listed == [first, second]
    assert again == [False, False]


def test_each_version_of_the_assumptions_is_in_the_journal(cast: Cast) -> None:
    plan_id = planned_by_chloe(cast, shared=True)
    with acting_as(cast.chloe):
        cheaper = replace(COURSE, assumptions=replace(COURSE.assumptions, cpm=Decimal("1.5")))
        services.change_plan(actor=cast.chloe, plan_id=plan_id, plan=cheaper)

    with operating():
        lines = AuditLine.objects.filter(action__startswith="budgets.").order_by("pk")
        said = [(one.action, one.details.get("cpm")) for one in lines]

    assert said == [
        ("budgets.plan_created", "2"),
        ("budgets.plan_shared", None),
        ("budgets.plan_changed", "1.5"),
    ]


def test_the_database_itself_refuses_a_rate_of_nothing(cast: Cast) -> None:
    plan_id = planned_by_chloe(cast)

    with (
        acting_as(cast.chloe),
        connection.cursor() as cursor,
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        cursor.execute("UPDATE budgets_plan SET click_rate = 0 WHERE id = %s", [plan_id])
