"""No figure of the report stands alone: each cell opens where it comes from.

Pages are read as their reader reads them: every cell with a digit has its link, and what opens
shows the very figure that was clicked.
"""

from __future__ import annotations

import html
import random
import re
from datetime import timedelta
from urllib.parse import urljoin

import pytest

from tests.cast import Cast
from tests.dashboards import test_properties as month
from tests.dashboards.given import give
from tests.lasting import Lasting
from tests.web.test_every_page import signed_in
from tests.web.test_figures_explain_themselves import explained, plain, whole

pytestmark = pytest.mark.slow
CELL = re.compile(r'<td class="number[^"]*">(.*?)</td>', re.S)
OPENER = re.compile(r'<a class="why" data-explains href="([^"]+)"[^>]*>(.*?)</a>', re.S)
# What stands beneath a figure of its own cell: how it moved, and in which range it likely lies.
BENEATH = re.compile(r'<span class="(?:moved|sub|badge)[^"]*"[^>]*>.*?</span>', re.S)
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


def every_figure_opens(person, page: str) -> int:
    """How many figures the page shows."""
    text = signed_in(person, "en").get(page).content.decode()
    chance, count = random.Random(page), 0  # noqa: S311
    shown = text.split('aria-labelledby="sources-title"')[0]  # those are counted, not measured
    for table in re.findall(r'<table class="figures">.*?</table>', shown, re.S):
        found = cells(table)
        alone = [plain(one) for one in found if not OPENER.search(one)]
        assert not alone, (page, alone[:5])
        for cell in chance.sample(found, min(FEW, len(found))):
            (link, written) = OPENER.findall(cell)[0]
            assert not re.search(r"\d", plain(OPENER.sub("", BENEATH.sub("", cell)))), cell
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


@pytest.mark.parametrize(
    "nonsense", ["budget=x", "budget=1e9", "budget=1&over=orders", "budget=1&figure=cpa"]
)
def test_a_budget_that_is_no_amount_explains_nothing(cast: Cast, busy: None, nonsense: str) -> None:
    answer = signed_in(cast.amelie).get(f"/report/explain/?figure=clicks&{nonsense}")

    assert answer.status_code == 404
