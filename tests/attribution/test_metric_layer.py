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
from tests.attribution.heard import Heard, publish
from tests.attribution.test_journeys import DAY, JUNE, NOON
from tests.attribution.test_pages import DAYS, words
from tests.attribution.test_pages import site as site
from tests.cast import Cast
from tests.web.test_every_page import signed_in

pytestmark = pytest.mark.slow

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

    assert "Orders: attributed by the model “Linear”, visits up to 30 days" in str(answer.notes[0])
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

    assert "Your reports use this model and this window (Orders)." in words(answer)
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

    assert "Orders (attributed)" in table
    assert "soldes" in table
    assert "Visits that led to a conversion" in explained
    assert "O-0" in explained
    assert "€30.00" in explained


def test_programs_and_python_say_the_same(site: Site, cast: Cast) -> None:
    body = {"metrics": ["attributed_value"], "by": ["channel"], "currency": "EUR",
            "first_day": "2026-06-01", "last_day": "2026-06-30", "model": "last_touch"}  # fmt: skip
    said = call(token_of(cast.chloe, cast.nantes), "/query", "post", body).json()

    assert said["totals"] == {"attributed_value": "30"}
    found = {row["channel"]: row["attributed_value"] for row in said["rows"]}
    assert found == {"Paid Search": "30", "Email": "0", "Organic Social": "0"}


def test_leads_and_calls_are_shared_out_too_and_have_a_value_where_they_say_one(
    site: Site, cast: Cast
) -> None:
    login = {"login": "c-0"}
    publish(
        site,
        Heard("call", "call", NOON + DAY, p={"call_id": "C-1", "value": 25, "currency": "EUR"}
              | login, is_server=True),
    )  # fmt: skip
    names = ("attributed_conversions", "attributed_leads", "attributed_lead_value",
             "attributed_calls", "attributed_call_value")  # fmt: skip

    answer = asked(("channel",), metrics=names)

    found = {row["channel"]: [row[name] for name in names] for row in answer.rows}
    assert found["Email"][1:3] == [1, None]
    assert round(found["Email"][0], 6) == 1
    assert found["Paid Search"][1] is None
    third = found["Organic Social"][3]
    assert sum(one[3] or 0 for one in found.values()) == 1
    assert third == round(Decimal(1) / 3, 9)
    assert answer.totals["attributed_lead_value"] is None
    assert answer.totals["attributed_call_value"] == 25


def test_each_kind_of_conversion_has_its_own_model_window_and_lag(site: Site, cast: Cast) -> None:
    client = signed_in(cast.chloe, "en")
    leads = f"/attribution/?{DAYS}&kind=lead&model=first_touch&lookback=7d"
    assert "Use this model in all reports (Leads)" in words(client.get(leads))

    client.post(leads.replace("/attribution/", "/attribution/choice/"))
    assert "Your reports use this model and this window (Leads)." in words(client.get(leads))
    client.post(leads.replace("/attribution/", "/attribution/choice/") + "&lag=1h")

    said = ask_figures(
        parse(metrics=("attributed_conversions", "attributed_leads"), period=JUNE, currency="EUR"),
        organisation="horizon-nantes", person="", as_of=None,
    )  # fmt: skip
    orders, of_leads = map(str, said.notes[:2])
    assert "Orders: attributed by the model “Linear”, visits up to 30 days before" in orders
    assert "Leads: attributed by the model “First touch”, visits up to 7 and at least" in of_leads
    assert said.totals["attributed_conversions"] == 3
    assert said.totals["attributed_leads"] is None  # its only visit was a minute old
    asked_ = parse(metrics=("attributed_leads",), period=JUNE, currency="EUR", lookback="30d",
                   lag="0s")  # fmt: skip
    assert ask_figures(asked_, organisation="horizon-nantes", person="", as_of=None).totals == {
        "attributed_leads": 1
    }
    page = words(client.get(f"/attribution/?{DAYS}&kind=lead"))
    assert "Look back 7 days" in page
    assert "No conversion with a journey in this period" in page
    assert "Look back 30 days" in words(client.get(f"/attribution/?{DAYS}"))
