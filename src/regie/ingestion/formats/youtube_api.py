"""YouTube as its interface gives it: videos by day in Pacific time, split by country and viewer.

Rows of one day and video differ by country, subscription or kind of viewing and add up.
"""

from __future__ import annotations

from regie.ingestion.format import Column, Count
from regie.ingestion.tables import ROWS, daily, history, side_tables, total

youtube_api_video = daily(
    name="youtube_api_video",
    label="YouTube (API): videos by day",
    platform="youtube",
    level="post",
    columns=(
        Column("date", ("date", "day")),
        Column("account_id", ("channel_id",)),
        Column("ad_id", ("video_id",)),
        Column("video_views", ("views",)),
        Column("engagements", ("likes",), add=(("comments",), ("shares",))),
        Column("likes", ("likes",)),
        Column("comments", ("comments",)),
        Column("shares", ("shares",)),
        Column("followers_gained", ("subscribers_gained",)),
        Column("followers_lost", ("subscribers_lost",)),
    ),
    required=(("label:channel_id",), ("label:video_id",), ("label:views",),
              ("label:watch_time_minutes", "label:estimated_minutes_watched")),
    restated=3,
    time_zone="America/Los_Angeles",
    merge=True,
    certainty="medium",
    counts=(
        Count("rows", ROWS),
        Count("videos", "count(DISTINCT {video_id})"),
        *(
            Count(label, total(label))
            for label in (
                "views", "watch_time_minutes", "likes", "shares", "subscribers_gained",
                "subscribers_lost",
            )
        ),
    ),
    notes=(
        "Days are Pacific time and two or three days late.",
        "Rows without a video are the channel's own: they count.",
    ),
)  # fmt: skip
youtube_api_videos = history(
    name="youtube_api_videos",
    label="YouTube (API): titles of videos",
    platform="youtube",
    kind="ad",
    columns=(
        Column("entity_id", ("id",)),
        Column("entity_name", ("snippet_title",)),
        Column("account_id", ("snippet_channel_id",)),
        Column("modified_at", ("_fivetran_synced",)),
    ),
    required=("id", "snippet_title", "snippet_channel_id"),
)
youtube_api_side = side_tables(
    "youtube", "YouTube (API)",
    ("demographics", ("age_group", "gender", "views_percentage")),
)  # fmt: skip
