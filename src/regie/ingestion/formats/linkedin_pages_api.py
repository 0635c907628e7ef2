"""LinkedIn pages as its interface gives it: statistics of shares as snapshots of their lifetime.

These statistics are organic; corrections may be negative and are kept.
"""

from __future__ import annotations

from regie.ingestion.format import Column, Count
from regie.ingestion.tables import ROWS, counted, daily, history, side_tables, total

linkedin_pages_api_share = daily(
    name="linkedin_pages_api_share",
    label="LinkedIn pages (API): shares, lifetime",
    platform="linkedin_pages",
    level="post",
    columns=(
        Column("date", ("date", "_fivetran_synced")),
        Column("account_id", ("_organization_entity_urn", "organization_entity")),
        Column("ad_id", ("_share_entity_urn", "share_entity")),
        Column("impressions", ("impression_count",)),
        Column("clicks", ("click_count",)),
        Column(
            "engagements",
            ("like_count",),
            add=(("comment_count",), ("share_count",)),
        ),
        Column("likes", ("like_count",)),
        Column("comments", ("comment_count",)),
        Column("shares", ("share_count",)),
    ),
    required=(("label:impression_count",), ("label:click_count",), ("label:share_count",)),
    time_zone="UTC",
    lifetime=True,
    certainty="medium",
    counts=(
        Count("share_statistic_rows", ROWS),
        *(
            Count(label, total(label))
            for label in (
                "impression_count", "click_count", "like_count", "comment_count", "share_count",
            )
        ),
        Count("negative_values", "count(*) FILTER (WHERE starts_with({share_count}, '-') "
              "OR starts_with({like_count}, '-') OR starts_with({comment_count}, '-'))"),
    ),
    notes=(
        "The table has no day: a snapshot is of the day on which it was read.",
        "Counts may be negative after corrections: they are kept, and their lines counted.",
    ),
)  # fmt: skip
linkedin_pages_api_organizations = history(
    name="linkedin_pages_api_organizations",
    label="LinkedIn pages (API): organisations",
    platform="linkedin_pages",
    kind="account",
    columns=(
        Column("entity_id", ("id",)),
        Column("entity_name", ("localized_name", "name_localized", "vanity_name")),
        Column("modified_at", ("_fivetran_synced",)),
    ),
    required=("id", "vanity_name", "organization_type"),
)
linkedin_pages_api_posts = history(
    name="linkedin_pages_api_posts",
    label="LinkedIn pages (API): posts",
    platform="linkedin_pages",
    kind="ad",
    columns=(
        Column("entity_id", ("id",)),
        Column("entity_name", ("commentary",)),
        Column("account_id", ("author",)),
        Column("modified_at", ("last_modified_time",)),
    ),
    required=("id", "author", "commentary", "lifecycle_state"),
)
linkedin_pages_api_side = (
    *side_tables(
        "linkedin_pages", "LinkedIn pages (API)",
        ("post_content", ("post_id", "article_title", "media_id", "poll_question")),
        ("share_of_post", ("share_statistic_id", "ugc_post_id")),
    ),
    counted(
        name="linkedin_pages_api_post_of_organization",
        label="LinkedIn pages (API): posts of organisations",
        platform="linkedin_pages",
        required=("ugc_post_id", "_fivetran_synced"),
        without=("share_statistic_id",),
        counts=(Count("post_of_organization_rows", ROWS),),
    ),
)  # fmt: skip
