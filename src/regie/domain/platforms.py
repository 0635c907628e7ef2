"""Names of platforms by the word that facts and formats know them by: brands, never translated."""

from __future__ import annotations

from regie.kernel.i18n import _

NAMES = {
    "google_ads": "Google Ads",
    "meta_ads": "Meta Ads",
    "linkedin_ads": "LinkedIn Ads",
    "tiktok_ads": "TikTok Ads",
    "amazon_ads": "Amazon Ads",
    "microsoft_ads": "Microsoft Advertising",
    "x_ads": "X Ads",
    "apple_search_ads": "Apple Search Ads",
    "snapchat_ads": "Snapchat Ads",
    "pinterest_ads": "Pinterest Ads",
    "reddit_ads": "Reddit Ads",
    "ga4": "Google Analytics 4",
    "matomo": "Matomo",
    "google_business_profile": "Google Business Profile",
    "linkedin_pages": "LinkedIn Pages",
    "linkedin": "LinkedIn",
    "linkedin_archive": "LinkedIn (archive)",
    "facebook_pages": "Facebook Pages",
    "instagram": "Instagram",
    "youtube": "YouTube",
    "shopify": "Shopify",
    "woocommerce": "WooCommerce",
    "stripe": "Stripe",
    "hubspot": "HubSpot",
    "salesforce": "Salesforce",
}


# Where figures stand of files that say no account, as the report calls it.
UNNAMED = _("Account that its files don’t name")


def name_of(platform: str) -> str:
    """One that is not in the list yet is written like a name: ``some_shop`` as ``Some shop``.

    Who names a newspaper has written its name already.
    """
    is_name = not platform.islower()
    return NAMES.get(platform) or (platform if is_name else platform.replace("_", " ").capitalize())
