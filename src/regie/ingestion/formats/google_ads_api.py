"""Google Ads as its interface gives it: costs in micros, one table per level, split by device.

Several rows of one day and entity differ by device or network and add up.
"""

from __future__ import annotations

from regie.ingestion.format import Column
from regie.ingestion.tables import daily, history

_DAY = (
    Column("date", ("date",)),
    Column("account_id", ("customer_id",)),
    Column("ad_network", ("ad_network_type",)),
    Column("device", ("device",)),
    Column("impressions", ("impressions",)),
    Column("clicks", ("clicks",)),
    Column("spend", ("cost_micros",), kind="micros"),
    Column("conversions", ("conversions",)),
    Column("conversion_value", ("conversions_value",), kind="amount"),
)
_CAMPAIGN = Column("campaign_id", ("campaign_id",))
_AD_GROUP = Column("ad_group_id", ("ad_group_id",))
_REQUIRED = (("label:customer_id",), ("label:cost_micros",), ("date",))
_CRITERION = "ad_group_criterion_criterion_id"
_NOTES = (
    "Days are of the account's time zone; conversions are dated on the day of the click.",
    "Resource paths such as customers/…/campaigns/… repeat the ids of other columns.",
)

google_ads_api_account = daily(
    name="google_ads_api_account",
    label="Google Ads (API): accounts by day",
    platform="google_ads",
    level="account",
    columns=_DAY,
    required=_REQUIRED,
    without=("id", "campaign_id", "ad_group_id", "ad_id", "search_term", "base_campaign"),
    restated=30,
    attribution="google_ads default",
    merge=True,
    notes=_NOTES,
)
google_ads_api_campaign = daily(
    name="google_ads_api_campaign",
    label="Google Ads (API): campaigns by day",
    platform="google_ads",
    level="campaign",
    columns=(*_DAY, Column("campaign_id", ("id",))),
    required=(*_REQUIRED, ("label:id",)),
    without=("campaign_id", "ad_group_id", "ad_id", "base_ad_group", "search_term", _CRITERION),
    restated=30,
    attribution="google_ads default",
    merge=True,
    notes=_NOTES,
)
google_ads_api_ad_group = daily(
    name="google_ads_api_ad_group",
    label="Google Ads (API): ad groups by day",
    platform="google_ads",
    level="ad_group",
    columns=(*_DAY, _CAMPAIGN, Column("ad_group_id", ("id",))),
    required=(*_REQUIRED, ("label:id",), ("label:campaign_id",)),
    without=("ad_id", "search_term", _CRITERION),
    restated=30,
    attribution="google_ads default",
    merge=True,
    notes=_NOTES,
)
google_ads_api_ad = daily(
    name="google_ads_api_ad",
    label="Google Ads (API): ads by day",
    platform="google_ads",
    level="ad",
    columns=(*_DAY, _CAMPAIGN, _AD_GROUP, Column("ad_id", ("ad_id",))),
    required=(*_REQUIRED, ("label:ad_id",)),
    without=("search_term",),
    restated=30,
    attribution="google_ads default",
    merge=True,
    notes=_NOTES,
)
google_ads_api_keyword = daily(
    name="google_ads_api_keyword",
    label="Google Ads (API): keywords by day",
    platform="google_ads",
    level="keyword",
    columns=(*_DAY, _CAMPAIGN, _AD_GROUP, Column("keyword_id", (_CRITERION,))),
    required=(*_REQUIRED, (f"label:{_CRITERION}",)),
    without=("search_term",),
    restated=30,
    attribution="google_ads default",
    merge=True,
    notes=_NOTES,
)
google_ads_api_search_term = daily(
    name="google_ads_api_search_term",
    label="Google Ads (API): search terms by day",
    platform="google_ads",
    level="search_term",
    columns=(*_DAY, _CAMPAIGN, _AD_GROUP, Column("search_term", ("search_term",))),
    required=(*_REQUIRED, ("label:search_term",)),
    restated=30,
    attribution="google_ads default",
    merge=True,
    notes=_NOTES,
)

_MODIFIED = Column("modified_at", ("updated_at",))
_ID = Column("entity_id", ("id",))
_NAME = Column("entity_name", ("name",))

google_ads_api_accounts = history(
    name="google_ads_api_accounts",
    label="Google Ads (API): accounts",
    platform="google_ads",
    kind="account",
    columns=(
        _ID,
        Column("entity_name", ("descriptive_name",)),
        Column("currency", ("currency_code",)),
        Column("time_zone", ("time_zone",)),
        _MODIFIED,
    ),
    required=("id", "currency_code", "descriptive_name"),
)
google_ads_api_campaigns = history(
    name="google_ads_api_campaigns",
    label="Google Ads (API): campaigns",
    platform="google_ads",
    kind="campaign",
    columns=(_ID, _NAME, Column("account_id", ("customer_id",)), _MODIFIED),
    required=("id", "name", "customer_id", "advertising_channel_type"),
    without=("cost_micros",),
)
google_ads_api_ad_groups = history(
    name="google_ads_api_ad_groups",
    label="Google Ads (API): ad groups",
    platform="google_ads",
    kind="ad_group",
    columns=(_ID, _NAME, Column("parent_id", ("campaign_id",)), _MODIFIED),
    required=("id", "name", "campaign_id", "campaign_name", "updated_at"),
    without=("cost_micros", "ad_group_id"),
)
google_ads_api_ads = history(
    name="google_ads_api_ads",
    label="Google Ads (API): ads",
    platform="google_ads",
    kind="ad",
    columns=(_ID, _NAME, Column("parent_id", ("ad_group_id",)), _MODIFIED),
    required=("id", "ad_group_id", "name", "updated_at", "final_urls"),
)
google_ads_api_keywords = history(
    name="google_ads_api_keywords",
    label="Google Ads (API): keywords",
    platform="google_ads",
    kind="keyword",
    columns=(
        _ID,
        Column("entity_name", ("keyword_text",)),
        Column("parent_id", ("ad_group_id",)),
        _MODIFIED,
    ),
    required=("id", "ad_group_id", "keyword_text", "keyword_match_type"),
)
