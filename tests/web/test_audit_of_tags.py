"""Campaigns that cost money and that no visit names: on the page, in CSV, in their scope."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from regie.kernel import clock
from tests.cast import Cast
from tests.dashboards.given import give
from tests.lasting import Lasting
from tests.web.test_every_page import signed_in

DAY = (clock.now() - timedelta(days=3)).date()


def spent(account: str, campaign: str, spend: str) -> dict[str, Any]:
    return {"account": account, "date": DAY, "campaign_id": campaign, "spend": spend,
            "currency": "EUR", "clicks": "40"}  # fmt: skip


def named(account: str, campaign: str, name: str) -> dict[str, Any]:
    return {"account": account, "entity_id": campaign, "name": name, "date": DAY}


def visited(campaign: str | None, channel: str, visits: str) -> dict[str, Any]:
    return {"account": "shop", "date": DAY, "campaign": campaign, "channel": channel,
            "source": "google", "medium": "cpc", "visits": visits}  # fmt: skip


@pytest.fixture(scope="module")
def given(lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("files")
    with lasting():
        give(company, {
            "accounts": {
                "ads": {"platform": "google_ads", "name": "Google Nantes", "currency": "EUR"},
                "shop": {"platform": "own", "name": "Boutique"},
                "rennes": {"platform": "google_ads", "name": "Google Rennes", "in": "rennes"},
            },
            "performance": [
                spent("ads", "11", "300.50"), spent("ads", "12", "80"), spent("ads", "13", "20"),
                spent("ads", "14", "0"), spent("rennes", "21", "9000"),
            ],
            "entities": [named("ads", "11", "Été"), named("ads", "12", "Rentrée"),
                         named("ads", "13", "Marque"), named("rennes", "21", "Ouverture")],
            "visits": [visited("rentree", "Organic Social", "7"), visited("Rentrée", "Direct", "2"),
                       visited("13", "Paid Search", "5"), visited(None, "Direct", "50")],
        }, folder)  # fmt: skip


def test_spend_without_tags_is_found_with_the_tag_to_write(cast: Cast, given: None) -> None:
    text = signed_in(cast.chloe).get("/links/audit/").content.decode()
    rows = list(csv.DictReader(io.StringIO(
        signed_in(cast.chloe).get("/links/audit.csv").content.decode("utf-8-sig")
    )))  # fmt: skip
    found = {row["Campagne"]: row for row in rows if row["Compte"]}

    assert list(found) == ["Été", "Rentrée"]
    assert (found["Été"]["Dépenses"], found["Été"]["Visites"]) == ("300.5", "0")
    assert "utm_campaign=ete" in found["Été"]["Que faire"]
    # Tags are written in their own form: rentree is Rentrée.
    assert found["Rentrée"]["Visites"] == "9"
    assert "Réseaux sociaux organiques" in found["Rentrée"]["Ce qui ne va pas"]
    assert found["Été"]["Ce qui ne va pas"] in text
    assert "Google Nantes" in text


def test_each_sees_the_campaigns_of_his_own_scope(cast: Cast, given: None) -> None:
    assert "Ouverture" not in signed_in(cast.chloe).get("/links/audit/").content.decode()
    assert "Ouverture" in signed_in(cast.bruno).get("/links/audit/").content.decode()
    # Nobody is accused of missing tags where no visit is measured at all.
    assert "Été" not in signed_in(cast.diane).get("/links/audit/").content.decode()
