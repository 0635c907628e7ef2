"""One account of the franchisor serves all franchisees: each sees exactly what works for her."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from regie.apps.access.context import acting_as, operating
from regie.apps.access.selectors import scope_of
from regie.apps.assets.models import Asset
from regie.apps.attribution import selectors as attribution
from regie.apps.beneficiaries.models import Assignment, Rule
from regie.apps.beneficiaries.services import NewRule
from regie.apps.organisations import selectors as organisations
from regie.apps.tracking import selectors as tracking
from regie.domain.attribution.questions import Question
from regie.kernel.periods import Period
from tests.beneficiaries.given import by_id, by_pattern, campaigns, groups, ruled
from tests.cast import Cast, ask, bring

pytestmark = pytest.mark.slow


@pytest.fixture
def key(cast: Cast, tmp_path: Path) -> int:
    return campaigns(
        tmp_path, cast.network,
        ("Search Nantes", "21", "2026-10-01", "1.00"),
        ("Search Nantes", "21", "2026-10-02", "2.00"),
        ("Display Nantes", "22", "2026-10-02", "4.00"),
        ("Search Rennes", "31", "2026-10-01", "8.00"),
        ("Brand", "41", "2026-10-02", "16.00"),
    )  # fmt: skip


def spent(person: object, **query: object) -> object:
    return ask(person, "spend", **query).totals["spend"].get("EUR")  # type: ignore[arg-type]


@pytest.mark.requirement("FR-3")
def test_a_franchisee_sees_the_campaigns_that_work_for_her_and_no_other(
    cast: Cast, key: int
) -> None:
    assert spent(cast.chloe) is None
    ruled(cast, key, by_pattern("*nantes", "horizon-nantes"), by_id("31", "horizon-rennes"))

    assert spent(cast.chloe) == 7
    assert spent(cast.bruno) == 15
    assert spent(cast.amelie) == 31
    assert spent(cast.diane) is None
    seen = ask(cast.chloe, "spend", ["campaign"]).rows
    assert {row["campaign_label"] for row in seen} == {"Search Nantes", "Display Nantes"}
    assert {row["organisation"] for row in ask(cast.bruno, "spend", ["organisation"]).rows} == {
        "horizon-nantes", "horizon-rennes",
    }  # fmt: skip


@pytest.mark.requirement("FR-3")
def test_a_rule_holds_from_its_first_day_to_its_last(cast: Cast, key: int) -> None:
    first, second = date(2026, 10, 1), date(2026, 10, 2)
    ruled(cast, key, by_id("21", "horizon-nantes", None, first),
          by_id("21", "horizon-rennes", second, second))  # fmt: skip

    assert spent(cast.chloe) == 1
    assert spent(cast.bruno) == 3


def test_the_levels_above_a_part_are_never_read(cast: Cast, tmp_path: Path, key: int) -> None:
    """Ad groups of one campaign work for different people: the campaign's own row is nobody's."""
    groups(
        tmp_path, cast.network,
        ("Brand", "41", "Nantes", "411", "2026-10-02", "10.00"),
        ("Brand", "41", "Rennes", "412", "2026-10-02", "6.00"),
        ("Search Nantes", "21", "All", "211", "2026-10-02", "2.00"),
    )  # fmt: skip
    ruled(
        cast, key, by_id("21", "horizon-nantes"),
        NewRule("ad_group", "name", "nantes", "horizon-nantes"),
    )  # fmt: skip

    assert spent(cast.chloe) == 1 + 2 + 10
    seen = ask(cast.chloe, "spend", ["campaign", "date"]).rows
    assert {(row["campaign_label"], str(row["date"]), row["spend"]) for row in seen} == {
        ("Search Nantes", "2026-10-01", 1), ("Search Nantes", "2026-10-02", 2),
        ("Brand", "2026-10-02", 10),
    }  # fmt: skip
    deeper = ask(cast.chloe, "spend", ["ad_group"]).rows
    assert {row["ad_group_label"] for row in deeper} >= {"Nantes", "All"}
    assert "Rennes" not in str(deeper)
    assert spent(cast.amelie) == 31


def test_a_name_that_two_campaigns_share_is_not_taken_for_hers(cast: Cast, tmp_path: Path) -> None:
    """Rows that give a name only stay with whoever owns the account."""
    key = campaigns(
        tmp_path, cast.network, ("Search", "21", "2026-10-01", "1.00"),
        ("Search", "22", "2026-10-01", "2.00"),
    )  # fmt: skip
    campaigns(tmp_path, cast.network, ("Search", "", "2026-10-03", "4.00"))
    ruled(cast, key, by_id("21", "horizon-nantes"))

    assert spent(cast.amelie) == 7
    assert spent(cast.chloe) == 1


def test_new_campaigns_find_whom_they_work_for_as_they_come(
    cast: Cast, key: int, tmp_path: Path
) -> None:
    ruled(cast, key, by_pattern("*nantes*", "horizon-nantes"))
    campaigns(tmp_path, cast.network, ("Shopping Nantes", "23", "2026-10-03", "32.00"))

    assert spent(cast.chloe) == 7 + 32


def test_later_names_stay_with_those_they_came_for(cast: Cast, key: int, tmp_path: Path) -> None:
    ruled(cast, key, by_id("21", "horizon-nantes", None, date(2026, 10, 1)))
    campaigns(tmp_path, cast.network, ("Secret of Rennes", "21", "2026-11-05", "64.00"))

    (row,) = ask(cast.chloe, "spend", ["campaign"]).rows
    assert (row["campaign_label"], row["spend"]) == ("Search Nantes", 1)
    assert ask(cast.chloe, "spend", where=["campaign=Secret of Rennes"]).totals["spend"] == {}


def test_rules_and_assignments_have_a_wall_of_their_own(cast: Cast, key: int) -> None:
    ruled(cast, key, by_pattern("*nantes", "horizon-nantes"), by_id("31", "horizon-rennes"))
    with acting_as(cast.chloe):
        assert set(Assignment.objects.values_list("entity", flat=True)) == {"21", "22"}
        assert not Rule.objects.exists()
        scope = scope_of(organisations.visible_organisations())
    assert {one.entity for one in scope.parts} == {"21", "22"}
    assert key not in scope.assets
    with acting_as(cast.diane):
        assert not Assignment.objects.exists()


def test_what_works_for_her_is_seen_whoever_asked_first(cast: Cast, key: int) -> None:
    """A reader is remembered by its scope: pages of journeys and links lay out parts as well."""
    ruled(cast, key, by_pattern("*nantes", "horizon-nantes"))
    period = Period(date(2026, 10, 1), date(2026, 10, 31))
    with acting_as(cast.chloe):
        scope = scope_of(organisations.visible_organisations())
        assert not attribution.attribution(Question(period), scope).units
        assert tracking.clicks_by_link(scope, period) == {}

    assert spent(cast.chloe) == 7
    assert [row["organisation"] for row in ask(cast.chloe, "spend", ["organisation"]).rows] == [
        "horizon-nantes"
    ]


def test_likes_that_ads_won_are_seen_by_whom_their_campaign_works_for(
    cast: Cast, tmp_path: Path
) -> None:
    path = tmp_path / "tiktok.csv"
    path.write_text(
        "campaign_id,stat_time_day,spend,impressions,conversion,likes,comments,shares,follows\n"
        "21,2026-10-01,1,10,0,7,1,0,2\n31,2026-10-01,2,10,0,20,0,0,0\n"
    )
    bring(cast.network, path, account="100-000-0002")
    with operating():
        key = Asset.objects.get(organisation=cast.network, platform="tiktok_ads").pk
    assert ask(cast.chloe, "likes").totals["likes"] is None
    ruled(cast, key, by_id("21", "horizon-nantes"))

    assert ask(cast.chloe, "likes,comments,followers_gained").totals == {
        "likes": 7, "comments": 1, "followers_gained": 2,
    }  # fmt: skip
    assert ask(cast.amelie, "likes").totals["likes"] == 27
    assert ask(cast.diane, "likes").totals["likes"] is None
    assert [row["media"] for row in ask(cast.chloe, "likes", ["media"]).rows] == ["paid"]
    shared = {row["beneficiary"]: row["likes"] for row in
              ask(cast.amelie, "likes", ["beneficiary"]).rows}  # fmt: skip
    assert sorted(shared.values()) == [7, 20]
