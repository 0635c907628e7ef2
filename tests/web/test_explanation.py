"""Where a number comes from: the sums, the sources, the rows, and what was shown before."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from regie.apps.access.context import acting_as
from regie.apps.access.selectors import scope_of
from regie.apps.connections.models import WarehouseVersion
from regie.apps.dashboards import selectors as dashboards
from regie.apps.organisations import selectors as organisations
from regie.domain.metrics.catalog import metrics
from regie.domain.metrics.planning import parse
from regie.web.report.explanation import formula, last_monday
from tests.cast import Cast, bring
from tests.lasting import Lasting
from tests.today import today
from tests.web.test_every_page import HEADER, signed_in

PARIS = ZoneInfo("Europe/Paris")
TODAY = today()
DAYS = [TODAY - timedelta(days=back) for back in range(1, 31)]


@pytest.fixture(scope="module")
def brought(lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> list[int]:
    """Thirty days of two campaigns, and an order for each day."""
    folder = tmp_path_factory.mktemp("files")
    with lasting():
        rows = []
        for day in DAYS:
            rows.append(f"Marque,201,{day},EUR,10.00,100,5,1.00,20.00")
            rows.append(f"Générique,202,{day},EUR,2.50,50,2,0.00,0.00")
        google, orders = folder / "google.csv", folder / "orders.csv"
        google.write_text(
            "\n".join(["Campaign report", '"All time"', HEADER, *rows]) + "\n", "utf-8"
        )
        lines = [f"C-{i},{day},40.00,EUR,paid search" for i, day in enumerate(DAYS)]
        header = "order_id,ordered_at,revenue,currency,channel"
        orders.write_text("\n".join([header, *lines]) + "\n", "utf-8")
        return [int(bring(company.nantes, path, account="123")[0].pk) for path in (google, orders)]


def text_of(person, address: str, language: str = "en", **headers: str) -> str:
    answer = signed_in(person, language).get(address, headers=headers)
    assert answer.status_code == 200
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"[\s\u00a0\u202f]+", " ", text)


@pytest.mark.requirement("DASH-24")
def test_a_ratio_shows_both_of_its_sums_and_the_rows_of_both(cast: Cast, brought) -> None:
    text = text_of(cast.chloe, "/report/explain/?figure=cpa")

    assert "Cost per acquisition (CPA)" in text
    assert "Spend ÷ Orders" in text
    assert "€12.50" in text  # 375.00 ÷ 30
    assert "€375.00" in text
    assert "the 60 rows that were added up" in text
    assert "the 30 rows that were added up" in text
    assert "google.csv" in text
    assert "orders.csv" in text


def test_a_cell_is_explained_by_its_own_rows(cast: Cast, brought) -> None:
    address = "/report/explain/?figure=spend&of=table&split=campaign&row=202&of_platform=google_ads"
    text = text_of(cast.chloe, address)

    assert "€75.00" in text
    assert "the 30 rows that were added up" in text
    assert "Marque" not in text


@pytest.mark.parametrize("name", ["spend", "ctr", "cpa", "conversions", "revenue", "roas"])
@pytest.mark.parametrize("by", [(), ("platform",), ("platform", "campaign")])
def test_the_rows_beneath_add_up_to_the_sums(cast: Cast, brought, name: str, by) -> None:
    with acting_as(cast.amelie):
        scope = scope_of(organisations.visible_organisations())
        query = parse(metrics=[name], by=by, currency="EUR")
        found = dashboards.explain(query, scope, pages={})
        for fact in found.facts:
            (total,) = [values for _currency, values in fact.totals]
            names = [one.name for one in fact.sums]
            asked = parse(metrics=names, by=by, currency="EUR")
            assert dict(total) == dashboards.answer(asked, scope).totals


def test_rows_come_a_page_at_a_time(cast: Cast, brought) -> None:
    text = text_of(cast.chloe, "/report/explain/?figure=spend&rows_performance=3")

    assert "Page 3 of 3" in text
    assert text.count("no. ") == 10


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999", "400"])
def test_a_page_of_rows_that_does_not_exist_is_the_nearest(cast: Cast, brought, page: str) -> None:
    assert "of 3" in text_of(cast.chloe, f"/report/explain/?figure=spend&rows_performance={page}")


def test_what_was_shown_last_monday_is_beside_what_is_shown_now(
    cast: Cast, brought, tmp_path: Path
) -> None:
    assert "Nothing had been published yet." in text_of(cast.chloe, "/report/explain/?figure=spend")
    long_ago = datetime.combine(TODAY, datetime.min.time(), PARIS) - timedelta(days=9)
    WarehouseVersion.objects.update(published_at=long_ago)
    more = tmp_path / "more.csv"
    row = f"Été,203,{DAYS[0]},EUR,125.00,100,5,1.00,20.00"
    more.write_text("\n".join(["Campaign report", '"All time"', HEADER, row]) + "\n", "utf-8")
    bring(cast.nantes, more, account="456")

    text = text_of(cast.chloe, "/report/explain/?figure=spend")

    assert "€500.00" in text
    assert "€375.00" in text
    assert "+33.3%" in text


def test_a_dash_says_what_it_could_not_be_divided_by(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "google.csv"
    row = f"Marque,201,{DAYS[0]},EUR,300.00,0,0,0,0"
    path.write_text("\n".join(["Campaign report", '"All time"', HEADER, row]) + "\n", "utf-8")
    bring(cast.studio, path, account="123")

    text = text_of(cast.diane, "/report/explain/?figure=cpa", "fr")

    assert "nul ou inconnu" in text


def test_the_panel_is_the_page_without_its_frame(cast: Cast, brought) -> None:
    answer = signed_in(cast.chloe).get(
        "/report/explain/?figure=spend", headers={"HX-Request": "true"}
    )

    assert "<html" not in answer.content.decode()
    assert "D’où vient" not in answer.content.decode()
    assert "Les sommes" in answer.content.decode()


def test_an_unknown_figure_has_no_page(cast: Cast) -> None:
    assert signed_in(cast.chloe).get("/report/explain/?figure=shoes").status_code == 404


def test_an_outsider_asks_and_learns_nothing(cast: Cast, brought) -> None:
    text = text_of(cast.diane, "/report/explain/?figure=spend&of=table&split=campaign&row=201")

    for secret in ("Marque", "google.csv", "123", "Horizon"):
        assert secret not in text


def test_figures_are_linked_to_their_explanation(cast: Cast, brought) -> None:
    page = signed_in(cast.chloe).get("/report/?split=campaign").content.decode()

    links = re.findall(r'href="(explain/[^"]+)"', page)
    # Cards, steps of the funnel with two rates each, claims, two campaigns and totals.
    assert len(links) == 8 + (3 + 2 * 2) + 4 * 2 + 3 * 9
    for link in links[:3] + links[-3:]:
        address = "/report/" + link.replace("&amp;", "&")
        assert signed_in(cast.chloe).get(address).status_code == 200


@pytest.mark.parametrize(
    ("today", "monday"),
    [
        (date(2026, 11, 21), date(2026, 11, 16)),
        (date(2026, 11, 16), date(2026, 11, 9)),
        (date(2026, 11, 17), date(2026, 11, 16)),
        (date(2026, 11, 22), date(2026, 11, 16)),
    ],
)
def test_last_monday_is_one_that_is_over(today: date, monday: date) -> None:
    found = last_monday(today, PARIS)

    assert found.date() == monday
    assert found.tzinfo is PARIS


def test_formulas_are_written_as_they_are_computed() -> None:
    assert formula(metrics()["ctr"]).count("÷") == 1
    with translation.override("fr"):
        assert formula(metrics()["cpm"]).endswith("× 1\u202f000")
    assert formula(metrics()["bounce_transaction"]).startswith("1 − ")
    assert formula(metrics()["spend"]) == ""


def test_what_has_no_rate_says_so_and_not_that_nothing_was_brought(cast: Cast, brought) -> None:
    page = text_of(cast.chloe, "/report/?currency=USD")

    assert "Some of it has no rate into USD: the notes beneath say which." in page
    assert re.search(r"There is no rate from EUR to USD: [\d,.]+ EUR of Spend could not", page)
    for wrong in ("No advertising figures were imported", "No orders were imported"):
        assert wrong not in page
    why = text_of(cast.chloe, "/report/explain/?figure=spend&currency=USD")
    assert "Some of it has no rate into USD" in why
    assert "No advertising figures were imported" not in why
    # What is no money stands as it was.
    assert "Clicks (all) 210" in page
