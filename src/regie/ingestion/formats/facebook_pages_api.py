"""Facebook Pages as its interface gives it: pages by day, posts as snapshots of their lifetime.

Impressions leave the paid part out: advertising is reported by Meta Ads.
"""

from __future__ import annotations

from regie.ingestion.format import Column, Count
from regie.ingestion.tables import ROWS, daily, history, latest, total

_PACIFIC = "America/Los_Angeles"
_MOODS = tuple(
    (f"post_reactions_{mood}_total",) for mood in ("love", "haha", "wow", "sorry", "anger")
)

facebook_pages_api_page = daily(
    name="facebook_pages_api_page",
    label="Facebook Pages (API): pages by day",
    platform="facebook_pages",
    level="page",
    columns=(
        Column("date", ("date",)),
        Column("account_id", ("page_id",)),
        Column("impressions", ("page_impressions_organic", "page_impressions_organic_v_2")),
        Column("video_views", ("page_video_views_organic",)),
        Column("engagements", ("page_post_engagements",)),
        Column("followers_gained", ("page_fan_adds",)),
        Column("followers_lost", ("page_fan_removes",)),
        Column("likes", ("page_actions_post_reactions_total",)),
    ),
    required=(("label:page_id",), ("date",), ("label:page_impressions", "label:page_media_view",
              "label:page_post_engagements")),
    without=("post_id",),
    time_zone=_PACIFIC,
    stamped_at_end=True,
    certainty="medium",
    counts=(
        Count("daily_page_impressions", total("page_impressions")),
        Count("page_fans_at_the_latest_day", "arg_max(try_cast({page_fans} AS BIGINT), {date})"),
    ),
    notes=(
        "A day is stamped with its end, midnight in California: it belongs to the day before.",
        "Fans are a level, not a flow: only the latest day is reported. Those who came and those "
        "who left are followed day by day; whom ads won is among them.",
        "Impressions were replaced by media views in 2025 and 2026: the two are not joined.",
    ),
)  # fmt: skip
facebook_pages_api_post = daily(
    name="facebook_pages_api_post",
    label="Facebook Pages (API): posts, lifetime",
    platform="facebook_pages",
    level="post",
    columns=(
        Column("date", ("date",)),
        Column("ad_id", ("post_id",)),
        Column("impressions", ("post_impressions_organic",)),
        Column("clicks", ("post_clicks",)),
        Column("video_views", ("post_video_views_organic",)),
        Column("engagements", ("post_reactions_like_total",), add=_MOODS),
        Column("likes", ("post_reactions_like_total",), add=_MOODS),
    ),
    required=(("label:post_id",), ("date",), ("label:post_clicks", "label:post_media_view")),
    time_zone=_PACIFIC,
    stamped_at_end=True,
    lifetime=True,
    certainty="medium",
    counts=(
        Count("lifetime_rows", ROWS),
        Count("posts", "count(DISTINCT {post_id})"),
        *(
            Count(label, latest(label, entity="post_id", seen="date"))
            for label in ("post_clicks", "post_impressions", "post_reactions_like_total")
        ),
    ),
    notes=("Values are cumulative: the latest snapshot of each post counts, never their sum.",),
)
facebook_pages_api_pages = history(
    name="facebook_pages_api_pages",
    label="Facebook Pages (API): pages",
    platform="facebook_pages",
    kind="account",
    columns=(
        Column("entity_id", ("id",)),
        Column("entity_name", ("name",)),
        Column("modified_at", ("_fivetran_synced",)),
    ),
    required=("id", "name", "fan_count", "is_published"),
)
facebook_pages_api_posts = history(
    name="facebook_pages_api_posts",
    label="Facebook Pages (API): posts",
    platform="facebook_pages",
    kind="ad",
    columns=(
        Column("entity_id", ("id",)),
        Column("entity_name", ("message",)),
        Column("account_id", ("page_id",)),
        Column("modified_at", ("updated_time",)),
    ),
    required=("id", "page_id", "message", "status_type"),
)
