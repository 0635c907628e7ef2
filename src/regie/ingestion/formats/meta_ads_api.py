"""Meta Ads as its interface gives it: link clicks only, no currency, actions in their own tables.

The same event stands under several action types, so actions are counted type by type and never
added up; nothing of them is stored before an account says which type is its result.
"""

from __future__ import annotations

from regie.ingestion.format import Column, Count
from regie.ingestion.tables import ROWS, counted, daily, history, total

# Types seen or named in the platform's own lists; each is a count of its own.
_ACTION_TYPES = (
    "lead", "purchase", "add_to_cart", "initiate_checkout", "complete_registration",
    "view_content", "link_click", "landing_page_view", "omni_purchase",
    "omni_initiated_checkout", "offsite_conversion.fb_pixel_lead",
    "offsite_conversion.fb_pixel_purchase", "offsite_conversion.fb_pixel_add_to_cart",
    "offsite_conversion.fb_pixel_initiate_checkout", "offsite_conversion.fb_pixel_view_content",
    "offsite_conversion.fb_pixel_custom", "onsite_conversion.lead_grouped",
    "onsite_conversion.purchase", "onsite_web_add_to_cart", "onsite_web_app_view_content",
    "onsite_web_initiate_checkout",
)  # fmt: skip


def _by_type(prefix: str) -> tuple[Count, ...]:
    return tuple(
        Count(
            f"{prefix}_{type_.replace('.', '_')}",
            f"nullif({total('value', where=condition)}, 0)",
        )
        for type_ in _ACTION_TYPES
        for condition in (f"{{action_type}} = '{type_}'",)
    )


_ACTION_NOTES = ("Never add action types: the same event appears under several of them.",)

meta_ads_api_ad = daily(
    name="meta_ads_api_ad",
    label="Meta Ads (API): ads by day",
    platform="meta_ads",
    level="ad",
    columns=(
        Column("date", ("date", "date_start")),
        Column("account_id", ("account_id",)),
        Column("currency", ("account_currency",)),
        Column("campaign_id", ("campaign_id",)),
        Column("campaign", ("campaign_name",)),
        Column("ad_group_id", ("adset_id", "ad_set_id")),
        Column("ad_group", ("adset_name",)),
        Column("ad_id", ("ad_id",)),
        Column("ad", ("ad_name",)),
        Column("impressions", ("impressions",)),
        Column("clicks", ("clicks",)),
        Column("link_clicks", ("inline_link_clicks",)),
        Column("spend", ("spend",)),
        Column("reach", ("reach",)),
        Column("frequency", ("frequency",)),
    ),
    required=(("label:ad_id",), ("label:inline_link_clicks",), ("label:spend",), ("date",)),
    without=("country", "region", "age", "gender"),
    restated=28,
    notes=(
        "Without a clicks column all clicks are unknown: inline_link_clicks are link clicks.",
        "The currency comes from the account, or is asked for.",
    ),
)
meta_ads_api_actions = counted(
    name="meta_ads_api_actions",
    label="Meta Ads (API): actions of ads",
    platform="meta_ads",
    required=("ad_id", "action_type", "value", "inline"),
    counts=(Count("action_rows", ROWS), *_by_type("actions")),
    notes=_ACTION_NOTES,
)
meta_ads_api_action_values = counted(
    name="meta_ads_api_action_values",
    label="Meta Ads (API): values of actions",
    platform="meta_ads",
    required=("ad_id", "action_type", "value"),
    without=("inline",),
    counts=(Count("action_value_rows", ROWS), *_by_type("action_values")),
    notes=_ACTION_NOTES,
)
meta_ads_api_split = tuple(
    counted(
        name=f"meta_ads_api_{split}",
        label=f"Meta Ads (API): by {split}",
        platform="meta_ads",
        required=("account_id", split, "inline_link_clicks", "spend"),
        counts=(Count(f"{split}_rows", ROWS),),
        notes=("A split of the same days: never added to the daily totals.",),
    )
    for split in ("country", "region")
)
meta_ads_api_split_actions = counted(
    name="meta_ads_api_split_actions",
    label="Meta Ads (API): actions by country or region",
    platform="meta_ads",
    required=("account_id", "action_type", "value", "date"),
    without=("ad_id",),
    counts=(Count("split_action_rows", ROWS),),
    notes=_ACTION_NOTES,
)

_ID = Column("entity_id", ("id",))
_NAME = Column("entity_name", ("name",))
_ACCOUNT = Column("account_id", ("account_id",))
_MODIFIED = Column("modified_at", ("updated_time", "_fivetran_synced"))

meta_ads_api_accounts = history(
    name="meta_ads_api_accounts",
    label="Meta Ads (API): accounts",
    platform="meta_ads",
    kind="account",
    columns=(
        _ID,
        _NAME,
        Column("currency", ("currency",)),
        Column("time_zone", ("timezone_name",)),
        _MODIFIED,
    ),
    required=("id", "name", "_fivetran_synced"),
    exactly=True,  # an id and a name alone could be anything
)
meta_ads_api_campaigns = history(
    name="meta_ads_api_campaigns",
    label="Meta Ads (API): campaigns",
    platform="meta_ads",
    kind="campaign",
    columns=(_ID, _NAME, _ACCOUNT, _MODIFIED),
    required=("id", "account_id", "name", "updated_time"),
    without=("campaign_id", "ad_set_id", "adset_id"),
)
meta_ads_api_ad_sets = history(
    name="meta_ads_api_ad_sets",
    label="Meta Ads (API): ad sets",
    platform="meta_ads",
    kind="ad_group",
    columns=(_ID, _NAME, _ACCOUNT, Column("parent_id", ("campaign_id",)), _MODIFIED),
    required=("id", "account_id", "campaign_id", "name", "updated_time"),
    without=("ad_set_id", "adset_id"),
)
meta_ads_api_ads = history(
    name="meta_ads_api_ads",
    label="Meta Ads (API): ads",
    platform="meta_ads",
    kind="ad",
    columns=(_ID, _NAME, _ACCOUNT, Column("parent_id", ("ad_set_id", "adset_id")), _MODIFIED),
    required=("id", "account_id", "ad_set_id", "name", "updated_time"),
)
meta_ads_api_creatives = counted(
    name="meta_ads_api_creatives",
    label="Meta Ads (API): creatives",
    platform="meta_ads",
    required=("page_link", "account_id", "object_story_link_data_link", "url_tags_string"),
    counts=(Count("creative_rows", ROWS),),
)
