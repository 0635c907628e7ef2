"""The table of results: what was spent beside what the shop and the forms received for it."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cast import Cast, bring
from tests.lasting import Lasting
from tests.web.test_every_page import HEADER, signed_in
from tests.web.test_explanation import TODAY, text_of

pytestmark = pytest.mark.slow

DAY = TODAY - timedelta(days=2)
LONG_AGO = TODAY - timedelta(days=200)
CAMPAIGNS = {"A": ("480.00", 12, "200.00", 48), "B": ("950.00", 16, "190.00", 76)}


@pytest.fixture(scope="module")
def two_ads(lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two campaigns for one product, their orders and their leads, and an order of no campaign."""
    folder = tmp_path_factory.mktemp("files")
    with lasting():
        google, orders, leads, visits = (
            folder / name for name in ("google.csv", "orders.csv", "leads.csv", "visits.csv")
        )
        delivered, sold, got = [], [], []
        for number, (name, (spend, sales, each, contacts)) in enumerate(CAMPAIGNS.items()):
            delivered.append(f"{name},20{number},{DAY},EUR,{spend},10000,500,0,0")
            sold += [f"{name}{i},{DAY},{each},EUR,google,{name}" for i in range(sales)]
            got += [f"{name}{i},{DAY},google,{name}" for i in range(contacts)]
        google.write_text("\n".join(["Campaign report", '"All time"', HEADER, *delivered]) + "\n")
        sold.append(f"direct,{DAY},1000.00,EUR,,")
        orders.write_text(
            "\n".join(["order_id,ordered_at,revenue,currency,source,campaign", *sold])
        )
        leads.write_text("\n".join(["lead_id,received_at,source,campaign", *got]))
        visits.write_text(
            f"date,source,campaign,visits,completed,engaged_visits\n{DAY},google,A,1000,150,400\n"
        )
        for path in (google, orders, leads, visits):
            bring(company.nantes, path, account="123")


def row_of(person, address: str, name: str) -> str:
    page = signed_in(person, "en").get(address).content.decode()
    table = page.split('id="breakdown"')[1].split("</section>")[0]
    (row,) = [one for one in re.findall(r"<tr>.*?</tr>", table, re.S) if f">{name}<" in one]
    return re.sub(r"[\s\u00a0\u202f]+", " ", re.sub(r"<[^>]+>", " ", row))


@pytest.mark.requirement("MEAS-19")
@pytest.mark.requirement("MEAS-21")
@pytest.mark.requirement("MEAS-22")
def test_two_ads_are_told_apart_by_what_a_sale_costs(cast: Cast, two_ads) -> None:
    a = row_of(cast.chloe, "/report/?split=campaign&view=results", "A")
    b = row_of(cast.chloe, "/report/?split=campaign&view=results", "B")

    for value in ("€480.00", "48", "€10.00", "12", "€40.00", "€2,400.00", "5.00"):
        assert value in a
    for value in ("€950.00", "76", "€12.50", "16", "€59.38", "€3,040.00", "3.20"):
        assert value in b


@pytest.mark.requirement("MEAS-20")
def test_a_visit_without_the_transaction_is_a_bounce(cast: Cast, two_ads) -> None:
    a = row_of(cast.chloe, "/report/?split=campaign&view=results", "A")

    assert "85.00%" in a
    assert "15.00%" in a


def test_a_platform_has_the_sales_of_its_campaigns_and_no_other(cast: Cast, two_ads) -> None:
    google = row_of(cast.chloe, "/report/?view=results", "Google Ads")

    for value in ("€1,430.00", "124", "28", "€5,440.00", "€51.07"):
        assert value in google
    rest = row_of(cast.chloe, "/report/?view=results", "Not given")
    assert "€1,000.00" in rest


def test_inside_a_platform_the_table_keeps_its_sales(cast: Cast, two_ads) -> None:
    address = "/report/?platform=google_ads&split=campaign&view=results"

    assert "€40.00" in row_of(cast.chloe, address, "A")
    assert "Not given" not in text_of(cast.chloe, address).split("Breakdown")[1]


@pytest.mark.parametrize("address", ["view=results", "split=campaign&view=results"])
def test_every_cell_of_the_table_is_explained_by_the_same_figure(
    cast: Cast, two_ads, address: str
) -> None:
    client = signed_in(cast.chloe, "en")
    table = client.get(f"/report/?{address}").content.decode().split('id="breakdown"')[1]
    cells = re.findall(r'href="(explain/[^"]+)"[^>]*>([^<]+)</a>', table)

    assert len(cells) >= 30
    for link, shown in cells:
        page = client.get("/report/" + link.replace("&amp;", "&")).content.decode()
        (big,) = re.findall(r'class="big numbers[^"]*">([^<]+)<', page)
        assert big == shown, link


@pytest.mark.requirement("MEAS-22")
def test_two_campaigns_are_compared_as_if_each_had_the_same_budget(cast: Cast, two_ads) -> None:
    text = text_of(cast.chloe, "/report/compare/?first=200&second=201")

    assert "A is better: a sale costs less there." in text
    for value in ("€10.00", "€12.50", "€40.00", "€59.38", "5.00", "3.20"):
        assert value in text
    assert "Both with €480.00" in text
    assert "38.40" in text  # 76 leads for 950 euros make 38.4 for 480


def test_where_none_is_named_the_two_dearest_are_compared(cast: Cast, two_ads) -> None:
    text = text_of(cast.chloe, "/report/compare/")

    assert "A is better: a sale costs less there." in text
    assert "Both with €950.00" in text


@pytest.mark.parametrize("query", ["?first=200", "?first=200&second=200", "?first=x&second=y"])
def test_a_comparison_of_nothing_asks_for_two(cast: Cast, two_ads, query: str) -> None:
    text = text_of(cast.chloe, f"/report/compare/{query}")

    assert "is better" not in text
    assert "First campaign" in text


def test_the_outsider_compares_nothing(cast: Cast, two_ads) -> None:
    text = text_of(cast.diane, "/report/compare/?first=200&second=201")

    assert "Two campaigns are needed" in text


def test_the_funnel_gives_the_rate_of_views_and_of_the_step_before(cast: Cast, two_ads) -> None:
    page = signed_in(cast.chloe, "en").get("/report/").content.decode()
    funnel = page.split('id="funnel-title"')[1].split("</section>")[0]
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", funnel))

    # 20,000 impressions, 1,000 clicks, 1,000 visits, 124 leads, 29 orders.
    assert re.search(r"Clicks \(all\) 1,000 5.00% 5.00%", text)
    assert re.search(r"Visits 1,000 5.00% 100.00%", text)
    assert re.search(r"Leads received 124 0.62% 12.40%", text)


def test_the_workbook_says_what_the_table_says(cast: Cast, two_ads) -> None:
    client = signed_in(cast.chloe)
    found = client.get("/report/table.xlsx?split=campaign&view=results")
    book = load_workbook(io.BytesIO(found.content))
    header, *rows = [list(row) for row in book.active.iter_rows(values_only=True)]
    told = {row[0]: dict(zip(header, row, strict=True)) for row in rows}

    assert told["A"]["spend"] == 480
    assert told["A"]["cpa"] == 40
    assert told["B"]["cpa"] == pytest.approx(59.375)
    assert told["A"]["currency"] == "EUR"


def test_chosen_columns_are_shown_exported_and_remembered(cast: Cast, two_ads) -> None:
    client = signed_in(cast.chloe, "en")
    chosen = "view=results&split=campaign&columns=results.spend&columns=results.cpa&columns=x"

    for address in (f"/report/?{chosen}", "/report/?view=results&split=campaign"):
        table = client.get(address).content.decode().split('id="breakdown"')[1]
        assert table.split("<thead>")[1].split("</thead>")[0].count("<th ") == 3
    export = client.get("/report/table.csv?view=results&split=campaign").content.decode("utf-8-sig")
    assert export.splitlines()[0] == "campaign,spend,cpa,currency"
    # Another table keeps all of its own.
    assert "Impressions" in client.get("/report/").content.decode().split('id="breakdown"')[1]


@pytest.mark.requirement("MEAS-21")
def test_a_missing_sale_is_a_dash_with_its_reason_and_an_empty_cell(
    cast: Cast, tmp_path: Path
) -> None:
    path = tmp_path / "google.csv"
    row = f"C,203,{DAY},EUR,300.00,10,1,0,0"
    path.write_text("\n".join(["Campaign report", '"All time"', HEADER, row]) + "\n")
    bring(cast.nantes, path, account="123")

    page = signed_in(cast.chloe).get("/report/?split=campaign&view=results").content.decode()
    export = signed_in(cast.chloe).get("/report/table.csv?split=campaign&view=results")

    assert 'title="Aucune vente."' in page
    header, line = export.content.decode("utf-8-sig").splitlines()[:2]
    values = dict(zip(header.split(","), line.split(","), strict=True))
    assert values["cpa"] == ""
    assert values["spend"] == "300"


@pytest.fixture
def twins(cast: Cast, tmp_path: Path) -> None:
    """“Marque” runs in two accounts of Nantes and one of the West; orders name it alone."""
    head = "Campaign,Day,Currency code,Cost,Impr.,Clicks,Conversions,Conv. value"
    sold = "order_id,ordered_at,revenue,currency,source,campaign"

    def given(of, account: str, *lines: str, kind: tuple[str, ...] = ()) -> None:
        path = tmp_path / f"{account}.csv"
        path.write_text("\n".join([*kind, *lines, ""]))
        bring(of, path, account=account)

    delivery = ("Campaign report", '"All time"', head)
    for of, account, spend in ((cast.nantes, 1, 100), (cast.nantes, 2, 30), (cast.west, 3, 5)):
        row = f"Marque,{LONG_AGO},EUR,{spend},1000,10,0,0"
        alone = f"Solo {account},{LONG_AGO},EUR,7,1000,10,0,0"
        given(of, f"{account}" * 10, row, alone, kind=delivery)
    for of, account, count in ((cast.nantes, 8, 4), (cast.west, 9, 3)):
        rows = (f"{account}{n},{LONG_AGO},10,EUR,google,Marque" for n in range(count))
        given(of, f"{account}", sold, *rows)


def figures_of(person, address: str) -> list[list[str]]:
    """The name, spend, orders and CPA of each row, its cells explained by the same figure."""
    client = signed_in(person, "en")
    table = client.get(f"/report/?{address}").content.decode().split('id="breakdown"')[1]
    rows = []
    for row in re.findall(r"<tr>.*?</tr>", table.split("</section>")[0], re.S):
        cells = re.findall(r'href="(explain/[^"]+)"[^>]*>([^<]+)</a>', row)
        for link, shown in cells:
            page = client.get("/report/" + link.replace("&amp;", "&")).content.decode()
            assert re.findall(r'class="big numbers[^"]*">([^<]+)<', page) == [shown], link
        if "<td" in row:
            heading = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row.split("</th>")[0])).strip()
            by_name = {re.findall("figure=([a-z_]+)", link)[0]: shown for link, shown in cells}
            rows.append([heading, *(by_name.get(one, "–") for one in ("spend", "orders", "cpa"))])
    return rows


def test_campaigns_of_one_name_are_told_apart_and_what_was_sold_for_either_alone(
    cast: Cast, twins: None
) -> None:
    days = f"from={LONG_AGO}&to={LONG_AGO}&view=results"

    rows = {name: said for name, *said in figures_of(cast.amelie, f"{days}&split=campaign")}
    assert rows.pop("Marque Google Ads · 1111111111") == ["€100.00", "–", "–"]
    assert rows.pop("Marque Google Ads · 2222222222") == ["€30.00", "–", "–"]
    assert rows.pop("Marque Google Ads · 3333333333") == ["€5.00", "3", "€1.67"]
    assert rows.pop("Marque For one of the campaigns of this name") == ["–", "4", "–"]
    assert rows.pop("Total") == ["€156.00", "7", "€22.29"]
    assert len(rows) == 3
    # All of them are Google's: so is what was sold for one of them.
    (google, total) = figures_of(cast.amelie, days)
    assert google == ["Google Ads", *total[1:]]
    # Within an account only what is surely its own counts.
    page = signed_in(cast.amelie, "en").get(f"/report/?{days}&split=campaign").content.decode()
    accounts = dict.fromkeys(re.findall(r"account=%23(\d+)&amp;campaign=name%3AMarque", page))
    inside = f"{days}&platform=google_ads&split=campaign&account=%23"
    found = sorted(figures_of(cast.amelie, f"{inside}{one}")[-1][1:] for one in accounts)
    assert found == [["€107.00", "–", "–"], ["€12.00", "3", "€4.00"], ["€37.00", "–", "–"]]
