"""The budget by campaign: which performs best, how the total would be shared out among them, the
same by every door, each figure with where it comes from."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from regie.cli import main as command
from tests.api.test_api import call, token_of
from tests.cast import Cast
from tests.dashboards.given import give
from tests.lasting import Lasting
from tests.web.planner.weeks import DAYS, LAST, MONDAY, WEEKS
from tests.web.test_every_page import signed_in
from tests.web.test_explanation import text_of
from tests.web.test_figures_explain_themselves import (
    all_explain_themselves,
    asked_figures,
    explained,
    whole,
)

pytestmark = pytest.mark.slow

PAGE = f"/planner/channels/?{DAYS}&by=campaign"
ACCOUNTS = {"G": "google_ads", "M": "meta_ads", "L": "linkedin_ads", "S": "own",
            "W": {"platform": "google_ads", "in": "west"}}  # fmt: skip
# Of each account, campaign and week: spent, orders, and what one of them earned. Google's two are
# those of `test_beyond_the_total`; both platforms have a campaign 77; some spend names no campaign.
NAMES = {"901": "Winter", "902": "Spring", "903": "Local", "904": "Few", "905": "Silent",
         "77": "Same number", "906": "Elsewhere"}  # fmt: skip


def week_of(n: int) -> list[tuple[str, str | None, int, int, int]]:
    return [
        ("G", "901", 25 * n, n, 40), ("G", "902", n * n, n, 24), ("M", "903", 10, 3, 5),
        ("M", "904", 5, 1, 9), ("L", "905", 7, 0, 0), ("G", "77", 50, 0, 0), ("M", "77", 30, 4, 2),
        ("G", None, 2, 0, 0), ("W", "906", 60, 5, 8),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def summer(lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> None:
    performance: list[dict[str, Any]] = []
    conversions: list[dict[str, Any]] = []
    orders: list[dict[str, Any]] = []
    for week in range(WEEKS):
        own = {"date": MONDAY + timedelta(7 * week + 2), "currency": "EUR"}
        for account, campaign, spend, count, worth in week_of(4 + week):
            spent = own | {"account": account, "campaign_id": campaign}
            performance.append(spent | {"spend": spend})
            conversions.append(spent | {"conversions": 2 * count + 1, "attribution": "x"})
            sold = own | {"account": "S", "campaign": campaign, "revenue": worth}
            orders += [dict(sold) for _one in range(count)]
    entities = [{"account": account, "date": MONDAY, "entity_id": campaign, "name": NAMES[campaign]}
                for account, campaign, *_rest in week_of(4) if campaign]  # fmt: skip
    case = {"accounts": ACCOUNTS, "performance": performance, "conversions": conversions,
            "orders": orders, "entities": entities}  # fmt: skip
    with lasting():
        give(company, case, tmp_path_factory.mktemp("files"))


def told(cast: Cast, capsys: pytest.CaptureFixture[str], *more: str) -> Any:
    words = ["allocate", "--by", "campaign", "--from", str(MONDAY), "--to", str(LAST), "--as",
             cast.chloe.email, "--organisation", cast.nantes.slug, *more]  # fmt: skip
    capsys.readouterr()
    assert command.main([*words, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.requirement("MEAS-25")
def test_the_page_says_which_campaign_performs_best_and_moves_its_budget(
    cast: Cast, summer: None
) -> None:
    text = text_of(cast.chloe, f"{PAGE}&measure=orders")

    # 39 orders for 130, against 130 for 1,482 and 130 for 3,250.
    assert "Local (Meta Ads) performs best. A result costs €3.33 there on average" in text
    assert "Next comes Spring (Google Ads), with €11.40." in text
    assert "Local Best Meta Ads €130.00 €156.00 +€26.00 39" in text
    assert "Spring Google Ads €1,482.00 €1,778.40 +€296.40 130" in text
    assert "Winter Google Ads €3,250.00 €2,927.60 −€322.40 130" in text
    assert "Few Meta Ads Kept: fewer than 30, too few to judge by. €65.00 €65.00 €0.00 13" in text
    assert "Silent LinkedIn Ads Kept: what it brought is not known. €91.00" in text
    assert "€322.40 of €6,084.00 could change hands." in text
    assert not re.search(r"\b90[1-6]\b", text)


@pytest.mark.requirement("MEAS-25")
def test_two_platforms_that_gave_one_number_stay_apart(cast: Cast, summer: None) -> None:
    text = text_of(cast.chloe, f"{PAGE}&measure=orders")

    why = "Several accounts have a campaign of this number or name: those that name it do not say"
    assert f"Same number Google Ads {why} whose it is. €650.00 €650.00 €0.00 – –" in text
    assert f"Same number Meta Ads {why} whose it is. €390.00 €390.00 €0.00 – –" in text
    assert "117 name none of these campaigns and count for none." in text
    # What platforms claim says whose campaign it is.
    claimed = text_of(cast.chloe, f"{PAGE}&measure=conversions")
    assert re.search(r"Same number Meta Ads €390\.00 \S+ \S+ 117 ", claimed), claimed[:4000]


@pytest.mark.requirement("MEAS-25")
@pytest.mark.parametrize("measure", ["orders", "conversions"])
def test_every_figure_opens_the_same_figure_in_the_report(
    cast: Cast, summer: None, measure: str
) -> None:
    address = f"{PAGE}&measure={measure}"

    assert len(all_explain_themselves(cast.chloe, address, "channels-title")) > 40
    text = signed_in(cast.chloe, "en").get(address).content.decode()
    cells = re.findall(r'<td class="number">(.*?)</td>', text, re.S)
    assert [one for one in cells if re.search(r"\d", one) and 'class="why"' not in one] == []


def test_ceilings_of_campaigns_open_too(cast: Cast, summer: None) -> None:
    text = text_of(cast.chloe, f"{PAGE}&measure=orders")

    assert "Winter (Google Ads): €1 more brings back €1.60. It pays" in text
    assert "Spring (Google Ads): €1 more brings back €1.05. It pays until" in text
    assert "Silent LinkedIn Ads No order names it. €91.00 – –" in text
    assert len(all_explain_themselves(cast.chloe, f"{PAGE}&measure=orders", "beyond-title")) > 20


@pytest.mark.requirement("MEAS-25")
def test_figures_are_those_of_the_report_by_campaign(
    cast: Cast, summer: None, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = told(cast, capsys, "--measure", "orders")["channels"]
    words = ["query", "--metrics", "spend,conversions", "--by", "platform,campaign", "--from",
             str(MONDAY), "--to", str(LAST), "--as", cast.chloe.email, "--organisation",
             cast.nantes.slug, "--currency", "EUR", "--format", "json"]  # fmt: skip
    assert command.main(words) == 0
    report = json.loads(capsys.readouterr().out)["rows"]

    def by_key(ones: list[dict[str, Any]], name: str) -> dict[Any, Decimal]:
        return {(one["platform"], one["campaign_id"]): Decimal(one[name]) for one in ones}

    assert by_key(rows, "now") == by_key(report, "spend")
    claims = told(cast, capsys, "--measure", "conversions")["channels"]
    assert by_key(claims, "counted") == by_key(report, "conversions")


@pytest.mark.requirement("MEAS-25")
def test_command_and_program_say_what_the_page_says(
    cast: Cast, summer: None, capsys: pytest.CaptureFixture[str]
) -> None:
    by_command = told(cast, capsys, "--measure", "orders", "--margin", "92")
    token = token_of(cast.chloe, cast.nantes)
    asked = {"by": "campaign", "first_day": str(MONDAY), "last_day": str(LAST),
             "measure": "orders", "margin_percent": "92"}  # fmt: skip

    assert by_command == call(token, "/allocation", "post", asked).json()
    rows = by_command["channels"]
    assert (by_command["by"], by_command["best_may_be_chance"]) == ("campaign", False)
    assert [one["campaign"] for one in rows if one["is_best"]] == ["Local"]
    assert sum(Decimal(one["proposed"]) for one in rows) == Decimal(by_command["total"]) == 6084
    assert {one["kept_because"] for one in rows} == {None, "few", "unknown", "fixed"}
    for form in ("csv", "table"):
        words = ["allocate", "--by", "campaign", "--from", str(MONDAY), "--to", str(LAST), "--as",
                 cast.chloe.email, "--measure", "orders", "--format", form]  # fmt: skip
        assert command.main(words) == 0
        assert "Winter" in capsys.readouterr().out


def test_what_budgets_are_not_of_gets_a_sentence(
    cast: Cast, summer: None, capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = "Budgets are shared out by platform or by campaign, not by “week”."

    text = text_of(cast.chloe, f"/planner/channels/?{DAYS}&by=week&measure=orders")
    assert f"{sentence} Here they are by platform." in text
    assert "Budget by channel" in text
    assert command.main(["allocate", "--by", "week", "--as", cast.chloe.email]) == 2
    assert sentence in capsys.readouterr().err
    refused = call(token_of(cast.chloe, cast.nantes), "/allocation", "post", {"by": "week"})
    assert refused.status_code in {400, 422}
    assert sentence in refused.json()["message"]


def test_one_turns_to_platforms_and_back_with_all_else_kept(cast: Cast, summer: None) -> None:
    page = signed_in(cast.chloe, "en").get(f"{PAGE}&measure=orders&cap=10").content.decode()

    (way,) = re.findall(r'<a href="(\?[^"]+)">Platform</a>', page)
    there = signed_in(cast.chloe, "en").get("/planner/channels/" + html.unescape(way))
    assert "Budget by channel" in there.content.decode()
    assert "No budget moves by more than 10%" in there.content.decode()
    (back,) = re.findall(r'<a href="(\?[^"]+)">Campaign</a>', there.content.decode())
    assert "by=campaign" in back
    assert 'name="by" value="campaign"' in page


def test_the_report_by_campaign_leads_there_with_its_days(cast: Cast, summer: None) -> None:
    report = signed_in(cast.chloe, "en").get(f"/report/?{DAYS}&split=campaign").content.decode()

    (query,) = re.findall(r'href="/planner/channels/([^"]*)"', report)
    there = signed_in(cast.chloe, "en").get("/planner/channels/" + html.unescape(query))
    assert "Budget by campaign" in there.content.decode()
    assert f'name="from" value="{MONDAY}"' in there.content.decode()
    for more in ("platform=google_ads", "only_platform=google_ads"):
        other = signed_in(cast.chloe).get(f"/report/?{DAYS}&split=campaign&{more}")
        assert "/planner/channels/" not in other.content.decode()


def test_nobody_sees_campaigns_of_others(cast: Cast, summer: None) -> None:
    hers, theirs = (text_of(one, f"{PAGE}&measure=orders") for one in (cast.chloe, cast.bruno))

    assert "Winter" in hers
    assert "Elsewhere" not in hers
    assert "Elsewhere" in theirs
    assert "Winter" not in text_of(cast.diane, f"{PAGE}&measure=orders")
    shown = f"/planner/channels/explain/?{DAYS}&by=campaign&measure=orders&figure=proposed"
    page = signed_in(cast.chloe, "en").get(f"{PAGE}&measure=orders").content.decode()
    key = html.unescape(re.findall(r"figure=proposed&amp;channel=([^\"]+)", page)[0])
    assert signed_in(cast.chloe).get(f"{shown}&channel={key}").status_code == 200
    assert signed_in(cast.diane).get(f"{shown}&channel={key}").status_code == 404


def test_in_french_the_page_speaks_of_campaigns(cast: Cast, summer: None) -> None:
    text = text_of(cast.chloe, f"{PAGE}&measure=orders", "fr")

    assert "Budget par campagne" in text
    assert "Local (Meta Ads) est la plus performante." in text


@pytest.mark.requirement("MEAS-25")
def test_of_very_many_the_page_shows_some_and_says_how_many_it_leaves_out(
    cast: Cast, summer: None, tmp_path: Path
) -> None:
    day = LAST + timedelta(10)
    own = {"date": day, "currency": "EUR"}
    ids = [f"8{n:03}" for n in range(120)]
    give(cast, {"accounts": {"Q": "google_ads", "R": "own"},
                "performance": [own | {"account": "Q", "campaign_id": one, "spend": 1000 + n}
                                for n, one in enumerate(ids)],
                "entities": [{"account": "Q", "date": day, "entity_id": one, "name": f"Ad {one}"}
                             for one in ids],
                "orders": [own | {"account": "R", "campaign": one, "revenue": 9}
                           for n, one in enumerate(ids[:60]) for _each in range(30 + 2 * n)]},
         tmp_path)  # fmt: skip
    page = f"/planner/channels/?from={day}&to={day}&by=campaign&measure=orders"
    text = text_of(cast.chloe, page)

    assert "70 other campaigns" in text
    assert "70 other campaigns, which cost" in text
    shown = asked_figures(cast.chloe, page, "channels-title")
    assert len(shown) > 50 * 6
    last = [(value, address) for value, address in shown if "channel=" not in address]
    own = [(value, address) for value, address in last if "/planner/" in address]
    for value, address in own:
        assert explained(cast.chloe, address).removesuffix(".00") == whole(value), address
    assert "€127,140.00" in dict(own)  # of all, those that are not shown too
    for figure in ("total", "counted", "expected", "others_now"):
        asked = page.replace("channels/?", "channels/explain/?") + f"&figure={figure}"
        assert re.search("70 other campaigns", text_of(cast.chloe, asked))


@pytest.mark.requirement("MEAS-25")
def test_two_accounts_of_one_platform_that_know_names_alone_stay_apart(
    cast: Cast, summer: None, tmp_path: Path
) -> None:
    """Files without ids: both have a campaign of that name, and orders say nothing more."""
    day = LAST + timedelta(20)
    own = {"date": day, "currency": "EUR", "campaign_id": "name:Twin"}
    claimed = own | {"attribution": "x"}
    accounts = {"N1": {"platform": "google_ads", "name": "North"},
                "N2": {"platform": "google_ads", "name": "South"}, "N3": "own"}  # fmt: skip
    give(cast, {"accounts": accounts,
                "performance": [own | {"account": "N1", "spend": 100},
                                own | {"account": "N2", "spend": 70}],
                "conversions": [claimed | {"account": "N1", "conversions": 40},
                                claimed | {"account": "N2", "conversions": 90}],
                "orders": [{"account": "N3", "date": day, "currency": "EUR", "campaign": "Twin"}],
                "entities": [{"account": one, "date": day, "entity_id": "name:Twin", "name": "Twin"}
                             for one in ("N1", "N2")]}, tmp_path)  # fmt: skip
    page = f"/planner/channels/?from={day}&to={day}&by=campaign&measure="

    claims = text_of(cast.chloe, f"{page}conversions")
    assert "Twin Google Ads · North €100.00 €86.00 −€14.00 40 34 €2.50" in claims
    assert "Twin Best Google Ads · South €70.00 €84.00 +€14.00 90 108 €0.78" in claims
    assert len(all_explain_themselves(cast.chloe, f"{page}conversions", "channels-title")) > 10
    ours = text_of(cast.chloe, f"{page}orders")
    assert ours.count("do not say whose it is. €") == 2
    assert "1 name none of these campaigns and count for none." in ours
    assert len(all_explain_themselves(cast.chloe, f"{page}orders", "channels-title")) > 5
