"""Every figure opens where it comes from, and what opens shows the very same figure."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin

import pytest

from tests.cast import Cast
from tests.web.test_claimed import DAYS, claims
from tests.web.test_every_page import signed_in
from tests.web.test_explanation import TODAY, brought, text_of

__all__ = ["brought", "claims"]
LINK = re.compile(r'<a class="why" data-explains href="([^"]+)"[^>]*>(.*?)</a>', re.S)
BIG = re.compile(r'<p class="big numbers[^"]*">(.*?)</p>', re.S)


def plain(text: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", text)).strip()


def asked_figures(person, page: str, part: str) -> list[tuple[str, str]]:
    """The figures of one panel of a page: what stands there and the address that explains it."""
    text = signed_in(person, "en").get(page).content.decode()
    panel = text.split(f'id="{part}"')[1].split("</section>")[0]
    return [
        (plain(shown), urljoin(page, html.unescape(link))) for link, shown in LINK.findall(panel)
    ]


def explained(person, address: str) -> str:
    answer = signed_in(person, "en").get(address)
    assert answer.status_code == 200, address
    found = BIG.search(answer.content.decode())
    assert found, address
    return plain(found[1])


def whole(shown: str) -> str:
    return shown.split(" (")[0].removesuffix(".00")


def all_explain_themselves(person, page: str, part: str) -> list[str]:
    found = asked_figures(person, page, part)
    for shown, address in found:
        # What is beyond says its share as well; claims may be parts of a sale, and say so.
        assert explained(person, address).removesuffix(".00") == whole(shown), address
    return [shown for shown, _address in found]


@pytest.mark.requirement("MEAS-15")
def test_rates_of_views_and_of_steps_open_what_they_are_divided_from(cast: Cast, brought) -> None:
    shown = all_explain_themselves(cast.chloe, "/report/", "funnel-title")

    # Impressions, then clicks and orders, each with its two rates.
    assert shown == ["4,500", "210", "4.67%", "4.67%", "30", "0.67%", "14.29%"]
    address = "/report/explain/?figure=orders&over=clicks"
    text = text_of(cast.chloe, address)
    assert "Orders ÷ Clicks (all)" in text
    assert "Orders out of Clicks (all)" in text
    assert "google.csv" in text
    assert "orders.csv" in text
    assert "Nothing had been published yet." in text


def test_each_claim_and_what_is_beyond_sales_open_their_sums(cast: Cast, claims: None) -> None:
    shown = all_explain_themselves(cast.chloe, DAYS, "claimed-title")

    assert shown[:2] == ["70", "€7,000.00"]
    assert shown[-2:] == ["50 (50%)", "€5,000.00 (50%)"]
    assert len(shown) == 12
    beyond = f"/report/explain/{DAYS.removeprefix('/report/')}&figure=conversions&beyond=orders"
    assert "Conversions (claimed) − Orders" in text_of(cast.chloe, beyond)


@pytest.mark.parametrize(
    "nonsense",
    [
        "over=nothing",
        "over=cpa",
        "over=reach",
        "beyond=roas",
        "over=orders&beyond=orders&figure=cpa",
    ],
)
def test_what_cannot_be_worked_out_is_no_figure(cast: Cast, brought, nonsense: str) -> None:
    answer = signed_in(cast.chloe).get(f"/report/explain/?figure=spend&{nonsense}")

    assert answer.status_code == 404


@pytest.mark.parametrize("lag", ["-1", "x", "9999", "%20"])
def test_a_lag_that_is_no_number_of_days_is_none(cast: Cast, brought, lag: str) -> None:
    text = text_of(cast.chloe, f"/report/explain/?figure=orders&over=clicks&lag={lag}")

    assert "14.29%" in text


def test_orders_of_later_days_are_said_to_be_later(cast: Cast, brought) -> None:
    days = f"from={TODAY.replace(day=1)}&to={TODAY.replace(day=1)}"
    text = text_of(cast.chloe, f"/report/explain/?{days}&figure=orders&over=clicks&lag=2")

    assert "2 days after the spend" in text
    end = text_of(cast.chloe, "/report/explain/?to=9999-12-31&figure=orders&over=clicks&lag=2")
    assert "Clicks" in end


def test_a_branch_that_one_does_not_see_explains_nothing(cast: Cast, brought) -> None:
    address = "/report/explain/?figure=spend&branch="

    assert "€375.00" in text_of(cast.amelie, address + cast.nantes.slug)
    for slug in (cast.nantes.slug, "nowhere"):
        assert signed_in(cast.diane).get(address + slug).status_code == 404
