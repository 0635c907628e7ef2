"""Amazon Ads as its interface gives it: one report per level, each with its own ids.

Only the campaign report of these tables states conversions, with their window in the name.
"""

from __future__ import annotations

from regie.ingestion.format import Column
from regie.ingestion.tables import daily, history, side_tables

_DAY = (
    Column("date", ("date",)),
    Column("currency", ("campaign_budget_currency_code",)),
    Column("impressions", ("impressions",)),
    Column("clicks", ("clicks",)),
    Column("spend", ("cost",)),
)
_CAMPAIGN = Column("campaign_id", ("campaign_id",))
_AD_GROUP = Column("ad_group_id", ("ad_group_id",))
_REQUIRED = (("date",), ("label:cost",), ("impressions",), ("clicks",))
_RESTATED = 42  # clicks for three days, conversions for 28 days after a 14-day window
_NOTES = ("Days are of the profile's time zone; conversions are dated on the click.",)

amazon_ads_api_campaign = daily(
    name="amazon_ads_api_campaign",
    label="Amazon Ads (API): campaigns by day",
    platform="amazon_ads",
    level="campaign",
    columns=(
        *_DAY,
        _CAMPAIGN,
        Column("campaign", ("campaign_name",)),
        Column("conversions", ("purchases_30_d",)),
        Column("conversion_value", ("sales_30_d",)),
    ),
    required=(*_REQUIRED, ("label:campaign_id",), ("label:campaign_bidding_strategy",
              "label:purchases_30_d", "label:campaign_applicable_budget_rule_id")),
    without=("ad_group_id", "ad_id", "keyword_id", "search_term"),
    restated=_RESTATED,
    attribution="30d",
    notes=_NOTES,
)  # fmt: skip
amazon_ads_api_ad_group = daily(
    name="amazon_ads_api_ad_group",
    label="Amazon Ads (API): ad groups by day",
    platform="amazon_ads",
    level="ad_group",
    columns=(*_DAY, _AD_GROUP),
    required=(*_REQUIRED, ("label:ad_group_id",), ("label:campaign_bidding_strategy",)),
    without=("campaign_id", "ad_id", "keyword_id", "search_term"),
    restated=_RESTATED,
    notes=(*_NOTES, "This report has no currency: it is the profile's."),
)
amazon_ads_api_ad = daily(
    name="amazon_ads_api_ad",
    label="Amazon Ads (API): advertised products by day",
    platform="amazon_ads",
    level="ad",
    columns=(*_DAY, _CAMPAIGN, _AD_GROUP, Column("ad_id", ("ad_id",))),
    required=(*_REQUIRED, ("label:ad_id",), ("label:advertised_asin", "label:advertised_sku")),
    restated=_RESTATED,
    notes=_NOTES,
)
amazon_ads_api_keyword = daily(
    name="amazon_ads_api_keyword",
    label="Amazon Ads (API): keywords by day",
    platform="amazon_ads",
    level="keyword",
    columns=(
        *_DAY,
        _CAMPAIGN,
        _AD_GROUP,
        Column("keyword_id", ("keyword_id",)),
        Column("keyword", ("targeting",)),
    ),
    required=(*_REQUIRED, ("label:keyword_id",), ("label:targeting",)),
    without=("search_term",),
    restated=_RESTATED,
    notes=_NOTES,
)
amazon_ads_api_search_term = daily(
    name="amazon_ads_api_search_term",
    label="Amazon Ads (API): search terms by day",
    platform="amazon_ads",
    level="search_term",
    columns=(
        *_DAY,
        _CAMPAIGN,
        _AD_GROUP,
        Column("keyword_id", ("keyword_id",)),
        Column("search_term", ("search_term",)),
    ),
    required=(*_REQUIRED, ("label:search_term",), ("label:targeting",)),
    restated=_RESTATED,
    merge=True,
    notes=_NOTES,
)

_ID = Column("entity_id", ("id",))
_NAME = Column("entity_name", ("name",))
_MODIFIED = Column("modified_at", ("last_updated_date", "_fivetran_synced"))

amazon_ads_api_profiles = history(
    name="amazon_ads_api_profiles",
    label="Amazon Ads (API): profiles",
    platform="amazon_ads",
    kind="account",
    columns=(
        _ID,
        Column("entity_name", ("account_name",)),
        Column("currency", ("currency_code",)),
        Column("time_zone", ("timezone",)),
        _MODIFIED,
    ),
    required=("id", "account_name", "currency_code", "account_marketplace_string_id"),
)
amazon_ads_api_campaigns = history(
    name="amazon_ads_api_campaigns",
    label="Amazon Ads (API): campaigns",
    platform="amazon_ads",
    kind="campaign",
    columns=(_ID, _NAME, Column("account_id", ("profile_id",)), _MODIFIED),
    required=("id", "name", "profile_id", "targeting_type"),
)
amazon_ads_api_ad_groups = history(
    name="amazon_ads_api_ad_groups",
    label="Amazon Ads (API): ad groups",
    platform="amazon_ads",
    kind="ad_group",
    columns=(_ID, _NAME, Column("parent_id", ("campaign_id",)), _MODIFIED),
    required=("id", "name", "campaign_id", "default_bid"),
)
amazon_ads_api_ads = history(
    name="amazon_ads_api_ads",
    label="Amazon Ads (API): product ads",
    platform="amazon_ads",
    kind="ad",
    columns=(
        _ID,
        Column("entity_name", ("asin",)),
        Column("parent_id", ("ad_group_id",)),
        _MODIFIED,
    ),
    required=("id", "asin", "sku", "ad_group_id"),
    notes=("A product ad has no name of its own: its product number stands in.",),
)
amazon_ads_api_keywords = history(
    name="amazon_ads_api_keywords",
    label="Amazon Ads (API): keywords",
    platform="amazon_ads",
    kind="keyword",
    columns=(
        _ID,
        Column("entity_name", ("keyword_text",)),
        Column("parent_id", ("ad_group_id",)),
        _MODIFIED,
    ),
    required=("id", "keyword_text", "ad_group_id", "native_language_keyword"),
)
amazon_ads_api_side = side_tables(
    "amazon_ads", "Amazon Ads (API)",
    ("portfolio", ("id", "budget_policy", "in_budget", "profile_id")),
)  # fmt: skip
