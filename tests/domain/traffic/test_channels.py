"""The channel of a visit: Google's published rules word by word, and ours before them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.domain.traffic.channels import (
    ASSISTANTS,
    NAMES,
    NATIONAL_SHOPS,
    PAID_CHANNELS,
    REVIEWS,
    SEARCH,
    SHOPPING,
    SOCIAL,
    VIDEO,
    channel,
)

# Source, medium, campaign; the channel by Google's rules, and ours where it is another.
CASES = [
    ("(direct)", "(none)", "", "Direct", ""),
    ("(direct)", "(not set)", "", "Direct", ""),
    ("(direct)", "email", "", "Email", ""),
    ("google", "cpc", "x cross-network y", "Cross-network", ""),
    ("amazon.fr", "cpc", "", "Paid Shopping", ""),
    ("partner", "ppc", "eshop-2026", "Paid Shopping", ""),
    ("google", "cpc", "workshop", "Paid Search", ""),  # “shop” after a letter other than e
    ("google", "cpc", "shopping", "Paid Shopping", ""),
    ("www.google.co.uk", "cpc", "", "Paid Search", ""),
    ("bing", "paidsearch", "", "Paid Search", ""),
    ("facebook", "paid_social", "", "Paid Social", ""),
    ("linkedin", "cpm", "", "Paid Social", ""),  # the site decides: elsewhere it is Display
    ("newspaper", "cpm", "", "Display", ""),
    ("youtube", "video-paid", "", "Organic Video", ""),  # “paid” counts only at the beginning
    ("youtube", "paid-video", "", "Paid Video", ""),
    ("newspaper", "banner", "", "Display", ""),
    ("newspaper", "interstitial", "", "Display", ""),
    ("newspaper", "retargeting", "", "Paid Other", ""),
    ("newspaper", "remarketing", "", "Unassigned", ""),
    ("newspaper", "mcp", "", "Paid Other", ""),  # anything with “cp”
    ("etsy", "referral", "", "Organic Shopping", ""),
    ("t.co", "referral", "", "Organic Social", ""),
    ("newspaper", "social-network", "", "Organic Social", ""),
    ("vimeo.com", "referral", "", "Organic Video", ""),
    ("newspaper", "webvideo", "", "Organic Video", ""),
    ("duckduckgo.com", "referral", "", "Organic Search", ""),
    ("newspaper", "organic", "", "Organic Search", ""),
    ("newspaper", "link", "", "Referral", ""),
    ("e_mail", "weekly", "", "Email", ""),
    ("crm", "e mail", "", "Email", ""),
    ("partner", "affiliate", "", "Affiliates", ""),
    ("spotify", "audio", "", "Audio", ""),
    ("sms", "weekly", "", "SMS", ""),
    ("app", "webpush", "", "Mobile Push Notifications", ""),
    ("app", "mobile-banner", "", "Mobile Push Notifications", ""),
    ("firebase", "other", "", "Mobile Push Notifications", ""),
    ("newspaper", "advertorial", "", "Unassigned", ""),
    ("chatgpt.com", "referral", "", "Referral", "AI Assistant"),
    ("claude.ai", "(not set)", "", "Unassigned", "AI Assistant"),
    ("perplexity", "cpc", "", "Paid Other", "Paid Other"),
    ("salon", "qr", "", "Unassigned", "Offline"),
    ("catalogue", "print", "", "Unassigned", "Offline"),
    ("neighbour", "word-of-mouth", "", "Unassigned", "Word of Mouth"),
    ("www.trustpilot.com", "referral", "", "Referral", "Reviews"),
    ("magazine", "reviews", "", "Unassigned", "Reviews"),
    ("capterra", "cpc", "", "Paid Other", ""),
    ("crm", "newsletter", "", "Unassigned", "Email"),
    ("instagram", "influence", "", "Organic Social", "Influencers"),
    ("blog.example", "creator", "", "Unassigned", "Influencers"),
    ("instagram", "affiliate", "", "Organic Social", "Affiliates"),
    ("cdiscount.com", "cpc", "", "Paid Other", "Paid Shopping"),
    ("leboncoin.fr", "referral", "", "Referral", "Organic Shopping"),
    ("cdiscount", "affiliate", "", "Affiliates", ""),
]
SITES = [*SEARCH, *SOCIAL, *VIDEO, *SHOPPING, *NATIONAL_SHOPS, *ASSISTANTS, *REVIEWS]
sources = st.sampled_from([*SITES, "(direct)", "newspaper.example", "sms", "email", "firebase", ""])
words = st.from_regex(re.compile(r"[a-z_ -]{0,12}"), fullmatch=True)
mediums = words | st.sampled_from([case[1] for case in CASES])
campaigns = words | st.sampled_from(["cross-network", "eshop", "shopping"])


@pytest.mark.parametrize(("source", "medium", "campaign", "google", "ours"), CASES)
def test_each_rule(source: str, medium: str, campaign: str, google: str, ours: str) -> None:
    assert channel(source, medium, campaign, profile="ga4_2025") == google
    assert channel(source, medium, campaign) == (ours or google)


def test_the_cases_show_every_rule_of_both_profiles() -> None:
    assert {case[3] for case in CASES} | {case[4] for case in CASES} - {""} >= set(NAMES)


@given(
    source=sources,
    medium=mediums,
    campaign=campaigns,
    profile=st.sampled_from(["ga4_2025", "regie"]),
)
def test_neither_case_nor_spaces_around_decide(
    source: str, medium: str, campaign: str, profile: str
) -> None:
    found = channel(source, medium, campaign, profile=profile)

    assert found in NAMES
    assert (
        channel(f" {source.upper()} ", medium.title(), campaign.upper(), profile=profile) == found
    )


@given(source=sources, medium=mediums, campaign=campaigns)
def test_ours_differs_from_google_s_only_where_it_says_so(
    source: str, medium: str, campaign: str
) -> None:
    google, ours = (
        channel(source, medium, campaign, profile="ga4_2025"),
        channel(source, medium, campaign),
    )
    assert ours == google or ours in {
        "AI Assistant", "Word of Mouth", "Offline", "Email", "Paid Shopping", "Organic Shopping",
        "Influencers", "Affiliates", "Reviews",
    }  # fmt: skip


@given(source=sources, medium=mediums, campaign=campaigns)
def test_a_paid_medium_is_never_filed_under_what_costs_nothing(
    source: str, medium: str, campaign: str
) -> None:
    if re.fullmatch(r"(.*cp.*|ppc|retargeting|paid.*)", medium.strip()):
        assert channel(source, medium, campaign) in PAID_CHANNELS


@given(site=st.sampled_from(SEARCH), part=st.sampled_from(["", "www.", "news."]))
def test_a_site_is_known_by_its_name_and_its_hosts_and_not_by_what_only_begins_like_it(
    site: str, part: str
) -> None:
    assert channel(f"{part}{site}.fr", "referral") == "Organic Search"
    assert channel(f"{part}{site}.co.uk", "referral") == "Organic Search"
    assert channel(f"{site}shop.example", "referral") == "Referral"
    assert channel(f"my{site}.example", "referral") == "Referral"
