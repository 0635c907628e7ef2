"""Spend and claims beside what models give: by whatever the accounts tell them by, else why not."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from regie.apps.access.context import acting_as
from regie.apps.access.selectors import scope_of
from regie.apps.attribution.selectors import Beside, beside
from regie.apps.organisations import selectors as organisations
from regie.domain.attribution.questions import Question
from tests.attribution.heard import Heard, publish
from tests.attribution.test_journeys import DAY, JUNE, NOON, order
from tests.attribution.test_pages import DAYS, words
from tests.attribution.test_pages import site as site
from tests.cast import Cast, bring, total
from tests.dashboards.given import give
from tests.web.test_every_page import signed_in

pytestmark = pytest.mark.slow


@pytest.fixture
def spent(site: Any, cast: Cast, tmp_path: Path) -> Cast:
    """One account whose report is by ad, another's by keyword."""
    day = {"date": date(2026, 6, 9), "currency": "EUR"}
    give(cast, {
        "accounts": {"M": {"platform": "meta_ads", "location": "Nantes"}, "G": "google_ads"},
        "performance": [
            {"account": "M", "level": "ad", "campaign_id": "7", "ad_id": "71", "spend": 12, **day},
            {"account": "M", "level": "ad", "campaign_id": "7", "ad_id": "72", "spend": 3, **day},
            {"account": "G", "level": "keyword", "campaign_id": "8", "keyword_id": "k1",
             "spend": 5, **day},
        ],
        "entities": [
            {"account": "M", "date": day["date"], "kind": "campaign", "entity_id": "7",
             "name": "Soldes"},
            {"account": "M", "date": day["date"], "kind": "ad", "entity_id": "71",
             "parent_id": "7", "name": "Vidéo"},
            {"account": "G", "date": day["date"], "kind": "keyword", "entity_id": "k1",
             "name": "chaussures"},
        ],
    }, tmp_path)  # fmt: skip
    return cast


def found(cast: Cast, unit: str, *units: str) -> dict[str, Any]:
    with acting_as(cast.chloe):
        scope = scope_of(organisations.visible_organisations())
        answer: Beside = beside(Question(JUNE, unit=unit), scope, list(units))
    return {name: paid.spend for name, paid in answer.units.items()}


@pytest.mark.requirement("ID-1")
def test_a_visit_names_a_campaign_or_an_ad_by_its_name_or_number(spent: Cast) -> None:
    assert found(spent, "campaign", "soldes")["soldes"] == 15
    assert found(spent, "content", "vidéo", "72") == {"vidéo": 12, "72": 3, "(none)": 5}
    assert found(spent, "keyword", "Chaussures")["Chaussures"] == 5
    assert found(spent, "location", "Nantes")["Nantes"] == 15


def test_where_spend_is_not_known_the_page_says_why(spent: Cast) -> None:
    client = signed_in(spent.chloe, "en")

    by_campaign = client.get(f"/attribution/?{DAYS}&unit=campaign")
    by_page = words(client.get(f"/attribution/?{DAYS}&unit=page"))

    assert "Soldes" in words(by_campaign) or "soldes" in words(by_campaign)
    titles = re.findall(r'<td class="number" title="([^"]+)"', by_campaign.content.decode())
    assert any("No advertising account tells of a campaign called so" in one for one in titles)
    assert "Advertising accounts do not tell what they spent by this" in by_page
    assert "What spending earned" in by_page


def test_what_was_spent_opens_the_rows_of_the_report_that_it_is_the_sum_of(spent: Cast) -> None:
    client = signed_in(spent.chloe, "en")

    def behind(unit: str, of: str) -> str:
        return words(client.get(f"/attribution/explain/?{DAYS}&unit={unit}&of={of}"))

    page = client.get(f"/attribution/?{DAYS}").content.decode()
    address = re.search(r'href="(/attribution/explain/[^"]+)">\u20ac15.00</a>', page)
    assert address is not None
    opened = client.get(address[1].replace("&amp;", "&"))

    assert "Spent and claimed beside it, as the report says" in words(opened)
    assert "Meta Ads \u20ac15.00 – –" in words(opened)
    there = re.search(r'href="(/report/[^"]+)">See them in the report', opened.content.decode())
    assert there is not None
    assert "Meta Ads \u20ac15.00" in words(client.get(there[1].replace("&amp;", "&")))
    assert "Vidéo \u20ac12.00" in behind("content", "Vidéo")
    assert "Without ad or creator \u20ac5.00" in behind("content", "(none)")
    assert "Nantes \u20ac15.00" in behind("location", "Nantes")
    stranger = signed_in(spent.diane, "en").get(f"/attribution/explain/?{DAYS}&of=Paid Social")
    assert "\u20ac15.00" not in words(stranger)


def test_most_that_has_no_journey_is_said_and_leads_show_what_one_costs(
    spent: Cast, tmp_path: Path
) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("order_id,ordered_at,currency,revenue\n" + "".join(
        f"F-{n},2026-06-09T10:00:00+02:00,EUR,10\n" for n in range(7)
    ))  # fmt: skip
    bring(spent.nantes, file)
    client = signed_in(spent.chloe, "en")

    orders = words(client.get(f"/attribution/?{DAYS}"))
    leads = words(client.get(f"/attribution/?{DAYS}&kind=lead&show=value"))
    costs = words(client.get(f"/attribution/?{DAYS}&show=cost"))

    assert "3 of 10" in orders
    assert "Only 3 of the 10 that were received have a journey" in orders
    assert "None of these conversions says what it is worth." in leads
    assert "\u20ac0.00" not in leads.split("Models side by side")[1].split("Total")[0]
    # Five euros were spent on search, which linear gives one of three orders.
    assert "Paid Search \u20ac5.00" in costs


def test_what_a_creator_cost_stands_beside_what_his_links_earned(
    site: Any, cast: Cast, tmp_path: Path
) -> None:
    """A plain file says it; without one the page says that nobody told."""
    publish(
        site,
        Heard("q", "page_view", NOON - DAY, "fan", via="social", query="&utm_content=studio-lune"),
        Heard("q-i", "identify", NOON - DAY, "fan", p={"login": "c-9"}),
        order("O-9", NOON, 200, login="c-9"),
    )
    client = signed_in(cast.chloe, "en")
    page = f"/attribution/?{DAYS}&unit=content&model=last_touch"
    assert "No spend of these days is known in this detail" in words(client.get(page))

    file = tmp_path / "creators.csv"
    file.write_text("jour;créateur;coût;devise\n2026-06-08;Studio-Lune;100,00;EUR\n"
                    "2026-06-09;Another;20,00;EUR\n")  # fmt: skip
    (record,) = bring(cast.nantes, file)
    text = words(client.get(page)).split("What spending earned")[1]

    assert record.format == "creator_costs"
    assert "studio-lune \u20ac100.00 1.00 \u20ac100.00 \u20ac200.00 2.00" in text
    assert "Another \u20ac20.00" in text
    # The channel that visits name her by; who is in no visit is filed as creators are.
    assert found(cast, "channel", "Organic Social") == {"Organic Social": 100, "Influencers": 20}
    assert found(cast, "media", "paid") == {"paid": 120}
    assert found(cast, "platform", "creators") == {"creators": 120}
    assert total(cast.chloe, "spend") == {"EUR": 120}


def test_posts_of_creators_have_a_channel_of_their_own_with_its_cost_and_return(
    site: Any, cast: Cast, tmp_path: Path
) -> None:
    tags = "utm_source=instagram&utm_medium=influence&utm_content=studio-lune"
    publish(
        site,
        Heard("q", "page_view", NOON - DAY, "fan", query=f"?{tags}"),
        Heard("q-i", "identify", NOON - DAY, "fan", p={"login": "c-9"}),
        order("O-9", NOON, 200, login="c-9"),
    )
    file = tmp_path / "creators.csv"
    file.write_text("date,creator,cost,currency\n2026-06-08,studio-lune,100,EUR\n")
    bring(cast.nantes, file)
    client = signed_in(cast.chloe, "en")

    by_channel = words(client.get(f"/attribution/?{DAYS}&model=last_touch"))
    by_platform = words(client.get(f"/attribution/?{DAYS}&unit=platform&model=last_touch"))

    earned = by_channel.split("What spending earned")[1]
    assert "Influencers \u20ac100.00 1.00 \u20ac100.00 \u20ac200.00 2.00" in earned
    assert "Creators \u20ac100.00 1.00 \u20ac100.00" in by_platform.split("What spending earned")[1]
    assert found(cast, "media", "paid") == {"paid": 100}
