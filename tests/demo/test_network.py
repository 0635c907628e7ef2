"""The network is well formed, and its figures can be drawn for any last day."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from regie.apps.access.context import acting_as, operating
from regie.apps.accounts.models import User
from regie.apps.budgets.selectors import plans_of
from regie.apps.dashboards import selectors
from regie.apps.organisations.selectors import by_slug
from regie.cli import demo, demo_plans
from regie.demo.accounts import accounts
from regie.demo.network import OUTSIDER_SLUG, PEOPLE, SLUG, organisation, organisations
from regie.demo.performance import ad_days
from regie.demo.plans import budgets
from regie.demo.sales import draw_sales
from regie.demo.seasons import Calendar
from regie.demo.seed import share_out
from regie.domain.objectives import Level


def test_great_insurance_has_three_regions_and_forty_franchisees() -> None:
    kinds = Counter(one.kind for one in organisations())

    assert kinds == {"franchisor": 1, "region": 3, "franchisee": 40, "freelance": 1}


def test_parents_come_before_their_children_and_names_are_unique() -> None:
    seen: set[str] = set()
    for one in organisations():
        assert not one.parent or one.parent in seen
        assert one.slug not in seen
        seen.add(one.slug)

    locations = [one.location for one in organisations() if one.location]
    assert len(set(locations)) == len(locations) == 40


def test_bruno_looks_after_chloe_and_diane_is_elsewhere() -> None:
    home = {person.name: organisation(person.organisation) for person in PEOPLE}

    assert home["Chloé"].parent == home["Bruno"].slug
    assert home["Bruno"].parent == home["Amélie"].slug == SLUG
    assert (home["Diane"].slug, home["Diane"].parent) == (OUTSIDER_SLUG, "")


def test_no_two_campaigns_of_a_platform_share_an_id() -> None:
    ids = Counter(
        (account.platform, campaign.id) for account in accounts() for campaign in account.campaigns
    )

    assert [key for key, times in ids.items() if times > 1] == []


@given(total=st.integers(0, 10_000), weights=st.lists(st.floats(0.1, 9), min_size=1, max_size=9))
def test_what_is_shared_out_adds_up_again(total: int, weights: list[float]) -> None:
    parts = share_out(total, weights)

    assert sum(parts) == total
    assert all(abs(part - total * w / sum(weights)) < 1 for part, w in zip(parts, weights))  # noqa: B905


@pytest.mark.slow
# A year of figures takes a second to draw: a failure is told at once, not made smaller.
@settings(max_examples=5, deadline=None, phases=(Phase.generate,))
@given(until=st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_whatever_the_last_day_figures_stay_within_the_calendar(until: date) -> None:
    calendar = Calendar(until)
    whole = calendar.whole
    sales = draw_sales(calendar, seed=7)
    orders = [order for rows in sales.orders.values() for order in rows]
    leads = [lead for rows in sales.leads.values() for lead in rows]

    assert all(whole.start <= order.ordered.date() <= whole.end for order in orders)
    assert all(whole.start <= lead.received.date() <= whole.end for lead in leads)
    assert all((order.revenue < 0) == (order.kind == "refund") for order in orders)
    sold = Counter(
        f"{order.ordered:%Y-%m}"
        for order in orders
        if (order.kind, order.status) == ("order", "completed")
    )
    assert sold[f"{calendar.month_before.start:%Y-%m}"] == 520
    assert sold[f"{calendar.last_month.start:%Y-%m}"] == 468


def test_clicks_never_exceed_impressions_and_nothing_is_negative() -> None:
    calendar = Calendar(date(2026, 11, 20))
    rows = [row for account in accounts() for row in ad_days(account, calendar, seed=3)]

    assert all(0 <= row.link_clicks <= row.clicks <= row.impressions for row in rows)
    assert all(row.spend > 0 and row.conversions >= 0 for row in rows)


def test_the_network_aims_at_something_this_month_and_the_last(db: None) -> None:
    demo._make_network()
    demo._aim()
    demo._aim()  # a second start finds them there

    with operating():
        head = by_slug(SLUG)
        assert head is not None
        cards = selectors.objectives_of(head)

    months = {one.objective.period for one in cards}
    assert [one.objective.metric for one in cards].count("orders") == len(months) == 2
    serving = [one.objective.serves for one in cards if one.objective.level is Level.OPERATIONAL]
    assert len(serving) == 4
    assert "Vendre 520 contrats par mois" in {one.objective.words for one in cards}
    assert None not in serving


def test_the_network_planned_its_money_for_this_month_and_the_last(db: None) -> None:
    demo._make_network()
    demo_plans.plan()
    demo_plans.plan()  # a second start finds them there

    with operating():
        head = by_slug(SLUG)
        assert head is not None
        amelie = User.objects.get(email=PEOPLE[0].email)
    with acting_as(amelie):
        cards = plans_of(head, actor=amelie)

    assert [one.plan.period.is_whole_month() for one in cards if one.plan.period] == [True, True]
    assert all(one.is_shared for one in cards)
    for one in cards:
        assert one.plan.period is not None
        month = one.plan.period.start
        planned = budgets(Calendar(one.plan.period.end))
        assert one.plan.amount == sum(
            budget.amount for budget in planned
            if budget.month == month and budget.currency == "EUR"
        )  # fmt: skip
