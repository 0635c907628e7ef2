"""Claimed beside real: claims are compared with sales and never become revenue."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from tests.cast import Cast, total
from tests.dashboards.given import give
from tests.lasting import Lasting
from tests.web.test_every_page import signed_in
from tests.web.test_explanation import text_of

DAYS = "/report/?from=2026-09-01&to=2026-09-30"


@pytest.fixture(scope="module")
def claims(lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Scenario M8: 60, 70 and 20 sales are claimed, and 100 were made."""
    folder = tmp_path_factory.mktemp("files")
    with lasting():
        accounts = {"M": "meta_ads", "G": "google_ads", "L": "linkedin_ads", "S": "own"}
        claimed = {"M": (60, 6000), "G": (70, 7000), "L": (20, 2000)}
        give(
            company,
            {
                "accounts": accounts,
                "performance": [
                    {"account": name, "date": date(2026, 9, 2), "spend": 10, "currency": "EUR"}
                    for name in claimed
                ],
                "conversions": [
                    {"account": name, "date": date(2026, 9, 2), "conversions": sales,
                     "conversion_value": value, "currency": "EUR", "attribution": "7d"}
                    for name, (sales, value) in claimed.items()
                ],
                "orders": [{"account": "S", "date": date(2026, 9, 2), "orders": 100,
                            "revenue": Decimal(10000), "currency": "EUR"}],
            },
            folder,
        )  # fmt: skip


def panel(person, address: str) -> str:
    page = signed_in(person, "en").get(address).content.decode()
    if 'id="claimed-title"' not in page:
        return ""
    part = page.split('id="claimed-title"')[1].split("</section>")[0]
    return re.sub(r"[\s\u00a0\u202f]+", " ", re.sub(r"<[^>]+>", " ", part))


@pytest.mark.requirement("MEAS-S8")
@pytest.mark.parametrize("more", ["", "&split=campaign", "&view=results", "&split=channel"])
def test_the_board_says_what_is_claimed_too_much(cast: Cast, claims: None, more: str) -> None:
    text = panel(cast.chloe, DAYS + more)

    assert re.search(r"Google Ads 70 €7,000.00 Meta Ads 60 €6,000.00 LinkedIn Ads 20", text)
    assert "Claimed by all of them 150 €15,000.00" in text
    assert "Received by yourselves 100 €10,000.00" in text
    assert "Claimed beyond what was received 50 (50%) €5,000.00 (50%)" in text


@pytest.mark.requirement("MEAS-S8")
def test_claims_are_in_no_revenue(cast: Cast, claims: None) -> None:
    assert total(cast.chloe, "revenue") == {"EUR": 10000}
    assert "€10,000.00" in text_of(cast.chloe, DAYS)


def test_where_one_side_is_unknown_nothing_is_compared(cast: Cast, claims: None) -> None:
    assert panel(cast.chloe, DAYS + "&platform=meta_ads") == ""
    assert panel(cast.chloe, "/report/?from=2026-08-01&to=2026-08-31") == ""
    assert panel(cast.diane, DAYS) == ""
