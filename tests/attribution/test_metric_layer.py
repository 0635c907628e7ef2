"""What a model attributes is in the metric layer: the same figures as on the page, everywhere."""

from __future__ import annotations

from decimal import Decimal

import pytest

from regie.apps.attribution.services import ask
from regie.apps.dashboards.services import ask as ask_figures
from regie.apps.tracking.models import Site
from regie.domain.attribution.models import models
from regie.domain.attribution.questions import read_question
from regie.domain.metrics.planning import parse
from regie.domain.metrics.query import Answer
from regie.kernel.errors import Refused
from tests.api.test_api import call, token_of
from tests.attribution.test_journeys import JUNE
from tests.attribution.test_pages import DAYS, words
from tests.attribution.test_pages import site as site
from tests.cast import Cast
from tests.web.test_every_page import signed_in

METRICS = ("attributed_conversions", "attributed_value")


def asked(by: tuple[str, ...], model: str = "", metrics: tuple[str, ...] = METRICS) -> Answer:
    query = parse(metrics=metrics, by=by, period=JUNE, currency="EUR", model=model)
    return ask_figures(query, organisation="", person="", as_of=None)


@pytest.mark.parametrize("model", list(models()))
def test_by_channel_it_says_what_the_page_says(site: Site, cast: Cast, model: str) -> None:
    said = ask(read_question(period=JUNE), models=(model,))
    page = {row["unit"]: row for row in said["rows"] if Decimal(row["conversions"])}

    answer = asked(("channel",), model)

    found = {row["channel"]: row for row in answer.rows if row["attributed_conversions"]}
    assert found.keys() == page.keys()
    for name, row in found.items():
        for metric, column in zip(METRICS, ("conversions", "conversion_value"), strict=True):
            assert abs(row[metric] - Decimal(page[name][column])) < Decimal("1e-7")
    assert answer.totals["attributed_conversions"] == 3
    assert answer.totals["attributed_value"] == 30


@pytest.mark.parametrize("by", ["platform", "campaign", "media", "date", "account", "location"])
def test_a_rule_can_be_split_by_anything_and_adds_up(site: Site, cast: Cast, by: str) -> None:
    answer = asked((by,))

    assert "Attributed by the model “Linear”, visits up to 30 days" in str(answer.notes[0])
    for name, total in zip(METRICS, (3, 30), strict=True):
        assert sum(row[name] for row in answer.rows) == total == answer.totals[name]


def test_a_model_that_learns_is_split_by_what_competes_and_by_nothing_else(
    site: Site, cast: Cast
) -> None:
    by_campaign = asked(("campaign", "month"), "markov")

    assert sum(row["attributed_conversions"] for row in by_campaign.rows) == 3
    with pytest.raises(Refused, match="cannot be added up"):
        asked(("account",), "markov")
    with pytest.raises(Refused, match="Split by one of"):
        asked(("channel", "campaign"), "shapley")


def test_an_organisation_chooses_the_model_of_its_reports(site: Site, cast: Cast) -> None:
    client = signed_in(cast.chloe, "en")
    address = f"/attribution/?{DAYS}&model=first_touch"
    assert "Use this model in all reports" in words(client.get(address))

    answer = client.post(f"/attribution/choice/?{DAYS}&model=first_touch", follow=True)

    assert "Your reports use this model and this window." in words(answer)
    query = parse(metrics=METRICS, by=("channel",), period=JUNE, currency="EUR")
    said = ask_figures(query, organisation="horizon-nantes", person="", as_of=None)
    found = {row["channel"]: row["attributed_conversions"] for row in said.rows}
    assert {name: one for name, one in found.items() if one} == {"Organic Social": 3}


def test_the_report_shows_it_by_platform_and_campaign_and_explains_it(
    site: Site, cast: Cast
) -> None:
    client = signed_in(cast.chloe, "en")
    chosen = "columns=delivery.spend&columns=delivery.attributed_conversions"

    table = words(client.get(f"/report/?{DAYS}&split=campaign&{chosen}"))
    explained = words(client.get(f"/report/explain/?{DAYS}&figure=attributed_value"))

    assert "Conversions (attributed)" in table
    assert "soldes" in table
    assert "Visits that led to an order" in explained
    assert "O-0" in explained
    assert "€30.00" in explained


def test_programs_and_python_say_the_same(site: Site, cast: Cast) -> None:
    body = {"metrics": ["attributed_value"], "by": ["channel"], "currency": "EUR",
            "first_day": "2026-06-01", "last_day": "2026-06-30", "model": "last_touch"}  # fmt: skip
    said = call(token_of(cast.chloe, cast.nantes), "/query", "post", body).json()

    assert said["totals"] == {"attributed_value": "30"}
    found = {row["channel"]: row["attributed_value"] for row in said["rows"]}
    assert found == {"Paid Search": "30", "Email": "0", "Organic Social": "0"}
