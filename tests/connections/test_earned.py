"""Followers, reactions and mentions: files of one page tell of the same days, each of its kinds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from regie.apps.access.context import operating
from regie.apps.connections import services
from regie.apps.connections.models import Import, State
from tests.cast import Cast, ask, bring, total
from tests.today import today

FOLLOWERS = "Date,Sponsored followers,Organic followers,Auto-invited followers,Total followers"
CONTENT = (
    "Date,Impressions (organic),Clicks (organic),Reactions (organic),Comments (organic),"
    "Reposts (organic),Impressions (total)"
)
KINDS = ["followers_gained", "likes", "comments", "shares"]


def file(folder: Path, name: str, header: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def figures(metrics: Sequence[str] = KINDS, **query: object) -> tuple[object, ...]:
    totals = ask(None, metrics, **query).totals
    return tuple(totals[name] for name in metrics)


@pytest.fixture
def followers(tmp_path: Path) -> Path:
    return file(tmp_path, "followers.csv", FOLLOWERS, "09/01/2026,4,10,1,15", "09/02/2026,0,5,,5")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return file(
        tmp_path, "content.csv", CONTENT, "09/01/2026,900,30,12,3,1,1000", "09/02/2026,800,20,8,,2,"
    )


@pytest.mark.requirement("MEAS-11")
def test_followers_and_reactions_of_the_same_days_stand_beside_one_another(
    cast: Cast, followers: Path, content: Path
) -> None:
    bring(cast.nantes, followers)
    bring(cast.nantes, content)

    assert figures() == (20, 20, 3, 3)
    assert figures(["impressions", "engagements"]) == (1700, 26)


def test_a_file_that_is_read_again_replaces_its_own_kinds_alone(
    cast: Cast, followers: Path, content: Path
) -> None:
    bring(cast.nantes, content)
    bring(cast.nantes, followers)
    followers.write_text(f"{FOLLOWERS}\n09/01/2026,4,11,1,16\n09/02/2026,0,7,,7\n")

    bring(cast.nantes, followers)

    assert figures() == (23, 20, 3, 3)


def test_a_file_that_was_only_counted_once_is_followed_when_it_is_brought_again(
    cast: Cast, followers: Path
) -> None:
    (before,) = bring(cast.nantes, followers)
    with operating():  # as it was kept when nothing was stored of followers
        services.undo_import(actor=None, import_id=before.pk)
        kept = {"state": State.PUBLISHED, "windows": [], "file_ids": [], "version": None}
        Import.objects.filter(pk=before.pk).update(**kept)

    (again,) = bring(cast.nantes, followers)

    assert again.pk != before.pk
    assert total(None, "followers_gained") == 20


def test_followers_won_by_ads_are_paid_and_the_others_earned(cast: Cast, followers: Path) -> None:
    bring(cast.nantes, followers)

    rows = {row["media"]: row["followers_gained"] for row in by("followers_gained", "media")}

    assert rows == {"paid": 4, "earned": 16}


def by(metric: str, *dimensions: str, **query: object) -> list[dict[str, object]]:
    return ask(None, [metric], dimensions, **query).rows


def test_what_no_file_says_is_missing_and_no_zero(cast: Cast, followers: Path) -> None:
    bring(cast.nantes, followers)

    assert figures(["likes", "followers_lost", "mentions"]) == (None, None, None)
    assert total(None, "followers_gained") == 20


OWN = "date,plateforme,nature,nombre,établissement"


@pytest.mark.requirement("MEAS-11")
def test_mentions_counted_by_hand_are_followed_by_network_and_place(
    cast: Cast, tmp_path: Path
) -> None:
    (done,) = bring(cast.nantes, file(
        tmp_path, "veille.csv", OWN, "2026-09-01,LinkedIn,Mentions,12,",
        "2026-09-01,Ouest-Matin,citation,2,rennes", "2026-09-01,Instagram,J’aime,40,",
        "2026-09-02,Trustpilot,Avis,3,", "2026-09-02,Google Business Profile,avis,1,",
    ))  # fmt: skip

    assert done.rows_refused == 0
    assert figures(["mentions", "likes", "reviews"]) == (14, 40, 4)
    networks = {row["platform"]: row["mentions"] for row in by("mentions", "platform")}
    assert networks == {"linkedin": 12, "Ouest-Matin": 2}
    assert figures(["reviews"], where=["platform=google_business_profile"]) == (1,)
    assert figures(["mentions"], where=["location=rennes"]) == (2,)
    assert {row["media"] for row in by("mentions", "media")} == {"earned"}


def test_one_network_counted_again_leaves_the_others_alone(cast: Cast, tmp_path: Path) -> None:
    bring(cast.nantes, file(tmp_path, "a.csv", OWN, "2026-09-01,LinkedIn,mention,12,",
                            "2026-09-01,L'Écho,mention,2,"))  # fmt: skip
    bring(cast.nantes, file(tmp_path, "b.csv", OWN, "2026-09-01,L'Écho,mention,5,"))

    assert figures(["mentions"]) == (17,)


def test_a_kind_that_nobody_knows_is_refused_with_its_line(cast: Cast, tmp_path: Path) -> None:
    (done,) = bring(cast.nantes, file(
        tmp_path, "veille.csv", OWN, "2026-09-01,LinkedIn,mention,12,",
        "2026-09-01,LinkedIn,poke,3,", "2026-09-01,LinkedIn,,3,", "2026-09-01,LinkedIn,like,-3,",
        "2026-09-01,LinkedIn,like,,",
    ))  # fmt: skip

    assert [(one["line"], one["column"]) for one in done.refused] == [
        (3, "nature"), (4, "nature"), (5, ""), (6, "nombre"),
    ]  # fmt: skip
    assert done.refused[0]["reason"]["params"] == {"cell": "poke"}
    assert done.refused[0]["reason"]["message"].startswith("“{cell}” is no kind of earned media")
    assert figures(["mentions", "likes"]) == (12, None)


TIKTOK = "campaign_id,stat_time_day,spend,impressions,conversion,likes,comments,shares,follows"


def test_of_two_levels_of_the_same_ads_one_answers_for_each_kind(
    cast: Cast, tmp_path: Path
) -> None:
    ads = TIKTOK.replace("campaign_id", "ad_id").replace(",comments,shares", "")
    bring(cast.nantes, file(tmp_path, "c.csv", TIKTOK, "7,2026-09-01,10,100,0,20,3,2,5"),
          account="77")  # fmt: skip
    bring(cast.nantes, file(tmp_path, "a.csv", ads, "71,2026-09-01,4,40,0,12,4",
                            "72,2026-09-01,6,60,0,8,1"), account="77")  # fmt: skip

    assert figures() == (5, 20, 3, 2)
    assert [row["likes"] for row in by("likes", "media")] == [20]
    assert by("likes", "media")[0]["media"] == "paid"
    found = {row["ad"]: row["likes"] for row in by("likes", "ad")}
    assert found == {"71": 12, "72": 8}


INSTAGRAM = "id,_fivetran_synced,like_count,comment_count,video_photo_views,video_photo_shares"


def test_of_snapshots_of_a_post_the_latest_counts_among_all_days(
    cast: Cast, tmp_path: Path
) -> None:
    bring(cast.nantes, file(
        tmp_path, "media.csv", INSTAGRAM, "9,2026-09-01,10,1,100,0", "9,2026-09-08,14,3,180,2",
        "8,2026-09-08,5,,50,",
    ), account="17")  # fmt: skip

    assert figures() == (None, 19, 3, 2)
    assert [row["media"] for row in by("likes", "media")] == ["earned"]


def test_days_of_one_kind_leave_the_lifetime_of_another_alone(cast: Cast, tmp_path: Path) -> None:
    days = "date,page_id,page_impressions,page_post_engagements,page_fan_adds,page_fan_removes"
    posts = "date,post_id,post_clicks,post_reactions_like_total,post_reactions_love_total"
    bring(cast.nantes, file(tmp_path, "page.csv", days, "2026-09-02 07:00:00,5,900,40,3,1"))
    bring(cast.nantes, file(tmp_path, "post.csv", posts, "2026-09-02 07:00:00,51,9,20,4"),
          account="5")  # fmt: skip

    assert figures(["followers_gained", "followers_lost", "likes"]) == (3, 1, 24)


YOUTUBE = "date,channel_id,video_id,views,watch_time_minutes,likes,subscribers_gained"


def test_days_that_the_platform_may_still_change_are_said_of_their_kinds_alone(
    cast: Cast, tmp_path: Path
) -> None:
    day = today() - timedelta(days=1)
    bring(cast.nantes, file(tmp_path, "days.csv", YOUTUBE, f"{day},UC1,v1,100,50.5,4,2"))
    bring(cast.nantes, file(tmp_path, "own.csv", OWN, f"{day},LinkedIn,mention,3,"))

    assert ask(None, ["likes"]).provisional_from == day
    assert ask(None, ["mentions"]).provisional_from is None
    assert figures(["likes", "followers_gained", "mentions"]) == (4, 2, 3)
