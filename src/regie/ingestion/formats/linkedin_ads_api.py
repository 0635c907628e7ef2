"""LinkedIn Ads as its interface gives it, in UTC days.

Its campaign groups are the campaigns of other platforms, its campaigns their ad groups, its
creatives their ads. Spend is in the account's currency, so that value and spend share one.
"""

from __future__ import annotations

from regie.ingestion.format import Column, Count
from regie.ingestion.tables import ROWS, counted, daily, history

_DAY = (
    Column("date", ("day",)),
    Column("impressions", ("impressions",)),
    Column("clicks", ("clicks",)),
    Column("link_clicks", ("landing_page_clicks",)),
    Column("video_views", ("video_views",)),
    Column("engagements", ("total_engagements",)),
    Column("leads", ("one_click_leads",)),
    Column("reach", ("approximate_member_reach", "approximate_unique_impressions")),
    Column("spend", ("cost_in_local_currency",)),
    Column("conversions", ("external_website_conversions",), add=(("one_click_leads",),)),
    Column("conversion_value", ("conversion_value_in_local_currency",)),
)
_REQUIRED = (("label:day",), ("label:cost_in_local_currency", "label:cost_in_usd"))
_NOTES = (
    "Days are UTC whatever the account's zone.",
    "Conversions are website conversions plus leads of lead forms.",
    "cost_in_usd is left aside: it would mix currencies with the local conversion value.",
)

linkedin_ads_api_ad_group = daily(
    name="linkedin_ads_api_ad_group",
    label="LinkedIn Ads (API): campaigns by day",
    platform="linkedin_ads",
    level="ad_group",
    columns=(*_DAY, Column("ad_group_id", ("campaign_id",))),
    required=(*_REQUIRED, ("label:campaign_id",)),
    without=("creative_id", "member_country", "member_region"),
    restated=30,
    time_zone="UTC",
    notes=_NOTES,
)
linkedin_ads_api_ad = daily(
    name="linkedin_ads_api_ad",
    label="LinkedIn Ads (API): creatives by day",
    platform="linkedin_ads",
    level="ad",
    columns=(*_DAY, Column("ad_id", ("creative_id",))),
    required=(*_REQUIRED, ("label:creative_id",)),
    restated=30,
    time_zone="UTC",
    notes=_NOTES,
)
linkedin_ads_api_split = tuple(
    counted(
        name=f"linkedin_ads_api_{split}",
        label=f"LinkedIn Ads (API): by {split.replace('_', ' ')}",
        platform="linkedin_ads",
        required=("campaign_id", "month", split, "cost_in_local_currency"),
        counts=(Count(f"{split}_rows", ROWS),),
        notes=("Approximate, small segments hidden: never added to the daily totals.",),
    )
    for split in ("member_country", "member_region")
)
linkedin_ads_api_places = counted(
    name="linkedin_ads_api_places",
    label="LinkedIn Ads (API): names of places",
    platform="linkedin_ads",
    required=("_fivetran_synced", "id", "value"),
    without=("name", "key", "action_type", "date", "timestamp", "label", "deal_id"),
    counts=(Count("place_rows", ROWS),),
)

_ID = Column("entity_id", ("id",))
_NAME = Column("entity_name", ("name",))
_ACCOUNT = Column("account_id", ("account_id",))
_MODIFIED = Column("modified_at", ("last_modified_time", "last_modified_at"))

linkedin_ads_api_accounts = history(
    name="linkedin_ads_api_accounts",
    label="LinkedIn Ads (API): accounts",
    platform="linkedin_ads",
    kind="account",
    columns=(_ID, _NAME, Column("currency", ("currency",)), _MODIFIED),
    required=("id", "name", "currency", "last_modified_time"),
    without=("account_id",),
)
linkedin_ads_api_campaign_groups = history(
    name="linkedin_ads_api_campaign_groups",
    label="LinkedIn Ads (API): campaign groups",
    platform="linkedin_ads",
    kind="campaign",
    columns=(_ID, _NAME, _ACCOUNT, _MODIFIED),
    required=("id", "account_id", "name", "last_modified_time"),
    without=("campaign_group_id",),
)
linkedin_ads_api_campaigns = history(
    name="linkedin_ads_api_campaigns",
    label="LinkedIn Ads (API): campaigns",
    platform="linkedin_ads",
    kind="ad_group",
    columns=(_ID, _NAME, _ACCOUNT, Column("parent_id", ("campaign_group_id",)), _MODIFIED),
    required=("id", "campaign_group_id", "name", "last_modified_time"),
)
linkedin_ads_api_creatives = history(
    name="linkedin_ads_api_creatives",
    label="LinkedIn Ads (API): creatives",
    platform="linkedin_ads",
    kind="ad",
    columns=(_ID, _NAME, Column("parent_id", ("campaign_id",)), _MODIFIED),
    required=("id", "campaign_id", "intended_status", "click_uri"),
)
