"""What a model attributes to ad groups and ads: those that addresses of visits name."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from regie.apps.dashboards.services import ask as ask_figures
from regie.apps.tracking.models import Site
from regie.domain.metrics.planning import parse
from regie.domain.metrics.query import Answer
from tests.attribution.heard import Heard, publish
from tests.attribution.test_journeys import DAY, JUNE, NOON, order
from tests.attribution.test_pages import DAYS, words
from tests.attribution.test_pages import site as site
from tests.cast import Cast
from tests.dashboards.given import give
from tests.web.test_every_page import signed_in

pytestmark = pytest.mark.slow

ON_DAY = date(2026, 6, 9)
# Which ad each visit names: by name as tags are written, by number, one of two of a name, none.
NAMED = ("video-15-s", "72", "carrousel", "somebody-else")


@pytest.fixture
def advertised(site: Site, cast: Cast, tmp_path: Path) -> Cast:
    """Four more orders of 40, each after one visit of the campaign “Été”, and two of its groups."""
    seen: list[Heard] = []
    for n, content in enumerate(NAMED):
        tags = f"?utm_source=facebook&utm_medium=cpc&utm_campaign=ete&utm_content={content}"
        at, login = NOON - DAY + n * timedelta(minutes=1), {"login": f"a-{n}"}
        seen += [
            Heard(f"a{n}", "page_view", at, f"a-{n}", query=tags),
            Heard(f"a{n}-i", "identify", at, f"a-{n}", p=login),
            order(f"A-{n}", NOON + n * timedelta(minutes=1), 40, **login),
        ]
    publish(site, *seen)
    day = {"date": ON_DAY, "currency": "EUR"}
    ads = {"71": ("g1", "Vidéo 15 s"), "72": ("g1", "Photo"), "73": ("g2", "Carrousel"),
           "74": ("g2", "Carrousel"), "91": ("g9", "Vidéo 15 s")}  # fmt: skip
    give(cast, {
        "accounts": {"M": {"platform": "meta_ads"}},
        "performance": [
            {"account": "M", "level": "ad", "campaign_id": "9" if group == "g9" else "7",
             "ad_group_id": group, "ad_id": ad, "spend": 10, **day}
            for ad, (group, _name) in ads.items()
        ],
        "entities": [
            {"account": "M", "date": ON_DAY, "kind": kind, "entity_id": one, "parent_id": parent,
             "name": name}
            for kind, one, parent, name in (
                ("campaign", "7", None, "Été"), ("campaign", "9", None, "Hiver"),
                ("ad_group", "g1", "7", "Familles"), ("ad_group", "g2", "7", "Autres"),
                ("ad_group", "g9", "9", "Tous"),
                *(("ad", ad, group, name) for ad, (group, name) in ads.items()),
            )
        ],
    }, tmp_path)  # fmt: skip
    return cast


METRICS = ("spend", "attributed_conversions", "attributed_value", "attributed_cpa",
           "attributed_roas")  # fmt: skip


def asked(*by: str, where: tuple[str, ...] = ("campaign=7",), model: str = "") -> Answer:
    query = parse(metrics=METRICS, by=by, period=JUNE, currency="EUR", where=where, model=model)
    return ask_figures(query, organisation="", person="", as_of=None)


def by_id(answer: Answer, split: str, figure: str = "attributed_conversions") -> dict[str, Any]:
    return {row[split] or "": row[figure] for row in answer.rows}


def test_each_visit_is_of_the_ad_it_names_in_its_campaign(advertised: Cast) -> None:
    by_ad, by_group = asked("ad"), asked("ad_group")

    assert by_id(by_ad, "ad") == {"71": 1, "72": 1, "73": None, "74": None, "": 2}
    assert by_id(by_ad, "ad", "attributed_value")["71"] == 40
    assert by_id(by_ad, "ad", "attributed_cpa")["72"] == 10
    assert by_id(by_ad, "ad", "attributed_roas")["72"] == 4
    # Two ads are called alike, in one group: of which group it is, is known.
    assert by_id(by_group, "ad_group") == {"g1": 2, "g2": 1, "": 1}


def test_what_a_model_that_learns_gives_to_a_campaign_lies_on_its_visits(
    advertised: Cast,
) -> None:
    answer, above = asked("ad", model="markov"), asked("campaign", model="markov")

    (campaign,) = above.rows
    found = by_id(answer, "ad")
    assert sum(one or 0 for one in found.values()) == campaign["attributed_conversions"]
    assert round(found["71"] / campaign["attributed_conversions"], 6) == Decimal("0.25")
    assert any("shared evenly among its visits" in str(note) for note in answer.notes)


def test_the_levels_add_up_and_say_how_ads_are_known(advertised: Cast) -> None:
    levels = [asked(by) for by in ("campaign", "ad_group", "ad")]

    for answer in levels:
        assert sum(row["attributed_conversions"] or 0 for row in answer.rows) == 4
        assert answer.totals["attributed_value"] == 160
        assert answer.totals["attributed_cpa"] == Decimal(10)
    assert [any("utm_content" in str(note) for note in one.notes) for one in levels] == [
        False, True, True,
    ]  # fmt: skip


def test_within_an_account_its_campaigns_have_what_they_earned(advertised: Cast) -> None:
    found = asked("campaign", where=("account=M",))

    assert {row["campaign"]: row["attributed_conversions"] for row in found.rows} == {
        "7": 4, "9": None,
    }  # fmt: skip


def test_the_report_shows_it_by_ad_with_a_reason_for_each_dash(advertised: Cast) -> None:
    client = signed_in(advertised.chloe, "en")
    chosen = "columns=delivery.spend&columns=delivery.attributed_conversions"
    place = f"{DAYS}&platform=meta_ads&campaign=7&split=ad"

    answer = client.get(f"/report/?{place}&{chosen}")
    table = words(answer).split("Breakdown")[1]
    explained = words(
        client.get(f"/report/explain/?{place}&figure=attributed_conversions&of=table&row=71")
    )

    assert "Orders (attributed)" in table
    assert "Not tied to an ad" in table
    assert "No visit that led to a conversion names this ad" in answer.content.decode()
    assert "A-0" in explained
    assert "utm_content" in explained


def test_nobody_else_learns_of_it(advertised: Cast) -> None:
    place = f"/report/?{DAYS}&platform=meta_ads&campaign=7&split=ad"
    text = words(signed_in(advertised.diane, "en").get(place))

    assert "Vidéo 15 s" not in text
