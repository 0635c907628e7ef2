"""What the palette offers: one's own things, in one's own language, and nobody else's."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from regie.apps.access.context import acting_as
from regie.apps.budgets import services
from regie.domain.planning.plan import Assumptions, BudgetPlan, Direction
from tests.access.given import colleague
from tests.cast import Cast

PLAN = BudgetPlan(
    "Hiver confidentiel", Direction.GOAL, Decimal(1000),
    Assumptions(conversion_rate=Decimal("0.02"), click_rate=Decimal("0.02"), cpm=Decimal(2)), "EUR",
)  # fmt: skip


def asked(person, language: str = "fr") -> str:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = language
    return client.get("/commands/").content.decode()


@pytest.mark.parametrize(
    ("language", "act", "synonym"),
    [("fr", "Nouveau plan", "prévision"), ("en", "New plan", "forecast")],
)
def test_acts_are_offered_with_their_other_names(
    cast: Cast, language: str, act: str, synonym: str
) -> None:
    text = asked(cast.chloe, language)

    assert act in text
    assert synonym in text
    assert "/planner/new/" in text


def test_every_figure_is_found_by_its_name(cast: Cast) -> None:
    text = asked(cast.chloe)

    assert 'href="/report/?metric=roas"' in text
    assert "Retour sur dépenses (ROAS)" in text
    assert 'href="/report/explain/?figure=cpm"' in text


def test_a_plan_is_offered_to_whoever_may_open_it(cast: Cast) -> None:
    with acting_as(cast.chloe):
        services.create_plan(actor=cast.chloe, organisation=cast.nantes, plan=PLAN)

    assert PLAN.name in asked(cast.chloe)
    for other in (cast.diane, cast.bruno):  # it is not shared
        assert PLAN.name not in asked(other)


def test_the_switcher_lists_the_organisations_that_one_sees(cast: Cast) -> None:
    assert cast.nantes.name in asked(cast.bruno)
    assert cast.nantes.name not in asked(cast.diane)


def test_pages_of_the_console_are_found_by_other_names_too(cast: Cast) -> None:
    text = asked(cast.chloe, "en")
    for address, word in (
        ("/manager/roles/", "custom role"), ("/manager/tokens/", "API"),
        ("/manager/journal/", "who did what"), ("/manager/roles/allowed/", "policy"),
    ):  # fmt: skip
        assert f'href="{address}"' in text
        assert word in text


def test_what_only_administrators_open_is_offered_to_them_alone(cast: Cast) -> None:
    one = colleague("Colleague of Chloé", cast.nantes)

    assert "/manager/roles/allowed/" not in asked(one.user)
    assert "/manager/people/" in asked(one.user)
