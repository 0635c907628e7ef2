"""Growth objectives: so much more than in other days, and the target that those days make."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.apps.access.context import acting_as
from regie.apps.dashboards import selectors, services
from regie.domain.objectives import (
    Against,
    Direction,
    Objective,
    Status,
    aimed,
    check,
    compared_days,
    standing,
)
from regie.kernel.errors import WrongUse
from regie.kernel.fiscal import Calendar
from regie.kernel.periods import Period
from tests.cast import Cast
from tests.web.test_every_page import signed_in
from tests.web.test_explanation import TODAY, brought, text_of
from tests.web.test_figures_explain_themselves import explained
from tests.web.test_objectives import FORM, NOVEMBER, objective, set_by_chloe

__all__ = ["brought"]
TEN_DAYS = Period(TODAY - timedelta(days=10), TODAY - timedelta(days=1))


def growth(**said) -> Objective:
    usual = {"target": None, "growth": Decimal("0.1"), "against": Against.YEAR}
    return objective(**{**usual, **said})


def test_growth_is_reckoned_from_the_year_before_or_from_the_days_before() -> None:
    before = growth(against=Against.PREVIOUS)

    assert compared_days(growth()) == Period(date(2025, 11, 1), date(2025, 11, 30))
    assert compared_days(before) == Period(date(2026, 10, 1), date(2026, 10, 31))
    fiscal = growth(period=Period(date(2026, 7, 1), date(2027, 6, 30)))
    year = Calendar(first_month=7)
    assert compared_days(fiscal, year) == Period(date(2025, 7, 1), date(2026, 6, 30))


@given(
    base=st.decimals("0.01", "1000000", places=2),
    percent=st.decimals("-99", "1000", places=1).filter(lambda one: one != 0),
)
def test_the_target_is_what_was_reached_and_so_much_more(base: Decimal, percent: Decimal) -> None:
    found = aimed(growth(growth=percent / 100), base)

    assert found.target is not None
    assert found.target * 100 == base * (100 + percent)


def test_ten_percent_more_is_due_day_by_day() -> None:
    # 300 then: 330 now, 220 of them by the end of the twentieth day.
    found = standing(growth(), Decimal(220), date(2026, 11, 21), Decimal(300))

    assert (found.target, found.expected, found.status) == (330, 220, Status.REACHED)
    assert standing(growth(), Decimal(219), date(2026, 11, 21), Decimal(300)).status is Status.WATCH


@pytest.mark.parametrize("base", [None, Decimal(0), Decimal(-5)])
def test_without_a_base_there_is_no_target_and_no_verdict(base: Decimal | None) -> None:
    found = standing(growth(), Decimal(220), date(2026, 11, 21), base)

    assert (found.target, found.expected, found.status) == (None, None, Status.UNKNOWN)
    assert found.actual == 220


@pytest.mark.parametrize(
    "said",
    [{"growth": Decimal(0)}, {"growth": Decimal(-1)}, {"against": None}, {"growth": None}],
)
def test_growth_of_nothing_or_from_nothing_is_refused(said) -> None:
    with pytest.raises(WrongUse):
        check(growth(**said))


@pytest.mark.requirement("DASH-2")
def test_growth_stands_with_what_it_is_from_and_both_explain_themselves(
    cast: Cast, brought
) -> None:
    set_by_chloe(cast, period=TEN_DAYS, **growth_said(Against.PREVIOUS))
    more = growth_said(Against.YEAR, "0.125")
    set_by_chloe(cast, period=TEN_DAYS, metric="revenue", currency="EUR", **more)

    text = text_of(cast.chloe, "/objectives/")
    page = signed_in(cast.chloe, "en").get("/objectives/").content.decode()

    # Ten orders in the ten days before: eleven are aimed at, and ten were received.
    assert "10 11 11 At least +10% on the days before Reached then: 10" in text
    assert "To watch" in text
    assert "+12.5% on the same days a year before" in text
    assert "Nothing is known of those days: there is no target yet." in text
    assert 'title="10 days of 10 are over: so much of the target is due."' in page
    links = re.findall(r'href="(/report/explain/[^"]+)"', page)
    shown = [explained(cast.chloe, one.replace("&amp;", "&")) for one in links]
    assert sorted(shown) == ["10", "10", "€400.00"]
    report = text_of(cast.chloe, f"/report/?metric=orders&from={TEN_DAYS.start}&to={TEN_DAYS.end}")
    assert re.search(r"To watch\s+91% of 11", report)


def test_the_target_of_whole_things_is_whole(cast: Cast, brought) -> None:
    set_by_chloe(cast, period=TEN_DAYS, **growth_said(Against.PREVIOUS, "0.15"))

    text = text_of(cast.chloe, "/objectives/")

    # Half an order more than eleven is never sold: twelve are aimed at, and ten are still behind.
    assert "Behind 10 12 12 At least +15% on the days before Reached then: 10" in text


def growth_said(against: Against, growth: str = "0.1") -> dict:
    return {"target": None, "growth": Decimal(growth), "against": against}


@pytest.mark.parametrize(
    ("typed", "kept"), [("10", "0.1"), ("+10 %", "0.1"), ("−5,5 %", "-0.055"), ("1000", "10")]
)
def test_growth_is_typed_the_way_people_write_it(cast: Cast, typed: str, kept: str) -> None:
    said = {**FORM, "metric": "orders", "target": typed, "said_as": "year"}
    assert signed_in(cast.chloe).post("/objectives/new/", said).status_code == 302

    with acting_as(cast.chloe):
        (found,) = selectors.objectives_of(cast.nantes)
    assert found.objective.growth == Decimal(kept)
    assert found.objective.target is None
    form = signed_in(cast.chloe).get(f"/objectives/{found.id}/").content.decode()
    assert '<option value="year" selected>' in form


@pytest.mark.parametrize("typed", ["0", "-100", "1001", "dix", ""])
def test_growth_that_makes_no_sense_is_refused_beside_its_field(cast: Cast, typed: str) -> None:
    said = {**FORM, "metric": "orders", "target": typed, "said_as": "previous"}
    answer = signed_in(cast.chloe).post("/objectives/new/", said)

    assert answer.status_code == 400
    assert 'id="id_target_error"' in answer.content.decode()


def test_from_an_amount_to_growth_and_back(cast: Cast) -> None:
    number = set_by_chloe(cast)
    with acting_as(cast.chloe):
        services.change_objective(actor=cast.chloe, objective_id=number, objective=growth())
        assert selectors.objective_card(number).objective == growth()
        services.take_back(actor=cast.chloe, objective_id=number)
        assert selectors.objective_card(number).objective == objective(target=Decimal(300))
        services.take_back(actor=cast.chloe, objective_id=number)
        assert selectors.objective_card(number).objective == growth()


def test_less_is_aimed_at_too(cast: Cast) -> None:
    cheaper = growth(metric="cpa", direction=Direction.AT_MOST, growth=Decimal("-0.2"),
                     period=NOVEMBER)  # fmt: skip

    found = standing(check(cheaper), Decimal(40), date(2026, 11, 21), Decimal(50))
    assert (found.target, found.status) == (40, Status.REACHED)
