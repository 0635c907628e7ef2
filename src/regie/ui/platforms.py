"""Names and colours of platforms: one platform keeps one colour everywhere in the product.

Names are brands, so they are not translated. More platforms than colours share by family.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext


@dataclass(frozen=True)
class Platform:
    name: str
    colour: str


PLATFORMS: dict[str, Platform] = {
    "google_ads": Platform("Google Ads", "c3"),
    "meta_ads": Platform("Meta Ads", "c6"),
    "linkedin_ads": Platform("LinkedIn Ads", "c1"),
    "tiktok_ads": Platform("TikTok Ads", "c4"),
    "amazon_ads": Platform("Amazon Ads", "c2"),
    "microsoft_ads": Platform("Microsoft Advertising", "c7"),
    "x_ads": Platform("X Ads", "c8"),
    "apple_search_ads": Platform("Apple Search Ads", "c8"),
    "snapchat_ads": Platform("Snapchat Ads", "c5"),
    "pinterest_ads": Platform("Pinterest Ads", "c4"),
    "reddit_ads": Platform("Reddit Ads", "c2"),
    "ga4": Platform("Google Analytics 4", "c2"),
    "matomo": Platform("Matomo", "c7"),
    "google_business_profile": Platform("Google Business Profile", "c3"),
    "linkedin_pages": Platform("LinkedIn Pages", "c1"),
    "linkedin": Platform("LinkedIn", "c1"),
    "linkedin_archive": Platform("LinkedIn (your own archive)", "c1"),
    "facebook_pages": Platform("Facebook Pages", "c6"),
    "instagram": Platform("Instagram", "c4"),
    "youtube": Platform("YouTube", "c5"),
    "shopify": Platform("Shopify", "c7"),
    "woocommerce": Platform("WooCommerce", "c6"),
    "stripe": Platform("Stripe", "c6"),
    "hubspot": Platform("HubSpot", "c2"),
    "salesforce": Platform("Salesforce", "c3"),
}


def platform(slug: str) -> Platform:
    if slug == "regie":
        return Platform(gettext("Our own measurement"), "c1")
    if slug == "own":
        return Platform(gettext("Your own files"), "c8")
    return PLATFORMS.get(slug) or Platform(slug.replace("_", " ").capitalize(), "c8")
