"""Apple Search Ads as its interface gives it: clicks are taps, conversions are installs by tap.

Campaign and keyword reports have the very same header: the ids of the same call tell which.
Search terms that Apple withholds come without a text and stay in the totals.
"""

from __future__ import annotations

from regie.ingestion.format import Column
from regie.ingestion.tables import daily, history

_DAY = (
    Column("date", ("date",)),
    Column("currency", ("local_spend_currency",)),
    Column("impressions", ("impressions",)),
    Column("clicks", ("taps",)),
    Column("spend", ("local_spend_amount",)),
    Column("conversions", ("tap_installs",)),
)
_CAMPAIGN = Column("campaign_id", ("campaign_id",))
_AD_GROUP = Column("ad_group_id", ("ad_group_id",))
_REQUIRED = (("date",), ("label:taps",), ("label:local_spend_amount",))
_BY_LEVEL = ("ad_id", "ad_group_id", "search_term_text")
_NOTES = ("Clicks are taps; conversions are installs that followed a tap.",)

apple_search_ads_api_campaign = daily(
    name="apple_search_ads_api_campaign",
    label="Apple Search Ads (API): campaigns by day",
    platform="apple_search_ads",
    level="campaign",
    columns=(*_DAY, Column("campaign_id", ("id",)), Column("campaign", ("campaign_name",))),
    required=(*_REQUIRED, ("label:id",)),
    without=_BY_LEVEL,
    restated=30,
    notes=(*_NOTES, "The keyword report has the same header."),
)
apple_search_ads_api_keyword = daily(
    name="apple_search_ads_api_keyword",
    label="Apple Search Ads (API): keywords by day",
    platform="apple_search_ads",
    level="keyword",
    columns=(*_DAY, Column("keyword_id", ("id",)), Column("keyword", ("keyword",))),
    required=(*_REQUIRED, ("label:id",)),
    without=_BY_LEVEL,
    restated=30,
    notes=(*_NOTES, "The campaign report has the same header."),
)
apple_search_ads_api_ad_group = daily(
    name="apple_search_ads_api_ad_group",
    label="Apple Search Ads (API): ad groups by day",
    platform="apple_search_ads",
    level="ad_group",
    columns=(*_DAY, _CAMPAIGN, _AD_GROUP),
    required=(*_REQUIRED, ("label:ad_group_id",)),
    without=("ad_id", "keyword_id", "search_term_text"),
    restated=30,
    notes=_NOTES,
)
apple_search_ads_api_ad = daily(
    name="apple_search_ads_api_ad",
    label="Apple Search Ads (API): ads by day",
    platform="apple_search_ads",
    level="ad",
    columns=(*_DAY, _CAMPAIGN, _AD_GROUP, Column("ad_id", ("ad_id",))),
    required=(*_REQUIRED, ("label:ad_id",)),
    without=("search_term_text",),
    restated=30,
    notes=_NOTES,
)
apple_search_ads_api_search_term = daily(
    name="apple_search_ads_api_search_term",
    label="Apple Search Ads (API): search terms by day",
    platform="apple_search_ads",
    level="search_term",
    columns=(
        *_DAY,
        _CAMPAIGN,
        _AD_GROUP,
        Column("ad_group", ("ad_group_name",)),
        Column("keyword_id", ("keyword_id",)),
        Column("keyword", ("keyword",)),
        Column("search_term", ("search_term_text",)),
    ),
    required=(*_REQUIRED, ("label:search_term_text",)),
    restated=30,
    merge=True,
    notes=(*_NOTES, "Rows without a term are terms that Apple withholds: they count."),
)

_ID = Column("entity_id", ("id",))
_NAME = Column("entity_name", ("name",))
_MODIFIED = Column("modified_at", ("modification_time",))
_ACCOUNT = Column("account_id", ("organization_id", "org_id"))

apple_search_ads_api_organizations = history(
    name="apple_search_ads_api_organizations",
    label="Apple Search Ads (API): organisations",
    platform="apple_search_ads",
    kind="account",
    columns=(
        _ID,
        _NAME,
        Column("currency", ("currency",)),
        Column("time_zone", ("time_zone",)),
    ),
    required=("id", "name", "currency", "payment_model", "role_names"),
)
apple_search_ads_api_campaigns = history(
    name="apple_search_ads_api_campaigns",
    label="Apple Search Ads (API): campaigns",
    platform="apple_search_ads",
    kind="campaign",
    columns=(_ID, _NAME, _ACCOUNT, _MODIFIED),
    required=("id", "name", "organization_id", "adam_id", "modification_time"),
)
apple_search_ads_api_ad_groups = history(
    name="apple_search_ads_api_ad_groups",
    label="Apple Search Ads (API): ad groups",
    platform="apple_search_ads",
    kind="ad_group",
    columns=(_ID, _NAME, _ACCOUNT, Column("parent_id", ("campaign_id",)), _MODIFIED),
    required=("id", "name", "campaign_id", "organization_id", "modification_time"),
    without=("ad_group_id", "adam_id"),
)
apple_search_ads_api_ads = history(
    name="apple_search_ads_api_ads",
    label="Apple Search Ads (API): ads",
    platform="apple_search_ads",
    kind="ad",
    columns=(_ID, _NAME, _ACCOUNT, Column("parent_id", ("ad_group_id",)), _MODIFIED),
    required=("id", "name", "ad_group_id", "creative_id", "modification_time"),
)
apple_search_ads_api_keywords = history(
    name="apple_search_ads_api_keywords",
    label="Apple Search Ads (API): keywords",
    platform="apple_search_ads",
    kind="keyword",
    columns=(
        _ID,
        Column("entity_name", ("text",)),
        Column("parent_id", ("ad_group_id",)),
        _MODIFIED,
    ),
    required=("id", "text", "match_type", "ad_group_id", "bid_amount"),
)
