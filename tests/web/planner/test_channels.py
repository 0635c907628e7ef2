"""The budget by channel: proposed by what each earned, the same by every door, no promise."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from regie.cli import main as command
from tests.api.test_api import call, token_of
from tests.cast import Cast
from tests.dashboards.given import give
from tests.lasting import Lasting
from tests.web.planner.weeks import DAYS, MONDAY, WEEKS
from tests.web.test_every_page import signed_in
from tests.web.test_explanation import text_of
from tests.web.test_figures_explain_themselves import all_explain_themselves

pytestmark = pytest.mark.slow

SPRING = MONDAY - timedelta(60)


@pytest.fixture(scope="module")
def summer(lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Thirteen weeks: Google brings as much again for as much more, Meta ever less, TikTok little.

    A third of the orders names Google's campaign, some name none.
    """
    performance: list[dict[str, Any]] = []
    conversions: list[dict[str, Any]] = []
    orders: list[dict[str, Any]] = []
    for week in range(WEEKS):
        day = MONDAY + timedelta(7 * week + 2)
        part = Decimal(60 + 7 * week) / 100
        spent = {"G": (part * 100, part * 40), "M": (part * 100, 50 * part ** Decimal("0.3")),
                 "T": (Decimal(10), Decimal(1))}  # fmt: skip
        for account, (spend, claims) in spent.items():
            row = {"account": account, "date": day, "campaign_id": f"c{account}", "currency": "EUR"}
            performance.append(row | {"spend": spend})
            conversions.append(row | {"conversions": round(claims, 2), "attribution": "x"})
        orders += [{"account": "S", "date": day, "campaign": name, "revenue": 5, "currency": "EUR"}
                   for name in ("cG", "cG", "cG", "cM", None)]  # fmt: skip
    spring = {"account": "G", "date": SPRING, "campaign_id": "cG", "currency": "EUR"}
    performance.append(spring | {"spend": 9})
    conversions.append(spring | {"conversions": 2, "attribution": "x"})
    orders.append({"account": "S", "date": SPRING, "campaign": None, "currency": "EUR"})
    accounts = {"G": "google_ads", "M": "meta_ads", "T": "tiktok_ads", "S": "own"}
    case = {"accounts": accounts, "performance": performance, "conversions": conversions,
            "orders": orders,
            "entities": [{"account": name, "date": MONDAY, "entity_id": f"c{name}", "name": name}
                         for name in "GMT"]}  # fmt: skip
    with lasting():
        give(company, case, tmp_path_factory.mktemp("files"))


def page(person, query: str, language: str = "en") -> str:
    return text_of(person, f"/planner/channels/?{DAYS}&{query}", language)


@pytest.mark.requirement("MEAS-24")
def test_weeks_say_what_one_more_costs_and_money_goes_there(cast: Cast, summer: None) -> None:
    text = page(cast.chloe, "measure=conversions")

    # Each spent 1,326 €; one more costs 2.50 € with Google and about ten with Meta.
    assert re.search(r"Google Ads Best €1,326\.00 €1,591\.20 \+€265\.20 530", text), text[:3000]
    assert re.search(r"Meta Ads €1,326\.00 €1,060\.80 −€265\.20", text)
    assert "Kept: fewer than 30, too few to judge by. €130.00 €130.00 €0.00 13" in text
    assert "€265.20 of €2,782.00 could change hands." in text
    assert "read from 13 whole weeks" in text
    assert "No budget moves by more than 20%" in text
    assert "That is a hypothesis, and no promise." in text
    assert "several may claim the same sale" in text


def test_few_weeks_make_no_curve_and_averages_are_said(cast: Cast, summer: None) -> None:
    days = f"from={MONDAY}&to={MONDAY + timedelta(27)}"
    text = text_of(cast.chloe, f"/planner/channels/?{days}&measure=conversions")

    assert "Average costs stand in for what one more costs" in text
    assert "Cost of one more" not in text
    # Of so few days Meta was the cheaper: 282 € brought 180 against 113.
    assert re.search(r"Meta Ads Best €282\.00 €338\.40", text), text[:3000]


@pytest.mark.requirement("MEAS-23")
def test_orders_that_name_a_campaign_are_counted_and_averages_are_said(
    cast: Cast, summer: None
) -> None:
    text = page(cast.chloe, "measure=orders&cap=10")

    assert "Average costs stand in" not in text  # nothing is judged by them
    assert "13 name no campaign of a channel and count for none." in text
    assert re.search(r"Meta Ads Kept: fewer than 30, .{0,40}€1,326\.00 €1,326\.00 €0\.00 13", text)
    assert "The budget stays as it is." in text
    assert "Fewer than two channels brought enough to be judged." in text


@pytest.mark.requirement("MEAS-24")
@pytest.mark.parametrize(
    ("measure", "count"), [("conversions", 24), ("orders", 21), ("conversions&currency=EUR", 24)]
)
def test_every_figure_opens_where_it_comes_from(
    cast: Cast, summer: None, measure: str, count: int
) -> None:
    address = f"/planner/channels/?{DAYS}&measure={measure}"

    assert len(all_explain_themselves(cast.chloe, address, "channels-title")) == count
    # Nothing with a digit stands in a cell without its address.
    text = signed_in(cast.chloe, "en").get(address).content.decode()
    cells = re.findall(r'<td class="number">(.*?)</td>', text, re.S)
    assert [one for one in cells if re.search(r"\d", one) and 'class="why"' not in one] == []


def test_what_is_proposed_says_its_sums_and_what_was_done_to_them(cast: Cast, summer: None) -> None:
    asked = f"/planner/channels/explain/?{DAYS}&measure=conversions"

    proposed = text_of(cast.chloe, f"{asked}&channel=google_ads&figure=proposed")
    for words in ("Proposed · Google Ads", "€1,591.20", "The least it may have €1,060.80",
                  "The most it may have €1,591.20", "each where it brings most"):  # fmt: skip
        assert words in proposed
    expected = text_of(cast.chloe, f"{asked}&channel=google_ads&figure=expected")
    assert "530.40 × (€1,591.20 proposed ÷ €1,326.00 spent) to the power of 1.00." in expected
    difference = text_of(cast.chloe, f"{asked}&channel=meta_ads&figure=difference")
    assert "−€265.20 = €1,060.80 proposed − €1,326.00 spent" in difference
    few = text_of(cast.chloe, f"{asked}&channel=tiktok_ads&figure=proposed")
    assert "Kept: fewer than 30, too few to judge by." in few
    moved = text_of(cast.chloe, f"{asked}&figure=moved")
    assert "Google Ads +€265.20" in moved
    assert "Meta Ads" not in moved.split("How it is worked out")[1]
    assert "Proposé" in text_of(cast.chloe, f"{asked}&channel=google_ads&figure=proposed", "fr")


@pytest.mark.parametrize(
    "nonsense",
    ["", "figure=spend", "figure=proposed", "figure=proposed&channel=x",
     "figure=counted&channel=google_ads", "figure=expected&channel=tiktok_ads"],
)  # fmt: skip
def test_a_figure_that_the_page_does_not_show_is_not_explained(
    cast: Cast, summer: None, nonsense: str
) -> None:
    address = f"/planner/channels/explain/?{DAYS}&measure=conversions&{nonsense}"

    assert signed_in(cast.chloe).get(address).status_code == 404
    shown = f"/planner/channels/explain/?{DAYS}&measure=conversions&figure=proposed"
    assert signed_in(cast.diane).get(f"{shown}&channel=google_ads").status_code == 404


def test_command_and_program_say_what_the_page_says(
    cast: Cast, summer: None, capsys: pytest.CaptureFixture[str]
) -> None:
    first, last = MONDAY, MONDAY + timedelta(7 * WEEKS - 1)
    words = ["allocate", "--from", str(first), "--to", str(last), "--measure", "conversions",
             "--as", cast.chloe.email, "--organisation", cast.nantes.slug]  # fmt: skip
    capsys.readouterr()
    assert command.main([*words, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    said = {"first_day": str(first), "last_day": str(last), "measure": "conversions"}
    answered = call(token_of(cast.chloe, cast.nantes), "/allocation", "post", said).json()

    assert told == answered
    assert (told["basis"], told["moved"], told["nothing_moves_because"]) == (
        "curves",
        "265.2",
        None,
    )
    assert [one["proposed"] for one in told["channels"]] == ["1591.2", "1060.8", "130"]
    assert [one["kept_because"] for one in told["channels"]] == [None, None, "few"]
    assert Decimal(told["expected"]) > Decimal(told["counted"])
    for form in ("csv", "table"):
        assert command.main([*words, "--format", form]) == 0
        assert "1591.2" in capsys.readouterr().out
    assert command.main([*words, "--cap", "70"]) == 2
    assert command.main([*words, "--cap", "x"]) == 2
    assert command.main([*words, "--measure", "spend"]) == 2


def test_the_report_leads_there_with_its_days(cast: Cast, summer: None) -> None:
    report = signed_in(cast.chloe).get(f"/report/?{DAYS}").content.decode()

    (query,) = re.findall(r'href="/planner/channels/([^"]*)"', report)
    page = signed_in(cast.chloe, "en").get("/planner/channels/" + html.unescape(query))
    assert f'name="from" value="{MONDAY}"' in page.content.decode()
    for more in ("split=account", "platform=google_ads", "only_platform=google_ads"):
        other = signed_in(cast.chloe).get(f"/report/?{DAYS}&{more}").content.decode()
        assert "/planner/channels/" not in other


def test_where_no_order_names_a_campaign_what_is_claimed_stands_in(
    cast: Cast, summer: None
) -> None:
    days = f"from={SPRING}&to={SPRING}"

    assert "What platforms claim is counted" in text_of(cast.chloe, f"/planner/channels/?{days}")
    assert "Counted are those that name a campaign" in page(cast.chloe, "")


def test_without_days_of_spend_the_page_says_what_to_do(cast: Cast, summer: None) -> None:
    text = text_of(cast.chloe, "/planner/channels/?from=2025-01-01&to=2025-01-31")

    assert "Nothing was spent in these days" in text


def test_nonsense_in_the_address_is_the_usual(cast: Cast, summer: None) -> None:
    text = page(cast.chloe, "measure=spend&cap=900")

    assert "No budget moves by more than 20%" in text


def test_the_outsider_shares_out_nothing_of_theirs(cast: Cast, summer: None) -> None:
    text = page(cast.diane, "measure=conversions")

    assert "Google" not in text
    assert signed_in(cast.diane).get("/planner/channels/").status_code == 200
