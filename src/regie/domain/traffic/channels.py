"""The channel of a visit: Google's default channel groups, and our own that go a little further.

``ga4_2025`` is Google's published order, first match wins, not a word changed; ``regie`` asks
first what Google does not know: assistants, creators, newsletters, print, calls, word of mouth.
Rules and sites are facts read from Google's help pages in 2025 (support.google.com/analytics,
“Default channel group” and its list of source categories), written down in our own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from regie.kernel.i18n import _

SEARCH = (
    "google", "bing", "yahoo", "duckduckgo", "ecosia", "qwant", "baidu", "yandex", "ask", "aol",
    "brave", "startpage", "lilo", "naver", "seznam", "sogou", "daum", "mojeek",
)  # fmt: skip
SOCIAL = (
    "facebook", "fb", "instagram", "ig", "linkedin", "lnkd.in", "twitter", "x.com", "x", "t.co",
    "pinterest", "reddit", "snapchat", "threads", "tiktok", "tumblr", "whatsapp", "messenger",
    "mastodon", "bsky.app", "bluesky", "quora", "viadeo", "xing", "vk", "weibo", "discord",
    "telegram", "meetup", "nextdoor",
)  # fmt: skip
VIDEO = ("youtube", "youtu.be", "vimeo", "dailymotion", "twitch", "netflix", "hulu", "wistia")
SHOPPING = (
    "amazon", "ebay", "etsy", "aliexpress", "alibaba", "shopping.google", "walmart", "shopzilla",
    "mercadolibre", "shopify",
)  # fmt: skip
NATIONAL_SHOPS = (
    "cdiscount", "fnac", "darty", "rakuten", "leboncoin", "vinted", "manomano", "laredoute",
    "backmarket", "zalando", "boulanger", "veepee",
)  # fmt: skip
ASSISTANTS = (
    "chatgpt", "openai", "perplexity", "claude.ai", "gemini.google", "copilot", "mistral",
    "chat.mistral", "you.com", "deepseek", "grok", "meta.ai", "phind",
)  # fmt: skip
# Where people read what others say of somebody, as its pages say.
REVIEWS = (
    "trustpilot", "avis-verifies", "tripadvisor", "yelp", "capterra", "g2", "getapp", "appvizer",
    "custplace", "opinionsystem", "avis-garantis", "feefo", "reviews.io", "glassdoor", "thefork",
)  # fmt: skip
NAMES = (
    _("Direct"), _("Cross-network"), _("Paid Shopping"), _("Paid Search"), _("Paid Social"),
    _("Paid Video"), _("Display"), _("Paid Other"), _("Organic Shopping"), _("Organic Social"),
    _("Organic Video"), _("Organic Search"), _("Referral"), _("Email"), _("Affiliates"),
    _("Audio"), _("SMS"), _("Mobile Push Notifications"), _("Unassigned"), _("AI Assistant"),
    _("Influencers"), _("Offline"), _("Word of Mouth"), _("Reviews"),
)  # fmt: skip
PAID_CHANNELS = frozenset(
    {"Cross-network", "Paid Shopping", "Paid Search", "Paid Social", "Paid Video", "Display",
     "Paid Other", "Affiliates", "Audio", "Influencers"}
)  # fmt: skip
# The channel that advertising bought on a platform comes through, by its usual formats.
CHANNEL_OF_PLATFORM = {
    "google_ads": "Paid Search", "microsoft_ads": "Paid Search", "apple_search_ads": "Paid Search",
    "meta_ads": "Paid Social", "linkedin_ads": "Paid Social", "tiktok_ads": "Paid Social",
    "snapchat_ads": "Paid Social", "pinterest_ads": "Paid Social", "reddit_ads": "Paid Social",
    "x_ads": "Paid Social", "amazon_ads": "Paid Shopping", "creators": "Influencers",
}  # fmt: skip
_PAID = re.compile(r"^(.*cp.*|ppc|retargeting|paid.*)$")
_SHOP = re.compile(r"^(.*(([^a-df-z]|^)shop|shopping).*)$")
_VIDEO = re.compile(r"^(.*video.*)$")
_DISPLAY = ("display", "banner", "expandable", "interstitial", "cpm")
_SOCIAL = ("social", "social-network", "social-media", "sm", "social network", "social media")
_EMAIL = ("email", "e-mail", "e_mail", "e mail")
# Of a post that a creator was paid or given something for; “affiliate” is a commission.
_INFLUENCE = ("influence", "influencer", "influencers", "influencer-marketing",
              "influencer_marketing", "influenceur", "influenceurs", "influenceuse", "creator",
              "creators", "createur", "createurs", "créateur", "créateurs")  # fmt: skip
_OFFLINE = ("print", "qr", "flyer", "poster", "coupon", "voucher", "call", "phone", "radio",
            "tv", "event", "shop", "offline")  # fmt: skip


@dataclass(frozen=True)
class Visit:
    """What a rule looks at, in lower case."""

    source: str
    medium: str
    campaign: str

    def is_from(self, *sites: tuple[str, ...]) -> bool:
        return any(_is_site(self.source, site) for group in sites for site in group)

    @property
    def is_paid(self) -> bool:
        return _PAID.match(self.medium) is not None

    @property
    def is_shop(self) -> bool:
        return self.is_from(SHOPPING) or _SHOP.match(self.campaign) is not None


def _is_site(source: str, site: str) -> bool:
    """Whether ``source`` is that site, by its name or as a host: google is in www.google.fr."""
    if "." in site:
        return source == site or source.endswith("." + site) or source.startswith(site + ".")
    if source == site:
        return True
    labels = source.split(".")
    own = 3 if labels[-2:-1] in (["co"], ["com"]) else 2  # www.google.co.uk, www.google.fr
    return len(labels) >= own and labels[-own] == site


Rule = tuple[str, Callable[[Visit], bool]]
GA4_2025: tuple[Rule, ...] = (
    ("Direct", lambda v: v.source == "(direct)" and v.medium in ("(not set)", "(none)")),
    ("Cross-network", lambda v: "cross-network" in v.campaign),
    ("Paid Shopping", lambda v: v.is_shop and v.is_paid),
    ("Paid Search", lambda v: v.is_from(SEARCH) and v.is_paid),
    ("Paid Social", lambda v: v.is_from(SOCIAL) and v.is_paid),
    ("Paid Video", lambda v: v.is_from(VIDEO) and v.is_paid),
    ("Display", lambda v: v.medium in _DISPLAY),
    ("Paid Other", lambda v: v.is_paid),
    ("Organic Shopping", lambda v: v.is_shop),
    ("Organic Social", lambda v: v.is_from(SOCIAL) or v.medium in _SOCIAL),
    ("Organic Video", lambda v: v.is_from(VIDEO) or _VIDEO.match(v.medium) is not None),
    ("Organic Search", lambda v: v.is_from(SEARCH) or v.medium == "organic"),
    ("Referral", lambda v: v.medium in ("referral", "app", "link")),
    ("Email", lambda v: v.source in _EMAIL or v.medium in _EMAIL),
    ("Affiliates", lambda v: v.medium == "affiliate"),
    ("Audio", lambda v: v.medium == "audio"),
    ("SMS", lambda v: "sms" in (v.source, v.medium)),
    ("Mobile Push Notifications", lambda v: _is_push(v)),
)
REGIE: tuple[Rule, ...] = (
    GA4_2025[0],
    ("AI Assistant", lambda v: v.is_from(ASSISTANTS) and not v.is_paid),
    ("Influencers", lambda v: v.medium in _INFLUENCE),
    # On whatever network: a commission is owed for it, which no post of our own costs.
    ("Affiliates", lambda v: v.medium in ("affiliate", "affiliates", "affiliation")),
    (
        "Reviews",
        lambda v: (
            v.medium in ("review", "reviews", "avis") or (v.is_from(REVIEWS) and not v.is_paid)
        ),
    ),
    ("Word of Mouth", lambda v: v.medium in ("word of mouth", "word-of-mouth", "referral-program")),
    ("Offline", lambda v: v.medium in _OFFLINE),
    ("Email", lambda v: v.medium in ("newsletter", "mail", "mailing", "emailing", "e-mailing")),
    ("Paid Shopping", lambda v: v.is_from(NATIONAL_SHOPS) and v.is_paid),
    ("Organic Shopping", lambda v: v.is_from(NATIONAL_SHOPS)),
    *GA4_2025[1:],
)
PROFILES = {"ga4_2025": GA4_2025, "regie": REGIE}


def _is_push(visit: Visit) -> bool:
    medium = visit.medium
    return (
        medium.endswith("push")
        or "mobile" in medium
        or "notification" in medium
        or visit.source == "firebase"
    )


@lru_cache(maxsize=8192)
def channel(source: str, medium: str, campaign: str = "", *, profile: str = "regie") -> str:
    """The name of the first rule of ``profile`` that fits; case does not matter.

    >>> channel("facebook", "paid_social")
    'Paid Social'
    """
    visit = Visit(source.strip().lower(), medium.strip().lower(), campaign.strip().lower())
    if not visit.source and not visit.medium:
        return "Direct"
    return next((name for name, fits in PROFILES[profile] if fits(visit)), "Unassigned")
