"""The words that every format translates its own columns into, and what each one holds.

A format says "its *Coût* is our ``spend``"; what happens to ``spend`` afterwards is the same
for all formats. Kinds: ``date``, ``timestamp``, ``text``, ``id`` (text that must not be a
damaged number), ``count`` (whole), ``amount``, ``money`` (both exact decimals), ``share`` (a
ratio: percent or fraction), ``flag``, ``sale`` (order or refund), ``earned`` (follow, like …).
"""

from __future__ import annotations

from types import MappingProxyType

from regie.domain.facts import EARNED_KINDS

TEXT_KINDS = frozenset({"text", "id", "sale", "earned"})
NUMBER_KINDS = frozenset({"count", "amount", "money", "micros", "minor", "share"})

_WORDS = {
    "date": "date period_start period_end",
    "timestamp": "ordered_at received_at started_at modified_at",
    "text": (
        "account_name currency time_zone campaign ad_group ad keyword search_term ad_network "
        "device location location_name channel source medium landing_page conversion_name "
        "attribution category status promo_code customer form outcome rate_source "
        "entity_name to_currency source_medium network"
    ),
    "id": (
        "account_id campaign_id ad_group_id ad_id keyword_id order_id lead_id call_id "
        "entity_id parent_id from_currency"
    ),
    "count": (
        "impressions clicks link_clicks video_views engagements leads directions website_clicks "
        "call_clicks visits engaged_visits single_page_visits completed key_events duration_s "
        "wait_s unique_visitors reach earned followers_sponsored " + " ".join(EARNED_KINDS)
    ),
    "amount": "conversions rate frequency",
    "money": "spend conversion_value revenue",
    "share": "impression_share bounce_share",
    "flag": "new_customer",
    "sale": "order_kind",
    "earned": "earned_kind",
}
KINDS = MappingProxyType({word: kind for kind, words in _WORDS.items() for word in words.split()})

# What can be summed, by the table it goes to.
PERFORMANCE_MEASURES = (
    "impressions", "clicks", "link_clicks", "video_views", "engagements", "leads",
    "directions", "website_clicks", "call_clicks", "spend",
)  # fmt: skip
CONVERSION_MEASURES = ("conversions", "conversion_value")
VISIT_MEASURES = ("visits", "engaged_visits", "single_page_visits", "completed", "key_events")
NONADDITIVE_MEASURES = ("reach", "frequency", "impression_share", "unique_visitors")
# Followers whom ads on the platform won are new followers too.
EARNED_MEASURES = (*EARNED_KINDS, "followers_sponsored")
ADDITIVE = (
    *PERFORMANCE_MEASURES, *CONVERSION_MEASURES, *VISIT_MEASURES, *EARNED_MEASURES, "earned",
)  # fmt: skip

# Figures that every line of a table has which has their column.
ALWAYS_THERE = frozenset({"spend", "impressions", "clicks", "visits", "revenue", "rate"})
