"""The collector: a bare callable that answers once the disk has what happened.

``/r/CODE`` redirects, ``/e`` takes events, ``/p.gif`` is a pixel, ``/m.js`` the script of sites.
Full disk or overload is 503: nobody is told yes for what is not kept.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from urllib.parse import parse_qs, quote, unquote

from regie.collector.answers import CLOCK, answer, head
from regie.collector.http import Request
from regie.collector.journal import Journal
from regie.collector.registry import Link, Registry, Site
from regie.collector.sent import (
    TRUSTED,
    Sent,
    Unreadable,
    check_server,
    encode,
    read_body,
    read_form,
    without_names,
)
from regie.collector.visitors import DayKeys, is_within
from regie.domain.traffic.tags import carry_over
from regie.ingestion.collected.journal import Record, frame
from regie.postgres.home import regie_home

ANY = ("access-control-allow-origin", "*")
FRESH = ("cache-control", "no-store")
TEXT = ("content-type", "text/plain; charset=utf-8")
HTML = ("content-type", "text/html; charset=utf-8")
TAKEN = [("content-type", "application/json"), ANY, FRESH]
PREFLIGHT = [
    ANY,
    ("access-control-allow-methods", "POST"),
    ("access-control-allow-headers", "content-type, authorization"),
    ("access-control-max-age", "86400"),
]
# Who typed a printed address is nobody we know: both languages are said.
UNKNOWN = (
    "Ce lien n’existe pas\u00a0: vérifiez l’adresse.\n"
    "This link does not exist: check the address.\n"
)
EXPIRED = "Ce lien a expiré.\nThis link has expired.\n"
PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
PIXEL_HEADERS = [("content-type", "image/gif"), FRESH]
SCRIPT_HEADERS = [
    ("content-type", "text/javascript; charset=utf-8"),
    ("cache-control", "public, max-age=3600"),
    ("x-content-type-options", "nosniff"),
    ANY,
]
LONGEST_AGENT, LONGEST_QUERY, LONGEST_REFERRER = 400, 4000, 1000
BUSY = [FRESH, ANY, ("retry-after", "5")]
IN_ADVANCE = (b"sec-purpose", b"purpose", b"x-moz")
WANTED = ("user-agent", "referer", "content-type", "authorization", "sec-gpc", "sec-purpose",
          "purpose", "x-moz")  # fmt: skip
MOST_KEPT = 10_000  # beginnings of answers, in memory only
Send = Callable[[bytes], None]


class Collector:
    """The callable. One for each process; all of it runs in one event loop."""

    def __init__(self, journal: Journal, registry: Registry) -> None:
        self._journal, self._registry = journal, registry
        self._days = DayKeys(regie_home() / "collector" / "salts")
        self._country = os.environ.get("REGIE_COUNTRY_HEADER", "").lower().encode()
        self._address = os.environ.get("REGIE_ADDRESS_HEADER", "").lower().encode()
        self._script = (files("regie.collector") / "m.js").read_bytes()
        self._redirects: dict[str, bytes] = {}
        self._begin = secrets.token_hex(6)
        self._count = 0

    @property
    def wanted(self) -> tuple[str, ...]:
        """The headers that are looked at."""
        return (*WANTED, self._country.decode(), self._address.decode())

    def __call__(self, request: Request, send: Send) -> None:
        target, _mark, asked = request.target.partition(b"?")
        query = _text(asked)
        path = _text(target) if b"%" not in target else unquote(_text(target))
        if path[:3] == "/r/":
            self._redirect(request, send, path[3:], query)
        elif path == "/e":
            self._events(request, send, query)
        elif path == "/p.gif":
            self._pixel(request, send, query)
        elif path == "/m.js":
            send(answer(200, SCRIPT_HEADERS, self._script))
        elif path == "/health":
            self._journal.check(send, answer(200, [TEXT, FRESH], "ok"), _not_kept)
        else:
            send(answer(404, [TEXT], "Not found"))

    def _redirect(self, request: Request, send: Send, code: str, query: str) -> None:
        link = self._registry.link(code)
        if link is None or link.is_archived:
            send(answer(404, [TEXT, FRESH], UNKNOWN))
            return
        at = time.time_ns() // 1000
        expired = bool(link.expires) and link.expires <= at
        record = self._click(request, link, at, query, "x" if expired else "")
        to = link.afterwards if expired else link.towards(record.agent, record.country)
        location = carry_over(to, query if query.isascii() else quote(query, safe="=&%+"))
        if to:
            said = (self._sent_to(location), CLOCK.line, b"x-event-id: ", record.id.encode(),
                    b"\r\n\r\n")  # fmt: skip
            yes = b"".join(said)
        else:
            yes = answer(410, [TEXT, FRESH], EXPIRED)
        self._journal.append(frame(record), send, yes, lambda: _sent_on_uncounted(location))

    def _sent_to(self, location: str) -> bytes:
        known = self._redirects.get(location)
        if known is None:
            if len(self._redirects) >= MOST_KEPT:
                self._redirects.clear()
            known = head(302, [("location", location), FRESH], 0)
            self._redirects[location] = known
        return known

    def _events(self, request: Request, send: Send, query: str) -> None:
        if request.method != b"POST":
            if request.method == b"OPTIONS":
                send(answer(204, PREFLIGHT))
            else:
                send(answer(405, [TEXT, ANY, ("allow", "POST, OPTIONS")], "Send events by POST."))
            return
        server = self._server(request, query)
        try:
            said = read_body(request.body, _header(request, b"content-type"), query)
            if server:
                check_server([one for one, _text_of_it in said], datetime.now(UTC))
        except Unreadable as error:
            send(answer(400, [TEXT, ANY], str(error)))
            return
        records = []
        for one, text in said:
            site = server or self._registry.sites.get(one.site)
            if site is None or (one.name in TRUSTED and server is None):
                send(answer(403, [TEXT, ANY], "Unknown site, or token needed."))
                return
            records.append(self._said(request, site, one, text, is_server=server is not None))
        yes = answer(202, TAKEN, encode({"ids": [record.id for record in records]}))
        if not records:
            send(yes)
            return
        self._journal.append(b"".join(map(frame, records)), send, yes, _not_kept)

    def _pixel(self, request: Request, send: Send, query: str) -> None:
        """One event by an image, where no script may run: ``?site=KEY&name=page_view&…``."""
        try:
            one = read_form(query or "name=page_view")
        except Unreadable:
            send(answer(400, [TEXT], "Unreadable event."))
            return
        site = self._registry.sites.get(one.site)
        if site is None or one.name in TRUSTED:
            send(answer(403, [TEXT], "Unknown site, or token needed."))
            return
        if not one.url:
            one = Sent(one.name, one.id, one.site, _header(request, b"referer"), p=one.p)
        record = self._said(request, site, one, encode(one), is_server=False)
        yes = answer(200, PIXEL_HEADERS, PIXEL)
        self._journal.append(frame(record), send, yes, lambda: answer(503, BUSY))

    def _server(self, request: Request, query: str) -> Site | None:
        """The site whose token the request shows."""
        shown = request.headers.get(b"authorization")
        scheme, _space, token = _text(shown).partition(" ") if shown else ("", "", "")
        token = token.strip() if scheme.lower() == "bearer" else ""
        if not token and "token=" in query:
            token = parse_qs(query).get("token", [""])[0]
        if not token:
            return None
        return self._registry.tokens.get(hashlib.sha256(token.encode()).hexdigest())

    def _click(self, request: Request, link: Link, at: int, query: str, flags: str) -> Record:
        address = self._address_of(request)
        agent = _header(request, b"user-agent")[:LONGEST_AGENT]
        network, key = self._days.known(at, link.place, address, agent)
        self._count += 1
        return Record(
            f"{self._begin}{self._count:x}", "click", at, link.organisation, link.id,
            query[:LONGEST_QUERY],
            _header(request, b"referer")[:LONGEST_REFERRER],
            agent,
            network,
            key,
            "",
            self._country_of(request),
            self._flags(request, address, link.organisation) + flags,
        )  # fmt: skip

    def _said(
        self, request: Request, site: Site, one: Sent, text: bytes, *, is_server: bool
    ) -> Record:
        at = time.time_ns() // 1000
        self._count += 1
        name = one.id or f"{self._begin}{self._count:x}"
        signal = request.headers.get(b"sec-gpc") == b"1" and not is_server
        text = without_names(one, text, may_join=site.may_join, signal=signal)
        if is_server:
            return Record(name, one.name, at, site.organisation, site.id, "", one.referrer,
                          visitor=one.visitor, flags="s", sent=text)  # fmt: skip
        address = self._address_of(request)
        agent = _header(request, b"user-agent")[:LONGEST_AGENT]
        network, key = self._days.known(at, site.place, address, agent)
        return Record(
            name, one.name, at, site.organisation, site.id,
            "",
            one.referrer,
            agent,
            network,
            key,
            one.visitor,
            self._country_of(request),
            self._flags(request, address, site.organisation),
            text,
        )  # fmt: skip

    def _country_of(self, request: Request) -> str:
        """Two letters, from the header that the operator trusts; no addresses are looked up."""
        return _header(request, self._country)[:2].upper() if self._country else ""

    def _address_of(self, request: Request) -> str:
        """The visitor's address; behind a proxy, the last that a trusted header names."""
        if self._address:
            return _header(request, self._address).rpartition(",")[2].strip()
        return request.address

    def _flags(self, request: Request, address: str, organisation: int) -> str:
        headers = request.headers
        flags = ""
        for name in IN_ADVANCE:
            purpose = headers.get(name)
            if purpose and any(one in purpose for one in (b"prefetch", b"preview", b"prerender")):
                flags = "p"
        if headers.get(b"sec-gpc") == b"1":
            flags += "g"
        if request.method == b"HEAD":
            flags += "h"
        internal = self._registry.internal.get(organisation)
        if internal and is_within(address, internal):
            flags += "i"
        return flags


def _header(request: Request, name: bytes) -> str:
    value = request.headers.get(name)
    return _text(value) if value else ""


def _text(value: bytes) -> str:
    """Bytes of a header as text: whoever sends what is not UTF-8 is still read."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _not_kept() -> bytes:
    return answer(503, [TEXT, *BUSY], "Not kept: send it again.")


def _sent_on_uncounted(location: str) -> bytes:
    """Not a yes, as nothing was kept; but the visitor is not left standing either."""
    to = escape(location)
    page = (
        f'<!doctype html><meta http-equiv="refresh" content="0;url={to}"><a href="{to}">→</a>'
        if location
        else ""
    )
    return answer(503, [*BUSY, HTML], page)
