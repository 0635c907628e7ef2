"""TikTok Ads as its interface gives it: hours added up to days, ``-`` for nothing.

Headers may be in capitals and hours without a leading zero (``5:00:00``).
"""

from __future__ import annotations

from regie.ingestion.format import Column, Count, Format
from regie.ingestion.tables import ROWS, counted, daily, history

_DAY = (
    Column("date", ("stat_time_hour", "stat_time_day")),
    Column("impressions", ("impressions",)),
    Column("clicks", ("clicks",)),
    Column("spend", ("spend",)),
    Column("video_views", ("video_play_actions",)),
    Column("engagements", ("likes",), add=(("comments",), ("shares",), ("follows",))),
    Column("likes", ("likes",)),
    Column("comments", ("comments",)),
    Column("shares", ("shares",)),
    Column("followers_gained", ("follows",)),
    Column("conversions", ("conversion",)),
    Column("conversion_value", ("total_purchase_value",), add=(("total_sales_lead_value",),)),
)
_NOTES = (
    "Rows are hours: they are added up to the platform's days.",
    "Reach is left aside: the reach of hours cannot be added.",
    "Likes, comments, shares and followers are those that ads won: paid, not earned.",
    "Value is purchases plus sales leads; the currency is the advertiser's.",
)


def _by_hour(level: str, word: str, label: str, title: str) -> Format:
    return daily(
        name=f"tiktok_ads_api_{level}",
        label=f"TikTok Ads (API): {title} by hour or day",
        platform="tiktok_ads",
        level=level,
        columns=(*_DAY, Column(word, (label,))),
        required=((f"label:{label}",), ("date",), ("spend",), ("label:conversion",)),
        without=("country_code",),
        restated=28,
        time_zone="UTC",
        merge=True,
        notes=_NOTES,
    )


tiktok_ads_api_daily = (
    _by_hour("campaign", "campaign_id", "campaign_id", "campaigns"),
    _by_hour("ad_group", "ad_group_id", "adgroup_id", "ad groups"),
    _by_hour("ad", "ad_id", "ad_id", "ads"),
)
tiktok_ads_api_country = counted(
    name="tiktok_ads_api_country",
    label="TikTok Ads (API): campaigns by country",
    platform="tiktok_ads",
    required=("campaign_id", "country_code", "stat_time_day", "spend"),
    counts=(Count("country_rows", ROWS),),
    notes=("A split of the same days: never added to the daily totals.",),
)

_ACCOUNT = Column("account_id", ("advertiser_id",))
_MODIFIED = Column("modified_at", ("updated_at",))

tiktok_ads_api_advertisers = history(
    name="tiktok_ads_api_advertisers",
    label="TikTok Ads (API): advertisers",
    platform="tiktok_ads",
    kind="account",
    columns=(
        Column("entity_id", ("id", "advertiser_id")),
        Column("entity_name", ("name", "advertiser_name")),
        Column("currency", ("currency",)),
        Column("time_zone", ("timezone",)),
        Column("modified_at", ("_fivetran_synced",)),
    ),
    required=("currency", "timezone", "name", "balance"),
    notes=("Etc/GMT+5 is UTC-5: POSIX zones have the opposite sign.",),
)
tiktok_ads_api_campaigns = history(
    name="tiktok_ads_api_campaigns",
    label="TikTok Ads (API): campaigns",
    platform="tiktok_ads",
    kind="campaign",
    columns=(
        Column("entity_id", ("campaign_id",)),
        Column("entity_name", ("campaign_name",)),
        _ACCOUNT,
        _MODIFIED,
    ),
    required=("campaign_id", "campaign_name", "advertiser_id"),
    without=("ad_id", "adgroup_id"),
    notes=("A table without campaign_name is no list of campaigns, whatever its name says.",),
)
tiktok_ads_api_ad_groups = history(
    name="tiktok_ads_api_ad_groups",
    label="TikTok Ads (API): ad groups",
    platform="tiktok_ads",
    kind="ad_group",
    columns=(
        Column("entity_id", ("adgroup_id",)),
        Column("entity_name", ("adgroup_name",)),
        Column("parent_id", ("campaign_id",)),
        _ACCOUNT,
        _MODIFIED,
    ),
    required=("adgroup_id", "adgroup_name", "advertiser_id"),
    without=("ad_id",),
)
tiktok_ads_api_ads = history(
    name="tiktok_ads_api_ads",
    label="TikTok Ads (API): ads",
    platform="tiktok_ads",
    kind="ad",
    columns=(
        Column("entity_id", ("ad_id",)),
        Column("entity_name", ("ad_name",)),
        Column("parent_id", ("adgroup_id",)),
        _ACCOUNT,
        _MODIFIED,
    ),
    required=("ad_id", "ad_name", "advertiser_id"),
)
