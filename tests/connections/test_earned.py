"""Followers, reactions and mentions: files of one page tell of the same days, each of its kinds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cast import Cast, ask, bring, total

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
    assert networks == {"linkedin": 12, "ouest_matin": 2}
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
