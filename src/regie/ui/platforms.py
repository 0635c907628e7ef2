"""Names and colours of platforms: one platform keeps one colour everywhere in the product.

Names are brands, so they are not translated. More platforms than colours share by family.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext

from regie.domain.platforms import NAMES, name_of


@dataclass(frozen=True)
class Platform:
    name: str
    colour: str


_COLOURS = {
    "google_ads": "c3",
    "meta_ads": "c6",
    "linkedin_ads": "c1",
    "tiktok_ads": "c4",
    "amazon_ads": "c2",
    "microsoft_ads": "c7",
    "x_ads": "c8",
    "apple_search_ads": "c8",
    "snapchat_ads": "c5",
    "pinterest_ads": "c4",
    "reddit_ads": "c2",
    "ga4": "c2",
    "matomo": "c7",
    "google_business_profile": "c3",
    "linkedin_pages": "c1",
    "linkedin": "c1",
    "linkedin_archive": "c1",
    "facebook_pages": "c6",
    "instagram": "c4",
    "youtube": "c5",
    "shopify": "c7",
    "woocommerce": "c6",
    "stripe": "c6",
    "hubspot": "c2",
    "salesforce": "c3",
}
PLATFORMS: dict[str, Platform] = {
    slug: Platform(name, _COLOURS[slug]) for slug, name in NAMES.items()
}


class Card(Protocol):
    """What ``account_name`` asks of an account."""

    @property
    def platform(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def label(self) -> str: ...


def platform(slug: str) -> Platform:
    if slug == "regie":
        return Platform(gettext("Our own measurement"), "c1")
    if slug == "own":
        return Platform(gettext("Your own files"), "c8")
    if slug == "creators":
        return Platform(gettext("Creators"), "c5")
    if slug == "other":
        return Platform(gettext("Other media"), "c8")
    return PLATFORMS.get(slug) or Platform(name_of(slug), "c8")


def account_name(card: Card) -> str:
    """What an account is called on a page, also where neither files nor people name it."""
    if card.platform == "regie" and card.label in ("links", "codes"):
        return gettext("Tracked links") if card.label == "links" else gettext("Promo codes")
    if card.label == name_of(card.platform):
        return platform(card.platform).name
    return f"{platform(card.platform).name} {card.label}" if _is_bare(card) else card.label


class Numbered(Card, Protocol):
    """An account with its number."""

    @property
    def key(self) -> int: ...


def names_apart(cards: Iterable[Numbered]) -> dict[int, str]:
    """What each account is called, by its number; several of one name have their number in it."""
    found = {card.key: account_name(card) for card in cards}
    often = Counter(found.values())
    return {key: f"{name} ({key})" if often[name] > 1 else name for key, name in found.items()}


def _is_bare(card: Card) -> bool:
    """A site's number alone would say nothing; that of an advertising account is known."""
    return card.kind == "source" and card.label.isdecimal()
