"""Paid, earned or owned: ads by their platform, visits and sales by their channel."""

from __future__ import annotations

from regie.domain.facts import EARNED, EARNED_KINDS, ENTITIES, PERIOD_FIGURES, VISITS

PAID = [
    "google_ads",
    "meta_ads",
    "linkedin_ads",
    "tiktok_ads",
    "amazon_ads",
    "microsoft_ads",
    "x_ads",
    "apple_search_ads",
    "snapchat_ads",
    "pinterest_ads",
    "reddit_ads",
    "creators",
]
_PAID_CHANNELS = (
    "cross-network", "display", "affiliates", "audio", "influencers",
)  # fmt: skip
_EARNED_CHANNELS = (
    "organic search", "organic shopping", "referral", "ai assistant", "word of mouth", "reviews",
)  # fmt: skip


def media_of(fact: str, *, platforms: str = "a.media") -> str:
    """An expression over rows ``f``; ``platforms`` is what accounts of ads are."""
    if fact in {"performance", "conversions", "nonadditive", ENTITIES.name}:
        return platforms
    if fact == EARNED.name:  # what ads won was paid for
        return f"CASE WHEN f.is_paid OR {platforms} = 'paid' THEN 'paid' ELSE 'earned' END"
    return _of_periods(platforms) if fact == PERIOD_FIGURES.name else _by_channel()


def _of_periods(platforms: str) -> str:
    """Figures of whole periods are those of any fact; of visits only a channel says more."""
    earned = ", ".join(f"'{name}'" for name in EARNED_KINDS)
    visits = ", ".join(f"'{one.name}'" for one in VISITS.measures)
    return (
        f"CASE WHEN f.metric IN ({earned}) AND {platforms} <> 'paid' THEN 'earned' "
        f"WHEN f.channel IS NOT NULL OR f.metric IN ({visits}) THEN {_by_channel()} "
        f"ELSE {platforms} END"
    )


def _by_channel() -> str:
    paid = ", ".join(f"'{channel}'" for channel in _PAID_CHANNELS)
    earned = ", ".join(f"'{channel}'" for channel in _EARNED_CHANNELS)
    return (
        "CASE WHEN f.channel IS NULL THEN NULL WHEN lower(f.channel) LIKE 'paid%' "
        f"OR list_contains([{paid}], lower(f.channel)) THEN 'paid' "
        f"WHEN list_contains([{earned}], lower(f.channel)) "
        "THEN 'earned' ELSE 'owned' END"
    )
