"""The tags in an address that say where a visit comes from, read as they were written.

Names of parameters are those that their vendors document (Google Analytics, Matomo, HubSpot and
the click ids of the platforms; read in 2026). Click ids keep their case: Meta's differ by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote_plus, urlsplit

UTM = (
    "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id",
    "utm_source_platform", "utm_creative_format", "utm_marketing_tactic",
)  # fmt: skip
# The same under other vendors' names.
_SAME = {
    f"{prefix}{name}": f"utm_{to}"
    for prefix in ("mtm_", "pk_", "matomo_")
    for name, to in (
        ("source", "source"), ("medium", "medium"), ("campaign", "campaign"), ("kwd", "term"),
        ("keyword", "term"), ("content", "content"), ("cid", "id"),
    )
} | {"hsa_src": "utm_source", "hsa_cam": "utm_id", "hsa_kw": "utm_term"}  # fmt: skip

# Who writes which click id, with the source and medium that it stands for where no tag says so.
CLICK_IDS: dict[str, tuple[str, str]] = {
    "gclid": ("google", "cpc"), "gbraid": ("google", "cpc"), "wbraid": ("google", "cpc"),
    "dclid": ("google", "cpm"), "gclsrc": ("google", "cpc"), "gad_source": ("google", "cpc"),
    "srsltid": ("google", "organic"), "msclkid": ("bing", "cpc"), "fbclid": ("facebook", ""),
    "ttclid": ("tiktok", "paid"), "li_fat_id": ("linkedin", "paid"), "twclid": ("x", "paid"),
    "epik": ("pinterest", ""), "ScCid": ("snapchat", "paid"), "rdt_cid": ("reddit", "paid"),
    "irclickid": ("impact", "affiliate"), "awclid": ("awin", "affiliate"),
    "yclid": ("yandex", "cpc"),
}  # fmt: skip
_CLICK_IDS = {name.lower(): name for name in CLICK_IDS}
LINK = "rg"  # our own: the code of the tracked link that was followed
LONGEST_VALUE = 400


@dataclass(frozen=True)
class Tags:
    """What an address says. ``click_ids`` are exactly as they came."""

    utm: Mapping[str, str] = field(default_factory=dict)
    click_ids: Mapping[str, str] = field(default_factory=dict)
    link: str = ""

    @property
    def are_empty(self) -> bool:
        return not self.utm and not self.click_ids and not self.link

    def get(self, name: str) -> str:
        return self.utm.get(f"utm_{name}", "")


def read_tags(query: str) -> Tags:
    """The tags of a query string, with or without its question mark; the first of a name holds."""
    utm: dict[str, str] = {}
    click_ids: dict[str, str] = {}
    link = ""
    for name, value in _pairs(query):
        text = value.strip()[:LONGEST_VALUE]
        known = name.lower()
        known = _SAME.get(known, known)
        if not text:
            continue
        if known in UTM:
            utm.setdefault(known, text)
        elif known in _CLICK_IDS:
            click_ids.setdefault(_CLICK_IDS[known], value[:LONGEST_VALUE])
        elif known == LINK:
            link = link or text
    return Tags(utm, click_ids, link)


def _pairs(query: str) -> Sequence[tuple[str, str]]:
    # A hand-written address may hold a broken escape: it is read, not refused.
    return parse_qsl(query.lstrip("?"), keep_blank_values=False, errors="replace")


def carry_over(destination: str, query: str) -> str:
    """``destination`` with the parameters of ``query`` that it does not have yet, as they came.

    What the destination says stays; the rest is added before its fragment, not decoded and not
    written again, so that a click id arrives as the platform wrote it.
    """
    if not query:
        return destination
    base, hash_, fragment = destination.partition("#")
    there = {_name(pair) for pair in urlsplit(base).query.split("&")}
    added = [pair for pair in query.split("&") if pair and _name(pair) not in there]
    if not added:
        return destination
    joint = "" if base.endswith(("?", "&")) else "&" if "?" in base else "?"
    return f"{base}{joint}{'&'.join(added)}{hash_}{fragment}"


def _name(pair: str) -> str:
    return unquote_plus(pair.partition("=")[0])
