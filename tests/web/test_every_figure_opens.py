"""No figure of the report stands alone: each cell opens where it comes from.

Pages are read as their reader reads them: every cell with a digit has its link, and what opens
shows the very figure that was clicked.
"""

from __future__ import annotations

import html
import random
import re
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urljoin

import pytest

from regie.apps.access.context import acting_as
from regie.apps.dashboards import services
from regie.domain.markets import MarketSize
from regie.domain.objectives import Against, Direction
from regie.kernel.periods import Period
from tests.cast import Cast
from tests.dashboards import test_properties as month
from tests.dashboards.given import give
from tests.lasting import Lasting
from tests.web.planner.test_pages import saved_by
from tests.web.test_every_page import signed_in
from tests.web.test_figures_explain_themselves import BIG, explained, plain, whole
from tests.web.test_objectives import objective

pytestmark = pytest.mark.slow
CELL = re.compile(r'<td class="number[^"]*">(.*?)</td>', re.S)
OPENER = re.compile(r'<a class="why" data-explains href="([^"]+)"[^>]*>(.*?)</a>', re.S)
# What stands beneath a figure of its own cell: how it moved, and in which range it likely lies.
BENEATH = re.compile(r'<span class="(?:moved|sub|badge)[^"]*"[^>]*>.*?</span>', re.S)
# What two figures of the same row differ by: each of the two opens.
CHANGE = re.compile(r'<span class="change.*</span>', re.S)
FEW = 4  # opened of each table of a page, whichever chance draws
DAYS = f"from={month.FIRST + timedelta(9)}&to={month.FIRST + timedelta(month.DAYS - 1)}"
LONG_AGO = month.FIRST - timedelta(300)
PAGES = [
    "", "grain=week", "grain=month&metric=cpa", "compare=year", "compare=none&currency=USD",
    "split=account", "split=campaign", "split=ad_group", "split=ad", "split=organisation",
    "split=beneficiary", "split=channel", "split=media", "view=results",
    "view=results&split=campaign", "view=results&split=ad", "platform=google_ads",
    "platform=meta_ads&campaign=m0&split=ad_group", "platform=meta_ads&metric=roas_claimed",
    "organisation=horizon-nantes", "only_media=paid&metric=clicks&grain=week",
    "split=campaign&open=google_ads~c0", "metric=visits",
]  # fmt: skip


@pytest.fixture(scope="module")
def busy(lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The month of random questions, with two ads that are told apart."""
    case = month._case(random.Random(20260901))  # noqa: S311 - the same each time
    for n in range(month.DAYS):
        for ad in ("11", "12"):
            row = {"account": "A", "date": month.FIRST + timedelta(n), "currency": "EUR"}
            row |= {"level": "ad", "campaign_id": "c9", "ad_group_id": "g9", "ad_id": ad}
            case["performance"].append(row | {"spend": n + int(ad), "clicks": n, "impressions": 90})
            case["conversions"].append(
                row | {"conversions": n % 3, "conversion_value": 10 * n, "attribution": "x"}
            )
    for row in (*case["performance"], *case["conversions"]):
        if row.get("campaign_id") in {"c0", "c1", "c2"} and row["account"] != "G":
            row["campaign_id"] = row["account"].lower() + row["campaign_id"][1:]
    for account, spend in (("G", 5), ("B", 7)):
        row = {"account": account, "date": LONG_AGO, "campaign_id": "twin", "currency": "EUR"}
        case["performance"].append(row | {"spend": spend, "clicks": spend, "impressions": 90})
    case["accounts"]["B"] = {"platform": "google_ads", "in": "nantes"}
    case["accounts"]["A"] = {"platform": "tiktok_ads", "in": "nantes"}
    with lasting():
        give(company, case, tmp_path_factory.mktemp("files"))


def cells(text: str) -> list[str]:
    return [one for one in CELL.findall(text) if re.search(r"\d", plain(one))]


def every_figure_opens(person, page: str, most: int = FEW) -> int:
    """How many figures the page shows."""
    text = signed_in(person, "en").get(page).content.decode()
    chance, count = random.Random(page), 0  # noqa: S311
    shown = text.split('aria-labelledby="sources-title"')[0]  # those are counted, not measured
    shown = shown.split('aria-labelledby="market-title"')[0]  # each row says its source and date
    for table in re.findall(r'<table class="figures[^"]*">.*?</table>', shown, re.S):
        found = [one for one in cells(table) if not CHANGE.fullmatch(one.strip())]
        alone = [plain(one) for one in found if not OPENER.search(one)]
        assert not alone, (page, alone[:5])
        for cell in chance.sample(found, min(most, len(found))):
            assert not re.search(r"\d", plain(OPENER.sub("", BENEATH.sub("", cell)))), cell
            for link, written in OPENER.findall(cell):
                address = urljoin(page, html.unescape(link))
                said = explained(person, address)
                assert said.removesuffix(".00") == whole(plain(written)), address
        count += len(found)
    return count


@pytest.mark.parametrize("more", PAGES)
def test_every_figure_of_the_report_opens_where_it_comes_from(
    cast: Cast, busy: None, more: str
) -> None:
    assert every_figure_opens(cast.amelie, f"/report/?{DAYS}&{more}") > 8


@pytest.mark.parametrize(
    "query",
    ["level=campaign&first=c0&second=c1", "level=ad&first=tiktok_ads~11&second=tiktok_ads~12",
     "level=campaign&first=c9&second=l0&currency=USD"],
)  # fmt: skip
def test_every_figure_of_two_at_equal_budget_opens_where_it_comes_from(
    cast: Cast, busy: None, query: str
) -> None:
    page = f"/report/compare/?{DAYS}&{query}"

    assert every_figure_opens(cast.amelie, page) > 8
    client = signed_in(cast.amelie, "en")
    (last, _shown) = OPENER.findall(client.get(page).content.decode())[-1]
    assert "÷ Spend ×" in client.get(html.unescape(last)).content.decode()


@pytest.mark.parametrize("compare", ["none", "previous"])
def test_two_campaigns_of_one_id_are_each_explained_and_opened_alone(
    cast: Cast, busy: None, compare: str
) -> None:
    page = f"/report/?from={LONG_AGO}&to={LONG_AGO}&split=campaign&compare={compare}"

    assert every_figure_opens(cast.amelie, page) > 8
    client = signed_in(cast.amelie, "en")
    inside = re.findall(
        r'<a class="long" href="([^"]+)" title="twin"', client.get(page).content.decode()
    )
    spent = [plain(client.get("/report/" + html.unescape(one)).content.decode()) for one in inside]
    assert [sum(f"€{amount}.00" in one for one in spent) for amount in (5, 7, 12)] == [1, 1, 0]


@pytest.fixture
def aimed(cast: Cast, busy: None) -> int:
    """Objectives of each kind, whose days are over; that of revenue by its number."""
    days = Period(month.FIRST + timedelta(9), month.FIRST + timedelta(month.DAYS - 1))
    sold = objective(metric="revenue", target=Decimal(90000), period=days, currency="EUR")
    more = {"target": None, "growth": Decimal("0.1"), "against": Against.PREVIOUS}
    dear = {"metric": "cpa", "direction": Direction.AT_MOST, "currency": "EUR"}
    share = {"metric": "market_share", "target": Decimal("0.02"), "period": days}
    with acting_as(cast.amelie):
        named = {"actor": cast.amelie, "organisation": cast.network}
        found = services.set_objective(objective=sold, **named)
        for one in (
            objective(metric="orders", period=days, **more),
            objective(period=days, target=Decimal(12), **dear),
            objective(period=Period(days.start, days.end + timedelta(999))),
            objective(**share),
            objective(**share | more),
        ):
            services.set_objective(objective=one, **named)
        whole = Period(days.start - timedelta(99), days.end)
        services.note_market(
            size=MarketSize("revenue", whole, Decimal(10**7), "EUR", "Institute", days.end),
            **named,
        )
    return found


@pytest.mark.requirement("MEAS-1")
def test_every_figure_of_objectives_opens_where_it_comes_from(cast: Cast, aimed: int) -> None:
    assert every_figure_opens(cast.amelie, "/objectives/", most=99) == 6 * 3
    client = signed_in(cast.amelie, "en")
    page = client.get("/objectives/").content.decode()
    for link, badge in re.findall(
        r'<a class="why" data-explains href="([^"]+status)">(.*?)</a>', page
    ):
        said = client.get(link).content.decode()
        assert plain(BIG.search(said)[1]) == plain(badge)
        assert "Set by Amélie" in said
    # What is given as known so far is the report's own figure, with its files.
    said = client.get(f"/objectives/{aimed}/explain/?of=due").content.decode()
    (reached,) = re.findall(r'href="(/report/explain/[^"]+)"', said)
    assert whole(explained(cast.amelie, html.unescape(reached))) in plain(said)


def test_a_target_on_the_report_opens_its_objective(cast: Cast, aimed: int) -> None:
    page = f"/report/?{DAYS}&metric=revenue&grain=week"

    assert every_figure_opens(cast.amelie, page) > 8
    client = signed_in(cast.amelie, "en")
    text = client.get(page).content.decode()
    (card,) = re.findall(rf'<a class="aim" data-explains href="(/objectives/{aimed}/[^"]+)"', text)
    assert "Where it stands" in client.get(card).content.decode()
    steps = {
        html.unescape(one) for one in re.findall(rf'"(/objectives/{aimed}/[^"]+step[^"]+)"', text)
    }
    shares = [explained(cast.amelie, one) for one in steps]
    assert sum(Decimal(one.strip("€").replace(",", "")) for one in shares) == 90000


@pytest.mark.parametrize("asked", ["of=x", "of=step", "of=step&from=2020-01-01&to=2020-01-02"])
def test_nonsense_asks_about_the_target(cast: Cast, aimed: int, asked: str) -> None:
    assert explained(cast.amelie, f"/objectives/{aimed}/explain/?{asked}") == "€90,000.00"
    assert signed_in(cast.diane).get(f"/objectives/{aimed}/explain/?{asked}").status_code == 404


@pytest.mark.requirement("PLAN-9")
def test_every_figure_of_a_plan_opens_where_it_comes_from(cast: Cast, busy: None) -> None:
    days = {"starts_on": month.FIRST + timedelta(9), "ends_on": month.FIRST + timedelta(20)}
    plan = f"/planner/{saved_by(signed_in(cast.amelie), **days, currency='EUR')}/"

    # The trial, a fifth lower and higher, causes and volumes beside what happened.
    assert every_figure_opens(cast.amelie, f"{plan}?click_rate=20&cpm=-10", most=99) == 52
    client = signed_in(cast.amelie, "en")
    for page in (plan, f"{plan}?click_rate=20"):
        shown = cells(client.get(page).content.decode())
        assert [one for one in shown if CHANGE.fullmatch(one.strip())] == []
    result = client.get(plan).content.decode().split('id="plan-result"')[1].split("</section>")[0]
    asked = dict.fromkeys(OPENER.findall(result))
    assert len(asked) == 8
    for link, written in asked:
        # The rates of the funnel are followed by what people do: “2% click”.
        assert plain(written).startswith(explained(cast.amelie, link)), link
    said = plain(client.get(f"{plan}explain/?figure=cpm&of=effect").content.decode())
    for words in ("Budget ÷ sales", "six orders", "Written by Amélie", "example, undated, noted",
                  "Why a sale cost more or less than planned"):  # fmt: skip
        assert words in said, words
    assert every_figure_opens(cast.amelie, "/planner/", most=99) == 3
    for nonsense in (
        "",
        "roas",
        "cpa&of=x",
        "cpc&of=effect",
        "cpa&at=1",
        "cpc&of=trial",
        "cpc&of=difference",
    ):
        assert client.get(f"{plan}explain/?figure={nonsense}").status_code == 404
    assert signed_in(cast.diane).get(f"{plan}explain/?figure=cpa").status_code == 404


def test_every_figure_of_a_plan_that_is_not_saved_opens_where_it_comes_from(cast: Cast) -> None:
    client = signed_in(cast.amelie, "en")
    typed = {"direction": "goal", "goal": "1,000", "click_rate": "2", "conversion_rate": "2",
             "cpm": "2", "currency": "EUR", "lag_days": "0", "window_days": "30"}  # fmt: skip
    pages = [client.get("/planner/new/"), client.post("/planner/preview/", typed),
             client.post("/planner/new/", {**typed, "act": "reckon"})]  # fmt: skip
    for page in pages:
        shown = page.content.decode().split('id="plan-result"')[1].split("</section>")[0]
        asked = dict.fromkeys(OPENER.findall(shown))
        assert len(asked) == 8
        for link, written in asked:
            assert plain(written).startswith(explained(cast.amelie, html.unescape(link))), link
    (budget,) = [html.unescape(link) for link, _shown in asked if link.endswith("=budget")]
    said = plain(client.get(budget).content.decode())
    for words in ("A plan that is not saved", "€5,000.00", "Impressions ÷ 1,000 × CPM",
                  "nothing of it is kept"):  # fmt: skip
        assert words in said, words
    for nonsense in ("", budget.replace("goal=1", "goal=x"), budget.replace("=budget", "=roas")):
        assert client.get(nonsense or "/planner/explain/").status_code == 404


@pytest.mark.parametrize(
    "nonsense", ["budget=x", "budget=1e9", "budget=1&over=orders", "budget=1&figure=cpa"]
)
def test_a_budget_that_is_no_amount_explains_nothing(cast: Cast, busy: None, nonsense: str) -> None:
    answer = signed_in(cast.amelie).get(f"/report/explain/?figure=clicks&{nonsense}")

    assert answer.status_code == 404
