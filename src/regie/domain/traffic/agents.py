"""What a browser says of itself: its kind of device, its system, and whether it is one at all.

Words of our own over the tokens that vendors document; a device nobody knows is a desktop.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# Programs name themselves by one of these; what a person browses with never does.
_PROGRAM = re.compile(
    r"bot\b|bots\b|bot/|[a-z]bot|crawl|spider|slurp|scrap|archiver|fetch|preview|monitor|uptime"
    r"|pingdom|lighthouse|headless|phantomjs|puppeteer|playwright|selenium|curl|wget|httpie"
    r"|python|java/|okhttp|go-http|libwww|axios|node|ruby|perl|scan|checker|validator"
    r"|facebookexternalhit|meta-external|whatsapp|telegram|skypeuri|slack|discord|embedly"
    r"|bingpreview|google-|googleother|gptbot|chatgpt|oai-|claude|anthropic|perplexity|ccbot"
    r"|bytespider|semrush|ahrefs|mj12|dataforseo|feed|rss",
    re.IGNORECASE,
)
# What people browse with that carries one of these words: a brand of phones, windows in an app.
_PERSON = re.compile(r"cubot|telegram-(?:android|ios)|slack_ssb", re.IGNORECASE)
_TABLET = re.compile(r"ipad|tablet|playbook|silk|kindle|android(?!.*mobile)", re.IGNORECASE)
_PHONE = re.compile(r"iphone|ipod|mobile|phone", re.IGNORECASE)
_TELEVISION = re.compile(r"smart-?tv|appletv|googletv|hbbtv|bravia|roku|tizen.*tv|web0s", re.I)
_SYSTEMS = (
    ("ios", re.compile(r"iphone|ipad|ipod", re.IGNORECASE)),
    ("android", re.compile(r"android", re.IGNORECASE)),
    ("windows", re.compile(r"windows", re.IGNORECASE)),
    ("macos", re.compile(r"mac os x|macintosh", re.IGNORECASE)),
    ("linux", re.compile(r"linux|x11|cros", re.IGNORECASE)),
)
DEVICES = ("phone", "tablet", "desktop", "television")
SYSTEMS = tuple(name for name, _words in _SYSTEMS)


@dataclass(frozen=True)
class Agent:
    """``device`` is one of ``DEVICES``; ``system`` one of ``SYSTEMS``, or empty."""

    device: str
    system: str
    is_program: bool


@lru_cache(maxsize=8192)
def agent(text: str) -> Agent:
    """What ``text``, a User-Agent header, says. Without one it is a program."""
    said = _PERSON.sub("", text)
    system = next((name for name, words in _SYSTEMS if words.search(said)), "")
    return Agent(_device(said), system, not text or _PROGRAM.search(said) is not None)


def _device(text: str) -> str:
    if _TELEVISION.search(text):
        return "television"
    if _TABLET.search(text):
        return "tablet"
    return "phone" if _PHONE.search(text) else "desktop"
