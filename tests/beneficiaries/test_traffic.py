"""What came by a campaign, or to a location, of a shared account is seen by whom it came for."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, connection

from regie.apps.access.context import acting_as, operating
from regie.apps.assets.models import Asset
from regie.apps.beneficiaries import selectors, services
from regie.apps.beneficiaries.models import Assignment
from regie.apps.beneficiaries.services import NewRule
from regie.apps.organisations.models import Organisation
from regie.kernel.errors import WrongUse
from tests.api.test_api import call, token_of
from tests.beneficiaries.given import by_id, by_pattern, campaigns, groups, ruled
from tests.cast import Cast, ask, bring
from tests.lasting import Lasting
from tests.web.test_every_page import signed_in

pytestmark = pytest.mark.slow

ORDERS = "order_id,ordered_at,currency,revenue,campaign,source,location,customer,promo_code\n"
DAYS = "from=2026-10-01&to=2026-10-31"


def told(folder: Path, organisation: Organisation, name: str, text: str) -> int:
    """Import what a shop, a form or a telephone tells; the key of its account."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    (record,) = bring(organisation, path)
    assert record.state == "published", record
    with operating():
        (asset,) = Asset.objects.filter(organisation=organisation, platform="own")
    return asset.pk


@pytest.fixture(scope="module")
def key(lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> int:
    folder = tmp_path_factory.mktemp("files")
    with lasting():
        return campaigns(
            folder, company.network,
            ("Search Nantes", "21", "2026-10-01", "1.00"),
            ("Search Nantes", "21", "2026-10-02", "2.00"),
            ("Search Rennes", "31", "2026-10-01", "8.00"),
        )  # fmt: skip


@pytest.fixture(scope="module")
def shop(
    lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory, key: int
) -> int:
    folder = tmp_path_factory.mktemp("files")
    with lasting():
        told(folder, company.network, "visits.csv",
             "date,channel,source,campaign,location,visits\n"
             "2026-10-01,Paid Search,google,search-nantes,,10\n"
             "2026-10-02,Paid Search,google,Search Nantes,,20\n"
             "2026-10-01,Paid Search,google,search-rennes,Gare,40\n"
             "2026-10-01,Direct,,,Centre,80\n2026-10-01,Direct,,,,160\n")  # fmt: skip
        told(folder, company.network, "leads.csv",
             "lead_id,received_at,campaign,source,location\n"
             "swift@client.example,2026-10-01T10:00:00,21,google,\n"
             "rook@client.example,2026-10-01T10:00:00,31,google,\n")  # fmt: skip
        told(folder, company.network, "calls.csv",
             "call_id,started_at,duration_s,campaign,source\n"
             "+33600000001,2026-10-02T10:00:00,60,search nantes,google\n"
             "+33600000002,2026-10-02T10:00:00,60,,\n")  # fmt: skip
        return told(
            folder, company.network, "orders.csv",
            ORDERS
            + "N-1,2026-10-01T10:00:00,EUR,100,Search Nantes,google,,client-1,SWIFT10\n"
            + "N-2,2026-10-02T10:00:00,EUR,200,search-nantes,google,Gare,client-2,\n"
            + "R-1,2026-10-01T10:00:00,EUR,400,Search Rennes,google,,client-3,\n"
            + "X-1,2026-10-01T10:00:00,EUR,800,,,Centre,client-4,\n",
        )  # fmt: skip


METRICS = "visits,leads_received,calls,orders,revenue"


def seen(person: object, **query: object) -> tuple[object, ...]:
    totals = ask(person, METRICS, **query).totals  # type: ignore[arg-type]
    money = totals["revenue"].get("EUR")
    return (*(totals[one] for one in METRICS.split(",")[:-1]), money)


@pytest.mark.requirement("FR-3")
def test_visits_orders_leads_and_calls_follow_the_campaign_that_they_name(
    cast: Cast, shop: int, key: int
) -> None:
    assert seen(cast.chloe) == (None, None, None, None, None)
    ruled(cast, key, by_pattern("*nantes", "horizon-nantes"), by_id("31", "horizon-rennes"))

    assert seen(cast.chloe) == (30, 1, 1, 2, 300)
    assert seen(cast.bruno) == (70, 2, 1, 3, 700)
    assert seen(cast.amelie) == (310, 2, 2, 4, 1500)
    assert seen(cast.diane) == (None, None, None, None, None)
    (row,) = ask(cast.chloe, "visits,orders", ["campaign"]).rows
    assert (row["campaign_label"], row["visits"], row["orders"]) == ("Search Nantes", 30, 2)
    assert {row["organisation"] for row in ask(cast.bruno, "orders", ["organisation"]).rows} == {
        "horizon-nantes", "horizon-rennes",
    }  # fmt: skip


def test_they_follow_the_days_of_the_rule(cast: Cast, shop: int, key: int) -> None:
    first, second = date(2026, 10, 1), date(2026, 10, 2)
    ruled(cast, key, by_id("21", "horizon-nantes", None, first),
          by_id("21", "horizon-rennes", second, second))  # fmt: skip

    assert seen(cast.chloe) == (10, 1, None, 1, 100)
    assert seen(cast.bruno) == (30, 1, 1, 2, 300)


def test_a_location_goes_before_a_campaign(cast: Cast, shop: int, key: int) -> None:
    ruled(cast, key, by_pattern("*nantes", "horizon-nantes"))
    ruled(cast, shop, NewRule("location", "name", "gare", "horizon-rennes"),
          NewRule("location", "pattern", "cent*", "horizon-nantes"))  # fmt: skip

    assert seen(cast.chloe) == (30 + 80, 1, 1, 1 + 1, 100 + 800)
    assert seen(cast.bruno) == (30 + 80 + 40, 1, 1, 3, 100 + 800 + 200)
    with pytest.raises(WrongUse):
        ruled(cast, key, NewRule("location", "name", "gare", "horizon-rennes"))
    with pytest.raises(WrongUse):
        ruled(cast, shop, NewRule("ad_group", "name", "gare", "horizon-rennes"))


def test_a_site_can_say_itself_for_whom_its_campaigns_are(cast: Cast, shop: int, key: int) -> None:
    ruled(cast, key, by_pattern("*nantes", "horizon-rennes"))
    ruled(cast, shop, NewRule("campaign", "pattern", "search?nantes".replace("?", "*"),
                              "horizon-nantes"))  # fmt: skip

    assert seen(cast.chloe) == (30, None, 1, 2, 300)  # the lead names the campaign by its id
    assert seen(cast.bruno) == (30, 1, 1, 2, 300)
    with acting_as(cast.amelie):
        found = selectors.overview(actor=cast.amelie, asset_id=shop)
    assert {(one.level, one.name) for one in found.unmatched} == {
        ("campaign", "31"), ("campaign", "Search Rennes"), ("campaign", "search-rennes"),
        ("location", "Centre"), ("location", "Gare"),
    }  # fmt: skip


def test_a_campaign_of_which_ad_groups_work_for_several_brings_nobody_anything(
    cast: Cast, tmp_path: Path, shop: int, key: int
) -> None:
    groups(
        tmp_path, cast.network,
        ("Search Nantes", "21", "Centre", "211", "2026-10-01", "0.50"),
        ("Search Nantes", "21", "Nord", "212", "2026-10-01", "0.50"),
    )  # fmt: skip
    ruled(cast, key, by_id("21", "horizon-nantes"),
          NewRule("ad_group", "name", "nord", "horizon-rennes"))  # fmt: skip

    assert seen(cast.chloe) == (None, None, None, None, None)


def test_rules_open_the_owner_s_own_accounts_and_no_other(
    cast: Cast, tmp_path: Path, shop: int, key: int
) -> None:
    """A neighbour's shop may tell of the same campaign: it is not the network's."""
    told(tmp_path, cast.rennes, "theirs.csv", ORDERS
         + "T-1,2026-10-01T10:00:00,EUR,5,Search Nantes,google,,,\n")  # fmt: skip
    ruled(cast, key, by_pattern("*nantes", "horizon-nantes"))

    assert seen(cast.chloe) == (30, 1, 1, 2, 300)
    assert seen(cast.bruno) == (30, 1, 1, 3, 305)
    with operating(), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM beneficiaries_rule")
        ((rule,),) = cursor.fetchall()
        theirs = Asset.objects.get(organisation=cast.rennes).pk
    with operating(), pytest.raises(IntegrityError, match="assigned_by_its_owner"):
        Assignment.objects.create(
            organisation=cast.rennes, asset_id=theirs, rule_id=rule, level="traffic",
            entity="Search Nantes",
        )  # fmt: skip


def test_whose_they_were_stays_with_the_shop(cast: Cast, shop: int, key: int) -> None:
    ruled(cast, key, by_pattern("*nantes", "horizon-nantes"))
    client = signed_in(cast.chloe, "en")
    shown = "".join(
        client.get(f"/report/explain/?figure={one}&{DAYS}").content.decode()
        for one in ("orders", "leads_received", "calls", "visits", "revenue")
    )
    text = client.get(f"/report/table.csv?split=channel&{DAYS}").content.decode("utf-8-sig")
    token = token_of(cast.chloe, cast.nantes)
    answer = call(token, "/query", "post", {"metrics": METRICS.split(","), "by": ["campaign"]})

    for hidden in ("client-1", "swift@", "+336", "N-1", "SWIFT10", "R-1", "Rennes", "Centre"):
        for one in (shown, text, answer.content.decode()):
            assert hidden not in one
    assert "the 2 rows that were added up" in " ".join(shown.split())
    assert sum(float(row["orders"] or 0) for row in csv.DictReader(io.StringIO(text))) == 2
    owner = signed_in(cast.amelie, "en").get(f"/report/explain/?figure=orders&{DAYS}")
    assert "N-1" in owner.content.decode()


def test_new_visits_find_whom_they_came_for_as_they_come(
    cast: Cast, shop: int, key: int, tmp_path: Path
) -> None:
    ruled(cast, key, by_pattern("*nantes", "horizon-nantes"))
    told(tmp_path, cast.network, "later.csv",
         "date,channel,source,campaign,visits\n"
         "2026-10-05,Paid Search,bing,search_nantes,7\n2026-10-05,Paid Search,x,nantes,9\n"
         "2026-10-05,Paid Search,google,SEARCH NANTES,3\n")  # fmt: skip

    assert ask(cast.chloe, "visits").totals["visits"] == 30 + 3
    with acting_as(cast.amelie):
        last = selectors.overview(actor=cast.amelie, asset_id=key).changes[0].id
        services.undo_change(actor=cast.amelie, asset_id=key, change_id=last)
    assert ask(cast.chloe, "visits").totals["visits"] is None


@pytest.mark.requirement("FR-3")
def test_by_beneficiary_everything_adds_up_to_the_account(
    cast: Cast, shop: int, key: int, tmp_path: Path
) -> None:
    groups(
        tmp_path, cast.network,
        ("Brand", "41", "Nantes", "411", "2026-10-03", "10.00"),
        ("Brand", "41", "Rennes", "412", "2026-10-03", "6.00"),
        ("Search Rennes", "31", "All", "311", "2026-10-01", "8.00"),
    )  # fmt: skip
    ruled(cast, key, by_pattern("search nantes", "horizon-nantes"),
          NewRule("ad_group", "name", "nantes", "horizon-nantes"))  # fmt: skip
    ruled(cast, shop, NewRule("location", "name", "gare", "horizon-rennes"))
    metrics = f"spend,{METRICS}"
    asked = ask(cast.amelie, metrics, ["beneficiary"])

    rows = {row["beneficiary"]: row for row in asked.rows}
    assert {key: row["beneficiary_label"] for key, row in rows.items()} == {
        "horizon-nantes": "Horizon Nantes", "horizon-rennes": "Horizon Rennes",
        None: "Nobody yet",
    }  # fmt: skip
    assert [rows["horizon-nantes"][one] for one in metrics.split(",")] == [13, 30, 1, 1, 1, 100]
    assert [rows["horizon-rennes"][one] for one in metrics.split(",")] == [
        None, 40, None, None, 1, 200,
    ]  # fmt: skip
    plain = ask(cast.amelie, metrics).totals
    assert asked.totals == plain
    for one in metrics.split(","):
        total = plain[one]["EUR"] if isinstance(plain[one], dict) else plain[one]
        assert sum((row[one] or 0 for row in asked.rows), Decimal(0)) == total
    # What each is told by the owner is what he sees himself.
    hers = ask(cast.chloe, metrics, ["beneficiary"]).rows
    assert [row[one] for row in hers for one in metrics.split(",")] == [13, 30, 1, 1, 1, 100]
    deeper = ask(cast.amelie, "spend", ["beneficiary", "campaign"], where=["beneficiary="]).rows
    spent = {row["campaign_label"]: row["spend"] for row in deeper if row["spend"]}
    assert spent == {"Search Rennes": 8, "Brand": 6}
    named = ask(cast.amelie, "orders", where=["beneficiary=Horizon Rennes"])
    assert named.totals["orders"] == 1


def test_an_owner_below_whom_there_is_nobody_works_for_himself(
    cast: Cast, shop: int, tmp_path: Path
) -> None:
    told(tmp_path, cast.nantes, "hers.csv", ORDERS
         + "C-1,2026-10-01T10:00:00,EUR,5,,,,,\n")  # fmt: skip
    rows = ask(cast.amelie, "orders", ["beneficiary"]).rows

    assert {row["beneficiary"]: row["orders"] for row in rows} == {"horizon-nantes": 1, None: 4}
