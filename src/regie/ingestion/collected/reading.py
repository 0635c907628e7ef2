"""From what was received to what counts: one record becomes one event, judged and dated.

A visitor who did not consent is a key of one day on one site; nothing that he is called by
elsewhere is kept, and his orders are not joined to his visit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec

from regie.domain.traffic import consent, declared, spam
from regie.domain.traffic.agents import agent
from regie.domain.traffic.channels import channel
from regie.domain.traffic.choice import Choice, choice
from regie.domain.traffic.codes import fold
from regie.domain.traffic.origin import Origin, host_of, origin
from regie.domain.traffic.tags import Tags, read_tags
from regie.ingestion.collected.deriving import CONTINUED
from regie.ingestion.collected.journal import Record

NO_VISITOR = frozenset({"order", "refund", "call", "redemption", "shop_visit"})
# Where something happened, as servers may call it.
PLACES = {
    "shop": "shop", "store": "shop", "till": "shop", "boutique": "shop", "magasin": "shop",
    "caisse": "shop", "site": "site", "web": "site", "online": "site", "phone": "phone",
    "telephone": "phone", "téléphone": "phone",
}  # fmt: skip
OLDEST, LATEST = timedelta(days=400), timedelta(minutes=5)
# What a person may be called by, the surest first.
PERSONAL = ("login", "customer", "email_sha256", "phone_sha256", "loyalty_card")
_DIGEST = re.compile("[0-9a-fA-F]{64}")
_LARGEST = Decimal(10) ** 10


@dataclass(frozen=True)
class KnownSite:
    id: int
    organisation: int
    asset: int
    zone: str
    hosts: frozenset[str]
    may_join: bool


@dataclass(frozen=True)
class KnownLink:
    id: int
    organisation: int
    asset: int
    zone: str
    origin: Origin
    term: str
    content: str


@dataclass(frozen=True)
class KnownCode:
    id: int
    origin: Origin
    is_single_use: bool = False


@dataclass(frozen=True)
class Known:
    """What the tables say of what records name.

    ``codes`` by organisation and folded code; ``above`` are an organisation and those above it,
    from itself up, whose codes are taken there too.
    """

    sites: Mapping[int, KnownSite]
    links: Mapping[int, KnownLink]
    links_by_code: Mapping[str, KnownLink]
    codes: Mapping[tuple[int, str], KnownCode]
    above: Mapping[int, Sequence[int]]

    def code(self, organisation: int, typed: str) -> KnownCode | None:
        folded = fold(typed)
        found = (self.codes.get((one, folded)) for one in self.above.get(organisation, ()))
        return next((one for one in found if one is not None), None)

    def are_of_one_network(self, one: int, other: int) -> bool:
        """Whether two organisations have the same head. A link of the one may then be told of a
        visit to the other: whose each figure is, and who sees it, stays what it was."""
        return one == other or (
            one in self.above and other in self.above
            and self.above[one][-1] == self.above[other][-1]
        )  # fmt: skip


@dataclass
class Event:
    """A row of the fact ``events``, before identifiers have become keys."""

    row: dict[str, Any]
    organisation: int
    identifiers: list[tuple[str, str]] = field(default_factory=list)
    consent: dict[str, Any] | None = None
    redemption: dict[str, str] | None = None


class _Said(msgspec.Struct):
    url: str = ""
    referrer: str = ""
    at: str = ""
    consent: dict[str, Any] = {}
    p: dict[str, Any] = {}


_said = msgspec.json.Decoder(_Said).decode


def read_event(record: Record, known: Known) -> Event | None:
    """None for a record whose link or site is known no more."""
    if record.kind == "click":
        link = known.links.get(record.source)
        return _click(record, link) if link else None
    site = known.sites.get(record.source)
    return _of_site(record, site, known) if site else None


def _click(record: Record, link: KnownLink) -> Event:
    said, browser = read_tags(record.query), agent(record.agent)
    host = host_of(record.referrer)
    row = _row(record, link.organisation, link.asset, _time(record.at), link.zone) | {
        "kind": "click",
        "mode": consent.EXEMPT,
        "aside": spam.aside(record.flags, is_program=browser.is_program, host=host) or None,
        "visitor": f"d{record.day_visitor}",
        "link_id": link.id,
        **_traffic(link.origin),
        "term": link.term or said.get("term") or None,
        "content": link.content or said.get("content") or None,
        "referrer": host or None,
        "device": browser.device,
        "system": browser.system or None,
    }
    return Event(row, link.organisation)


def _of_site(record: Record, site: KnownSite, known: Known) -> Event:
    said = _said(record.sent)
    is_server = "s" in record.flags
    tags = read_tags(_query(said.url))
    allowed = choice(said.consent, signal="g" in record.flags)
    granted = allowed.mode
    mode = granted if site.may_join else consent.EXEMPT
    at = _own_time(said.at, record.at) if is_server else _time(record.at)
    event = Event(_row(record, site.organisation, site.asset, at, site.zone), site.organisation)
    event.row |= {"kind": record.kind, "mode": mode} | _place(record, said, site, tags, known)
    if mode == consent.CONSENTED:
        event.identifiers = _identifiers(record, said, tags)
    if not is_server:
        event.row["visitor"] = f"d{record.day_visitor}"
    _details(event, record, {**_of_call(record.kind, said.p), **said.p}, known)
    if record.kind == "consent":
        event.consent = _consent(said, site, allowed)
        # Who takes his yes back says by which name he gave it: it is told, and joined to nothing.
        event.consent["was"] = record.visitor if granted == consent.EXEMPT else ""
        event.row["status"] = CONTINUED if said.p.get("before") else None
    return event


def _row(record: Record, organisation: int, asset: int, at: datetime, zone: str) -> dict[str, Any]:
    return {
        "organisation_id": organisation,
        "asset_key": asset,
        "date": _day(at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0), zone),
        "event_id": record.id,
        "happened_at": at.replace(tzinfo=None),
        "country": record.country or None,
    }


def _place(
    record: Record, said: _Said, site: KnownSite, tags: Tags, known: Known
) -> dict[str, Any]:
    """Where the event took place, and what led there."""
    browser = agent(record.agent)
    is_server = "s" in record.flags
    host = host_of(said.referrer)
    link = known.links_by_code.get(fold(tags.link)) if tags.link else None
    if link is not None and not known.are_of_one_network(link.organisation, site.organisation):
        link = None
    came = link.origin if link else origin(tags, said.referrer, site.hosts or _own_host(said.url))
    found = {
        "aside": spam.aside(
            record.flags, is_program=not is_server and browser.is_program, host=host
        ) or None,
        "link_id": link.id if link else None,
        "term": tags.get("term") or None,
        "content": tags.get("content") or None,
        "page": _path(said.url) or None,
        "referrer": host or None,
        "device": None if is_server else browser.device,
        "system": browser.system or None,
    }  # fmt: skip
    if record.kind in ("page_view", "consent"):
        return found | _traffic(came)
    return found | _traffic(_said_origin(said.p)) if is_server else found


def _said_origin(p: Mapping[str, Any]) -> Origin:
    source, medium, campaign = (
        _text(p.get(name), 150) for name in ("source", "medium", "campaign")
    )
    named = _text(p.get("channel"), 80)
    if not named and (source or medium):
        named = channel(source, medium, campaign)
    return Origin(named, source, medium, campaign)


def _own_host(url: str) -> frozenset[str]:
    host = host_of(url)
    return frozenset({host}) if host else frozenset()


def _traffic(came: Origin) -> dict[str, str | None]:
    return {
        "channel": came.channel or None,
        "source": came.source or None,
        "medium": came.medium or None,
        "campaign": came.campaign or None,
    }


def _details(event: Event, record: Record, p: Mapping[str, Any], known: Known) -> None:
    """What belongs to an order, a lead, a call or a coupon."""
    row, kind = event.row, record.kind
    row["currency"] = _text(p.get("currency"), 3).upper() or None
    row["value"] = amount(p.get("value"))
    row["form"] = _text(p.get("form"), 100) or None
    row["location"] = _text(p.get("shop") or p.get("location"), 80) or None
    row["outcome"] = _text(p.get("outcome"), 40) or None
    row["status"] = _text(p.get("status"), 40) or None
    row["heard"] = declared.answer(_text(p.get("heard"), 200)) or None
    seconds = amount(p.get("duration_s"))
    row["duration_s"] = None if seconds is None else int(seconds)
    if kind in NO_VISITOR:
        # A call may be about an order, and so may another one.
        of = None if kind == "call" else p.get("order_id")
        row["ref"] = _text(p.get(f"{kind}_id") or of, 100) or record.id
        row["place"] = _where(kind, p)
        if kind == "refund" and p.get("refund_id"):
            # It has a number of its own: what it takes back is told beside it.
            row["outcome"] = _text(p.get("order_id"), 100) or None
    elif kind in ("lead", "lead_state"):
        row["ref"] = _text(p.get("lead_id"), 100) or record.id
    code = _text(p.get("code") or p.get("promo_code"), 100)
    if code:
        met = known.code(event.organisation, code)
        row["promo_code"] = code.strip()
        row["code_id"] = met.id if met else None
        if met and met.is_single_use and row["mode"] == consent.CONSENTED:
            # Given to one visitor and shown at one till: it joins the two.
            event.identifiers.append(("coupon", fold(code)))
        if met and not row.get("channel"):
            row |= _traffic(met.origin)
        if kind == "redemption":
            event.redemption = {"typed": code, "shop": row["location"] or "", "order_id":
                                _text(p.get("order_id"), 100)}  # fmt: skip


def _where(kind: str, p: Mapping[str, Any]) -> str | None:
    """Whoever comes into a shop is there; where an order was placed somebody has to say."""
    if kind == "shop_visit":
        return "shop"
    return PLACES.get(_text(p.get("place"), 20).strip().lower())


def _of_call(kind: str, p: Mapping[str, Any]) -> dict[str, Any]:
    """What telephone services call the same in the forms that they post (Twilio, 2026)."""
    if kind != "call":
        return {}
    same = {"CallSid": "call_id", "CallDuration": "duration_s", "CallStatus": "outcome",
            "duration": "duration_s"}  # fmt: skip
    return {name: p[theirs] for theirs, name in same.items() if p.get(theirs)}


def _identifiers(record: Record, said: _Said, tags: Tags) -> list[tuple[str, str]]:
    """Kinds and values, the person's first; click ids exactly as they came."""
    found = [(kind, _named(kind, _text(said.p.get(kind), 400))) for kind in PERSONAL]
    found.append(("device", record.visitor))
    found += list(tags.click_ids.items())
    return [(kind, value) for kind, value in found if value]


def _named(kind: str, text: str) -> str:
    """A digest as everybody writes it; an address that was sent in its place becomes one, and
    what is no digest is nobody's name."""
    if not kind.endswith("_sha256"):
        return text
    if _DIGEST.fullmatch(text):
        return text.lower()
    return sha256(text.lower().encode()).hexdigest() if "@" in text else ""


def _consent(said: _Said, site: KnownSite, allowed: Choice) -> dict[str, Any]:
    return {
        "site": site.id,
        "is_granted": allowed.mode == consent.CONSENTED,
        "purposes": list(allowed.purposes),
        "text": _text(said.consent.get("text"), 200),
    }


def amount(value: object) -> Decimal | None:
    """A number as it was sent, exactly; None for anything else, and for what no one can pay."""
    if isinstance(value, bool) or value is None or value == "":
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return round(number, 9) if number.is_finite() and abs(number) < _LARGEST else None


def _text(value: object, most: int) -> str:
    return "" if value is None else str(value).strip()[:most]


def _query(url: str) -> str:
    try:
        return urlsplit(url).query
    except ValueError:
        return ""


def _path(url: str) -> str:
    """The page without its parameters, which may name a person."""
    try:
        return urlsplit(url).path[:300]
    except ValueError:
        return ""


def _time(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds // 1000 / 1000, UTC)


def _own_time(text: str, received: int) -> datetime:
    """The sender's own time, where it is one and can be; else that of receipt."""
    receipt = _time(received)
    try:
        own = datetime.fromisoformat(text)
    except ValueError:
        return receipt
    own = own.astimezone(UTC) if own.tzinfo else own.replace(tzinfo=UTC)
    return own if receipt - OLDEST < own < receipt + LATEST else receipt


@lru_cache(maxsize=4096)
def _day(quarter: datetime, zone: str) -> date:
    """The organisation's day; every zone's day begins on a quarter of an hour."""
    return quarter.astimezone(ZoneInfo(zone)).date()
