"""Objectives: set before the figures, told apart, never flattered, and taken back."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from regie.apps.access.context import acting_as
from regie.apps.dashboards import selectors, services
from regie.domain.objectives import (
    Direction,
    Kind,
    Level,
    Objective,
    Status,
    check,
    due,
    standing,
)
from regie.kernel.errors import NotFound, Refused, RegieError, WrongUse
from regie.kernel.periods import Period
from tests.cast import Cast
from tests.web.test_every_page import signed_in
from tests.web.test_explanation import TODAY, brought, text_of

__all__ = ["brought"]
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
LAST_DAYS = Period(TODAY - timedelta(days=30), TODAY + timedelta(days=29))


def objective(**said) -> Objective:
    usual = {
        "level": Level.BUSINESS, "kind": Kind.CONVERSION, "metric": "orders", "period": NOVEMBER,
        "target": Decimal(300), "direction": Direction.AT_LEAST, "owner": "Chloé",
    }  # fmt: skip
    return Objective(**{**usual, **said})


@pytest.mark.parametrize(
    ("actual", "status"),
    [(200, Status.REACHED), (250, Status.REACHED), (199, Status.WATCH), (180, Status.WATCH),
     (179, Status.BEHIND), (0, Status.BEHIND), (None, Status.UNKNOWN)],
)  # fmt: skip
def test_twenty_days_of_thirty_make_two_thirds_of_the_target_due(actual, status) -> None:
    found = standing(objective(), None if actual is None else Decimal(actual), date(2026, 11, 21))

    assert found.expected == 200
    assert found.status is status


def test_a_rate_is_due_whole_on_every_day_and_less_is_better_for_a_cost() -> None:
    cost = objective(metric="cpa", direction=Direction.AT_MOST, target=Decimal(180))

    assert due(cost, Period(date(2026, 11, 1), date(2026, 11, 2))) == 180
    assert standing(cost, Decimal(172), date(2026, 11, 21)).status is Status.REACHED
    assert standing(cost, Decimal(180), date(2026, 11, 21)).status is Status.REACHED
    assert standing(cost, Decimal(190), date(2026, 11, 21)).status is Status.WATCH
    assert standing(cost, Decimal(200), date(2026, 11, 21)).status is Status.BEHIND


def test_before_its_first_day_is_over_an_objective_waits() -> None:
    assert standing(objective(), None, date(2026, 11, 1)).status is Status.WAITING


def test_a_period_that_is_over_is_due_whole() -> None:
    assert standing(objective(), Decimal(299), date(2027, 2, 1)).expected == 300


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"kind": Kind.AWARENESS, "metric": "impressions", "level": Level.OPERATIONAL}, Refused),
        ({"metric": "clicks"}, Refused),
        ({"metric": "conversions"}, Refused),
        ({"target": Decimal(0)}, WrongUse),
        ({"owner": "  "}, WrongUse),
    ],
)
def test_what_would_flatter_is_refused(said, error: type[RegieError]) -> None:
    with pytest.raises(error):
        check(objective(**said))


def set_by_chloe(cast: Cast, **said) -> int:
    with acting_as(cast.chloe):
        return services.set_objective(
            actor=cast.chloe, organisation=cast.nantes, objective=objective(**said)
        )


def test_an_objective_is_seen_above_and_by_no_outsider(cast: Cast) -> None:
    number = set_by_chloe(cast)

    for person in (cast.chloe, cast.bruno, cast.amelie):
        with acting_as(person):
            assert selectors.objective_card(number).objective == objective(target=Decimal(300))
    with acting_as(cast.diane), pytest.raises(NotFound):
        selectors.objective_card(number)


def test_an_outsider_changes_removes_and_restores_nothing(cast: Cast) -> None:
    number = set_by_chloe(cast)
    client = signed_in(cast.diane)

    for action in ("", "remove/", "undo/"):
        assert client.post(f"/objectives/{number}/{action}").status_code == 404
    assert client.get(f"/objectives/{number}/").status_code == 404


def test_a_change_and_a_removal_are_taken_back(cast: Cast) -> None:
    number = set_by_chloe(cast)
    with acting_as(cast.chloe):
        more = objective(target=Decimal("412.5"))
        services.change_objective(actor=cast.chloe, objective_id=number, objective=more)
        services.take_back(actor=cast.chloe, objective_id=number)
        assert selectors.objective_card(number).objective.target == 300
        services.remove_objective(actor=cast.chloe, objective_id=number)
        assert selectors.objectives_of(cast.nantes) == []
        services.take_back(actor=cast.chloe, objective_id=number)
        assert [one.id for one in selectors.objectives_of(cast.nantes)] == [number]


FORM = {
    "level": "business", "kind": "conversion", "metric": "revenue", "direction": "at_least",
    "target": "12 500,50", "said_as": "amount", "starts_on": "2026-11-01",
    "ends_on": "2026-11-30", "owner": "Chloé",
}  # fmt: skip
AWARE = {"level": "operational", "kind": "awareness"}


def test_a_target_is_typed_the_french_way(cast: Cast) -> None:
    answer = signed_in(cast.chloe).post("/objectives/new/", FORM)

    assert answer.status_code == 302
    with acting_as(cast.chloe):
        (found,) = selectors.objectives_of(cast.nantes)
    assert found.objective.target == Decimal("12500.50")
    assert found.objective.currency == "EUR"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"target": "beaucoup"}, "n’est pas un nombre"),
        ({"target": "-5"}, "supérieur"),
        ({"target": ""}, "obligatoire"),
        ({"ends_on": "2026-10-01"}, "finit avant de commencer"),
        ({"metric": "clicks"}, "objectif d’affaires"),
        ({"metric": "reach"}, "reach"),
        ({**AWARE, "metric": "impressions", "target": "500"}, "notoriété"),
        ({"owner": ""}, "obligatoire"),
    ],
)
def test_nonsense_is_refused_beside_its_field(cast: Cast, said, sentence: str) -> None:
    answer = signed_in(cast.chloe).post("/objectives/new/", {**FORM, **said})

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert 'class="error"' in answer.content.decode()


@pytest.mark.requirement("MEAS-12")
@pytest.mark.requirement("DASH-7")
def test_the_report_says_where_one_stands_and_draws_the_target(cast: Cast, brought) -> None:
    # 30 orders in the 30 days that are over; 60 days in all.
    set_by_chloe(cast, period=LAST_DAYS, target=Decimal(60))

    page = signed_in(cast.chloe, "en").get("/report/?metric=orders").content.decode()
    text = text_of(cast.chloe, "/report/?metric=orders")

    assert re.search(r"On target\s+50% of 60", text)
    assert '"target":true' in page
    narrowed = text_of(cast.chloe, "/report/?metric=orders&only_media=paid")
    assert "On target" not in narrowed


@pytest.mark.requirement("DASH-3")
def test_the_page_of_objectives_keeps_both_levels_apart(cast: Cast, brought) -> None:
    set_by_chloe(cast, period=LAST_DAYS)
    set_by_chloe(cast, period=LAST_DAYS, metric="clicks", level=Level.OPERATIONAL)

    text = text_of(cast.chloe, "/objectives/")

    business, operational = text.split("Operational objectives")
    assert "Orders" in business.split("Business objectives")[1]
    assert "Clicks (all)" in operational
    assert "Behind" in text


@pytest.mark.requirement("DASH-3")
def test_an_operational_objective_stands_beneath_the_business_one_it_serves(
    cast: Cast, brought
) -> None:
    top = set_by_chloe(cast, period=LAST_DAYS, words="30 ventes de plus")
    set_by_chloe(
        cast, period=LAST_DAYS, metric="visits", level=Level.OPERATIONAL, serves=top,
        words="Davantage de visites",
    )  # fmt: skip
    set_by_chloe(cast, period=LAST_DAYS, metric="clicks", level=Level.OPERATIONAL)

    text = text_of(cast.chloe, "/objectives/")

    business, alone = text.split("Operational objectives")
    assert "30 ventes de plus" in business
    assert "Serves the objective above: └ Davantage de visites" in business
    assert "Clicks (all)" in alone
    assert "Davantage de visites" not in alone


def test_what_serves_is_checked(cast: Cast) -> None:
    operational = set_by_chloe(cast, metric="clicks", level=Level.OPERATIONAL)
    business = set_by_chloe(cast)
    with acting_as(cast.amelie):
        elsewhere = services.set_objective(
            actor=cast.amelie, organisation=cast.network, objective=objective()
        )

    for number in (operational, elsewhere, 10**9):
        with pytest.raises(WrongUse):
            set_by_chloe(cast, metric="visits", level=Level.OPERATIONAL, serves=number)
    with pytest.raises(WrongUse):
        set_by_chloe(cast, serves=business)
    set_by_chloe(cast, metric="visits", level=Level.OPERATIONAL, serves=business)
    with acting_as(cast.chloe), pytest.raises(WrongUse):
        services.change_objective(
            actor=cast.chloe, objective_id=business,
            objective=objective(metric="clicks", level=Level.OPERATIONAL),
        )  # fmt: skip


def test_a_link_is_taken_back_with_the_rest(cast: Cast) -> None:
    business = set_by_chloe(cast)
    number = set_by_chloe(cast, metric="visits", level=Level.OPERATIONAL, serves=business)
    with acting_as(cast.chloe):
        alone = objective(metric="visits", level=Level.OPERATIONAL)
        services.change_objective(actor=cast.chloe, objective_id=number, objective=alone)
        assert selectors.objective_card(number).objective.serves is None
        services.take_back(actor=cast.chloe, objective_id=number)
        assert selectors.objective_card(number).objective.serves == business


@pytest.mark.requirement("DASH-6")
def test_what_is_refused_comes_with_something_better_in_one_click(cast: Cast) -> None:
    client = signed_in(cast.chloe)
    refused = client.post("/objectives/new/", {**FORM, "metric": "impressions", "target": "500"})

    page = refused.content.decode()
    assert refused.status_code == 400
    assert "Les affichages s’achètent" in page
    assert '<button class="button small" type="submit" name="metric" value="orders">' in page
    # The button is sent after the list that it replaces.
    mended = client.post(
        "/objectives/new/", {**FORM, "metric": ["impressions", "orders"], "target": "500"}
    )
    assert mended.status_code == 302


@pytest.mark.requirement("DASH-6")
def test_vain_words_are_refused_beside_them(cast: Cast) -> None:
    said = {**FORM, "words": "Objectif de notoriété dépassé : +20 % d’impressions"}
    answer = signed_in(cast.chloe).post("/objectives/new/", said)

    assert answer.status_code == 400
    assert "notoriété" in answer.content.decode()
    assert 'id="id_words_error"' in answer.content.decode()


@pytest.mark.requirement("DASH-5")
def test_green_beneath_and_red_above_is_a_contradiction(cast: Cast, brought) -> None:
    # Orders are far behind; clicks are beyond what was aimed at.
    top = set_by_chloe(cast, period=LAST_DAYS, target=Decimal(600))
    set_by_chloe(
        cast, period=LAST_DAYS, metric="clicks", level=Level.OPERATIONAL, serves=top,
        target=Decimal(10),
    )  # fmt: skip

    for address in ("/objectives/", "/report/"):
        text = text_of(cast.chloe, address)
        assert "Contradiction" in text
        assert "“Orders” is behind while everything that serves it is on target" in text
    assert "Contradiction" not in text_of(cast.chloe, "/report/?only_media=paid")
    with acting_as(cast.chloe):
        quiet = objective(period=LAST_DAYS, target=Decimal(60))
        services.change_objective(actor=cast.chloe, objective_id=top, objective=quiet)
    assert "Contradiction" not in text_of(cast.chloe, "/objectives/")
