"""What pages and servers send: read strictly, kept as it came.

A page may say what its visitor did; only a server that shows its token may say that money was
paid, a coupon used, a call received, since anybody can write to a public address.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated
from urllib.parse import parse_qsl

import msgspec

from regie.domain.traffic.choice import choice
from regie.domain.traffic.consent import CONSENTED
from regie.ingestion.collected.reading import OLDEST, PERSONAL, amount

MOST_EVENTS = 500
MOST_BYTES = 256 << 10
Value = str | int | float | bool | None
Text = Annotated[str, msgspec.Meta(max_length=2048)]
Short = Annotated[str, msgspec.Meta(max_length=200)]
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
AHEAD = timedelta(days=1)  # clocks of servers go wrong, and in another time zone
TRUSTED = frozenset({"order", "refund", "call", "redemption", "shop_visit", "lead_state"})


class Consent(msgspec.Struct, frozen=True):
    """``gpc`` is the browser's own signal, where a page reads it; the header says the same."""

    granted: bool = False
    gpc: bool = False
    tcf: Annotated[str, msgspec.Meta(max_length=8192)] = ""  # long: a bit for each vendor
    gpp: Annotated[str, msgspec.Meta(max_length=8192)] = ""  # of the Global Privacy Platform
    text: Short = ""  # the version of the text that was agreed to
    ads: bool = False  # whether the yes goes for advertising too; a TCF string says it itself


class Sent(msgspec.Struct, frozen=True):
    """One event. ``id`` makes it count once however often it is sent; ``at`` is its own time."""

    name: Name
    id: Short = ""
    site: Short = ""
    url: Text = ""
    referrer: Text = ""
    at: Short = ""
    visitor: Short = ""
    consent: Consent = Consent()
    p: dict[Short, Value] = {}


_CURRENCY = re.compile(r"[A-Za-z]{3}")
_one = msgspec.json.Decoder(Sent)
_several = msgspec.json.Decoder(Annotated[list[Sent], msgspec.Meta(max_length=MOST_EVENTS)])
encode = msgspec.json.Encoder().encode


def check_server(events: Sequence[Sent], now: datetime) -> None:
    """A server can be told that a figure is none: kept as it is, it would be a sale of nothing.

    Raises ``Unreadable`` for an amount, a currency, a duration or a time that cannot be read.
    """
    for one in events:
        _check_figures(one)
        if one.at:
            _check_time(one.at, now)


def without_names(one: Sent, text: bytes, *, may_join: bool, signal: bool) -> bytes:
    """The JSON that is kept of an event: who did not agree is called nothing, nowhere."""
    if one.p.keys().isdisjoint(PERSONAL):
        return text
    if may_join and choice(msgspec.to_builtins(one.consent), signal=signal).mode == CONSENTED:
        return text
    kept = {name: value for name, value in one.p.items() if name not in PERSONAL}
    return encode(msgspec.structs.replace(one, p=kept))


def _check_figures(one: Sent) -> None:
    value, currency = one.p.get("value"), one.p.get("currency")
    if value not in (None, "") and amount(value) is None:
        raise Unreadable(f'The value "{value!s:.40}" is no number: write it as 99.9.')
    lasted = one.p.get("duration_s")
    if lasted not in (None, "") and ((seconds := amount(lasted)) is None or seconds < 0):
        raise Unreadable(f'The duration_s "{lasted!s:.40}" is no number of seconds.')
    if currency not in (None, "") and not _CURRENCY.fullmatch(str(currency).strip()):
        raise Unreadable(f'"{currency!s:.40}" is no currency: write its three letters, as EUR.')


def _check_time(text: str, now: datetime) -> None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable(f'"{text:.40}" is no time: write it as 2026-09-30T18:00:00Z.') from None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if at > now + AHEAD:
        raise Unreadable(f"{text:.40} lies in the future: check the clock of your server.")
    if at <= now - OLDEST:
        raise Unreadable(f"{text:.40} is more than {OLDEST.days} days ago: import a file.")


class Unreadable(ValueError):
    """The body is not an event; the sentence says where."""


def read_body(body: bytes, content_type: str, query: str) -> list[tuple[Sent, bytes]]:
    """The events of a request, each with its JSON: one, a list, or a form of properties."""
    if len(body) > MOST_BYTES:
        raise Unreadable("The body is larger than 256 KiB.")
    # curl calls whatever it sends a form: what begins as JSON is read as such.
    is_form = content_type.startswith("application/x-www-form-urlencoded")
    if is_form and not body.lstrip().startswith((b"{", b"[")):
        said = read_form(body.decode("utf-8", "replace"), query)
        return [(said, encode(said))]
    try:
        if body.lstrip()[:1] == b"{":
            return [(_one.decode(body), body)]
        return [(one, encode(one)) for one in _several.decode(body)]
    except msgspec.DecodeError as error:
        raise Unreadable(str(error)) from error


def read_form(text: str, query: str = "") -> Sent:
    """An event from ``name=value`` pairs, as webhooks and pixels send them."""
    own = {"name", "id", "site", "url", "referrer", "at", "visitor"}
    said = dict(parse_qsl(query)) | dict(parse_qsl(text))
    said.pop("token", None)
    event: dict[str, object] = {key: value for key, value in said.items() if key in own}
    event["p"] = {key: value for key, value in said.items() if key not in own}
    try:
        return msgspec.convert(event, Sent)
    except msgspec.ValidationError as error:
        raise Unreadable(str(error)) from error
