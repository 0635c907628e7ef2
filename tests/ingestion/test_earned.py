"""What the published sample tables say of followers and reactions is what the facts add up to."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from regie.domain.facts import EARNED_KINDS
from tests.ingestion.samples import Call, bring_together, need_samples


def brought(platform: str, folder: Path) -> Call:
    return bring_together(sorted((need_samples() / platform).glob("*.csv")), folder)


def by_kind(call: Call) -> dict[str, int]:
    names = {kind: name for name, kind in EARNED_KINDS.items()}
    found: dict[str, int] = {}
    for row in call.facts.get("earned", []):
        name = names[str(row["kind"])]
        found[name] = found.get(name, 0) + int(str(row["earned"]))
    return found


def test_the_days_of_a_channel_add_up_to_its_published_totals(tmp_path: Path) -> None:
    call = brought("youtube_analytics", tmp_path)

    assert by_kind(call) == {
        "likes": 9, "comments": 0, "shares": 10, "followers_gained": 6, "followers_lost": 1,
    }  # fmt: skip


def test_the_days_of_a_page_say_who_came_and_who_left(tmp_path: Path) -> None:
    call = brought("facebook_pages", tmp_path)

    assert by_kind(call) == {"followers_gained": 3, "followers_lost": 1}


@pytest.mark.parametrize(
    ("platform", "due"),
    [
        ("instagram_business", {"likes": 29, "comments": 2}),
        # 50 likes and 10 other reactions, in the latest snapshot of each post.
        ("facebook_pages", {"likes": 60}),
        # 2716, 46 and -4 over all snapshots, of which the latest of each post counts.
        ("linkedin_pages", {"likes": 2077, "comments": 39, "shares": -3}),
    ],
)
def test_lifetime_figures_of_posts_add_up_to_the_published_totals(
    platform: str, due: dict[str, int], tmp_path: Path
) -> None:
    call = brought(platform, tmp_path)

    told = next(one.totals for one in call.prepared.values() if "likes" in one.totals)
    assert {name: told[name][""] for name in due} == {
        name: Decimal(value) for name, value in due.items()
    }


def test_ads_that_won_likes_tell_of_them_at_each_level(tmp_path: Path) -> None:
    call = brought("tiktok_ads", tmp_path)

    rows = call.facts["earned"]
    assert {row["level"] for row in rows} == {"campaign", "ad_group", "ad"}
    assert {row["kind"] for row in rows} == {"like", "comment", "share", "follow"}
    for level in ("campaign", "ad_group", "ad"):
        kinds = [int(str(row["earned"])) for row in rows if row["level"] == level]
        engaged = [row for row in call.facts["performance"] if row["level"] == level]
        assert sum(kinds) == sum(int(str(row["engagements"])) for row in engaged) > 0
