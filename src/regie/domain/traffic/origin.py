"""Where one page view came from: its tags, else a click id, else the page that led to it."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from regie.domain.traffic.channels import ASSISTANTS, SEARCH, SOCIAL, Visit, channel
from regie.domain.traffic.tags import CLICK_IDS, Tags

DIRECT = ("(direct)", "(none)")


@dataclass(frozen=True)
class Origin:
    """Empty where the visitor was on the site already: the visit goes on."""

    channel: str = ""
    source: str = ""
    medium: str = ""
    campaign: str = ""


def origin(tags: Tags, referrer: str, hosts: Collection[str]) -> Origin:
    """``referrer`` is an address; ``hosts`` are the site's own, a way between them is none."""
    campaign = tags.get("campaign") or tags.get("id")  # the platforms write their own number there
    if tags.get("source") or tags.get("medium") or tags.get("campaign"):
        return _origin(tags.get("source") or "(not set)", tags.get("medium"), campaign)
    for name in tags.click_ids:
        source, medium = CLICK_IDS[name]
        if medium:
            return _origin(source, medium, campaign)
    host = host_of(referrer)
    if host and not is_own(host, hosts):
        return _origin(host, _medium_of(host), campaign)
    if host:
        return Origin()
    for name in tags.click_ids:
        # Written on posts and ads alike: where the way was hidden, at least the network is known.
        return _origin(CLICK_IDS[name][0], "social", campaign)
    return _origin(*DIRECT, campaign)


def _origin(source: str, medium: str, campaign: str) -> Origin:
    return Origin(channel(source, medium, campaign), source, medium, campaign)


def _medium_of(host: str) -> str:
    visit = Visit(host, "", "")
    if visit.is_from(ASSISTANTS):
        return "referral"
    if visit.is_from(SEARCH):
        return "organic"
    return "social" if visit.is_from(SOCIAL) else "referral"


def host_of(address: str) -> str:
    """The host that an address names, without a leading www."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host.lower().removeprefix("www.")


def sent_host(host: str) -> str:
    """A host as browsers send it: a name with accents by the code of its letters.

    >>> sent_host("café.example")
    'xn--caf-dma.example'
    """
    labels = unicodedata.normalize("NFKC", host.lower()).split(".")
    coded = ("xn--" + one.encode("punycode").decode() for one in labels)
    return ".".join(one if one.isascii() else code for one, code in zip(labels, coded, strict=True))


def is_own(host: str, hosts: Collection[str]) -> bool:
    return any(host == one or host.endswith("." + one) for one in hosts)
