"""LinkedIn page analytics, old-style workbooks: content, visitors, followers.

The sponsored part is what LinkedIn Ads reports too: a page's measures are the organic ones.
"""

from __future__ import annotations

from regie.ingestion.format import Column, Count, Format


def _sum(label: str) -> str:
    return f"sum(try_cast(replace({{{label}}}, ',', '') AS BIGINT))"


linkedin_page_content = Format(
    name="linkedin_page_content",
    label="LinkedIn page: content",
    platform="linkedin_pages",
    columns=(
        Column("date", ("Date",)),
        Column("impressions", ("Impressions (organic)",)),
        Column("clicks", ("Clicks (organic)",)),
        Column(
            "engagements",
            ("Reactions (organic)",),
            add=(("Comments (organic)",), ("Reposts (organic)", "Shares (organic)")),
        ),
        Column("likes", ("Reactions (organic)",)),
        Column("comments", ("Comments (organic)",)),
        Column("shares", ("Reposts (organic)", "Shares (organic)")),
        Column("reach", ("Unique impressions (organic)",)),
    ),
    required=(
        ("date",),
        ("label:Impressions (organic)", "label:Clicks (organic)", "label:Reactions (organic)"),
        ("label:Impressions (total)", "label:Unique impressions (organic)",
         "label:Clicks (total)", "label:Engagement rate (organic)", "label:Reposts (organic)"),
    ),
    level="page",
    date_order="mdy",
    time_zone="UTC",
    counts=(
        Count("impressions_total", _sum("Impressions (total)")),
        Count("clicks_total", _sum("Clicks (total)")),
        Count("reactions_total", _sum("Reactions (total)")),
    ),
    certainty="high",
    source="Header names of public parsers of English workbooks",
    notes=(
        "Certain: old-style workbook, labels, month before day, UTC.",
        "Likely: a line of description above the header. Unknown: French.",
        "Organic and sponsored add up to the total: the total is reported and not stored.",
        "Engagements are reactions, comments and reposts. Unique impressions cannot be added.",
    ),
)  # fmt: skip

linkedin_page_visitors = Format(
    name="linkedin_page_visitors",
    label="LinkedIn page: visitors",
    platform="linkedin_pages",
    columns=(
        Column("date", ("Date",)),
        Column("unique_visitors", ("Total unique visitors (total)",)),
    ),
    required=(("date",), ("label:Total page views (total)", "label:Overview page views (total)")),
    fact="counted",
    level="page",
    date_order="mdy",
    time_zone="UTC",
    counts=(Count("page_views_total", _sum("Total page views (total)")),),
    certainty="high",
    source="Header names of public parsers of English workbooks",
    notes=("Recognised and counted; nothing is stored until pages have their room.",),
)

linkedin_page_followers = Format(
    name="linkedin_page_followers",
    label="LinkedIn page: followers",
    platform="linkedin_pages",
    columns=(
        Column("date", ("Date",)),
        Column("followers_gained", ("Organic followers",), add=(("Auto-invited followers",),)),
        Column("followers_sponsored", ("Sponsored followers",)),
    ),
    required=(
        ("date",),
        ("label:Total followers",),
        ("label:Organic followers", "label:Sponsored followers"),
    ),
    level="page",
    date_order="mdy",
    time_zone="UTC",
    counts=(
        Count("new_followers_organic", _sum("Organic followers")),
        Count("new_followers_sponsored", _sum("Sponsored followers")),
        Count("new_followers_total", _sum("Total followers")),
    ),
    certainty="high",
    source="Header names of public parsers of English workbooks",
    notes=(
        "Followers gained each day: organic ones, and those who were invited, are earned; "
        "sponsored ones are paid. Together they are the total, which is reported and not stored.",
        "Likely: “Auto-invited followers” in newer files. How many follow in all is not in the "
        "file, nor how many left.",
    ),
)
