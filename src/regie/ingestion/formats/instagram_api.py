"""Instagram as its interface gives it: posts as snapshots of their lifetime.

Each kind of post fills its own columns (album, photo or video, story, reel).
"""

from __future__ import annotations

from regie.ingestion.format import Column, Count
from regie.ingestion.tables import ROWS, daily, history, total

instagram_api_media = daily(
    name="instagram_api_media",
    label="Instagram (API): posts, lifetime",
    platform="instagram",
    level="post",
    columns=(
        Column("date", ("date", "_fivetran_synced")),
        Column("ad_id", ("id",)),
        Column(
            "video_views",
            ("video_photo_views",),
            add=(("carousel_album_views",), ("story_views",), ("reel_views",)),
        ),
        Column("engagements", ("like_count",), add=(("comment_count",),)),
        Column("likes", ("like_count",)),
        Column("comments", ("comment_count",)),
        Column(
            "shares",
            ("video_photo_shares",),
            add=(("carousel_album_shares",), ("story_shares",), ("reel_shares",)),
        ),
    ),
    required=(("label:id",), ("label:like_count",), ("label:comment_count",),
              ("label:video_photo_views", "label:video_photo_reach", "label:reel_views")),
    lifetime=True,
    certainty="medium",
    counts=(
        Count("media_rows", ROWS),
        Count("likes", total("like_count")),
        Count("comments", total("comment_count")),
        Count("video_photo_views", total("video_photo_views")),
    ),
    notes=(
        "The table has no day: a snapshot is of the day on which it was read.",
        "Views took the place of impressions in April 2025: the two are not joined.",
        "Reach is left aside: the reach of posts cannot be added.",
    ),
)  # fmt: skip
instagram_api_users = history(
    name="instagram_api_users",
    label="Instagram (API): accounts",
    platform="instagram",
    kind="account",
    columns=(
        Column("entity_id", ("id",)),
        Column("entity_name", ("username", "name")),
        Column("modified_at", ("_fivetran_synced",)),
    ),
    required=("id", "username", "followers_count", "media_count"),
)
instagram_api_posts = history(
    name="instagram_api_posts",
    label="Instagram (API): posts",
    platform="instagram",
    kind="ad",
    columns=(
        Column("entity_id", ("id",)),
        Column("entity_name", ("caption",)),
        Column("account_id", ("user_id",)),
        Column("modified_at", ("_fivetran_synced",)),
    ),
    required=("id", "caption", "media_type", "permalink", "user_id"),
)
