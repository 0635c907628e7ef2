"""The collector: a bare callable for Granian (RSGI) that answers once the disk has what happened.

``/r/CODE`` redirects, ``/e`` takes events, ``/p.gif`` is a pixel, ``/m.js`` the script of sites.
Full disk or overload is 503: nobody is told yes for what is not kept.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import time
from html import escape
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, quote

from regie.collector.journal import Journal, NotWritten
from regie.collector.registry import Link, Registry, Site
from regie.collector.sent import TRUSTED, Sent, Unreadable, encode, read_body, read_form
from regie.collector.visitors import DayKeys, is_within
from regie.domain.traffic.tags import carry_over
from regie.ingestion.collected.journal import Record
from regie.postgres.home import regie_home

ANY = ("access-control-allow-origin", "*")
FRESH = ("cache-control", "no-store")
TEXT = ("content-type", "text/plain; charset=utf-8")
TAKEN = [("content-type", "application/json"), ANY, FRESH]
PREFLIGHT = [
    ANY,
    ("access-control-allow-methods", "POST"),
    ("access-control-allow-headers", "content-type, authorization"),
    ("access-control-max-age", "86400"),
]
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


class Collector:
    """The callable. One for each process; all of it runs in one event loop."""

    def __init__(self) -> None:
        self.registry = Registry()
        self._journal: Journal | None = None
        home = regie_home() / "collector"
        self._folder = home / "journal"
        self._days = DayKeys(home / "salts")
        self._country = os.environ.get("REGIE_COUNTRY_HEADER", "").lower()
        self._address = os.environ.get("REGIE_ADDRESS_HEADER", "").lower()
        self._script = (files("regie.collector") / "m.js").read_bytes()
        self._begin = secrets.token_hex(6)
        self._count = 0

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.registry.load()
        self.registry.follow()

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._journal is not None:
            loop.run_until_complete(self._journal.close())

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        path = scope.path
        if path[:3] == "/r/":
            await self._redirect(scope, proto, path[3:])
        elif path == "/e":
            await self._events(scope, proto)
        elif path == "/p.gif":
            await self._pixel(scope, proto)
        elif path == "/m.js":
            proto.response_bytes(200, SCRIPT_HEADERS, self._script)
        elif path == "/health":
            proto.response_str(200, [TEXT, FRESH], "ok")
        else:
            proto.response_str(404, [TEXT], "Not found")

    @property
    def journal(self) -> Journal:
        if self._journal is None:
            self._journal = Journal(self._folder)
        return self._journal

    async def _redirect(self, scope: Any, proto: Any, code: str) -> None:
        link = self.registry.link(code)
        if link is None or link.is_archived:
            proto.response_str(404, [TEXT, FRESH], "This link does not exist.")
            return
        at = time.time_ns() // 1000
        expired = link.expires and link.expires <= at
        record = self._click(scope, link, at, "x" if expired else "")
        to = link.afterwards if expired else link.towards(record.agent, record.country)
        query = scope.query_string
        location = carry_over(to, query if query.isascii() else quote(query, safe="=&%+"))
        try:
            await self.journal.append(record)
        except NotWritten:
            self._send_on_uncounted(proto, location)
            return
        if not to:
            proto.response_str(410, [TEXT, FRESH], "This link has expired.")
            return
        proto.response_empty(302, [("location", location), FRESH, ("x-event-id", record.id)])

    def _send_on_uncounted(self, proto: Any, location: str) -> None:
        """Not a yes, as nothing was kept; but the visitor is not left standing either."""
        to = escape(location)
        page = (
            f'<!doctype html><meta http-equiv="refresh" content="0;url={to}"><a href="{to}">→</a>'
            if location
            else ""
        )
        proto.response_str(503, [*BUSY, ("content-type", "text/html; charset=utf-8")], page)

    async def _events(self, scope: Any, proto: Any) -> None:
        if scope.method == "OPTIONS":
            proto.response_empty(204, PREFLIGHT)
            return
        if scope.method != "POST":
            proto.response_str(405, [TEXT, ANY], "Send events by POST.")
            return
        body = await proto()
        try:
            said = read_body(body, scope.headers.get("content-type", ""), scope.query_string)
        except Unreadable as error:
            proto.response_str(400, [TEXT, ANY], str(error))
            return
        server = self._server(scope)
        records = []
        for one, text in said:
            site = server or self.registry.sites.get(one.site)
            if site is None or (one.name in TRUSTED and server is None):
                proto.response_str(403, [TEXT, ANY], "Unknown site, or token needed.")
                return
            records.append(self._said(scope, site, one, text, is_server=server is not None))
        if not await self._keep(records):
            proto.response_str(503, [TEXT, *BUSY], "Not kept: send it again.")
            return
        proto.response_bytes(202, TAKEN, encode({"ids": [record.id for record in records]}))

    async def _pixel(self, scope: Any, proto: Any) -> None:
        """One event by an image, where no script may run: ``?site=KEY&name=page_view&…``."""
        try:
            one = read_form(scope.query_string or "name=page_view")
        except Unreadable:
            proto.response_str(400, [TEXT], "Unreadable event.")
            return
        site = self.registry.sites.get(one.site)
        if site is None or one.name in TRUSTED:
            proto.response_str(403, [TEXT], "Unknown site, or token needed.")
            return
        if not one.url:
            one = Sent(one.name, one.id, one.site, scope.headers.get("referer", ""), p=one.p)
        if not await self._keep([self._said(scope, site, one, encode(one), is_server=False)]):
            proto.response_empty(503, BUSY)
            return
        proto.response_bytes(200, PIXEL_HEADERS, PIXEL)

    async def _keep(self, records: list[Record]) -> bool:
        try:
            written = None
            for record in records:
                written = self.journal.append(record)
            if written is not None:
                await written
        except NotWritten:
            return False
        return True

    def _server(self, scope: Any) -> Site | None:
        """The site whose token the request shows."""
        token = scope.headers.get("authorization", "").removeprefix("Bearer ").strip()
        if not token and "token=" in scope.query_string:
            token = parse_qs(scope.query_string).get("token", [""])[0]
        if not token:
            return None
        return self.registry.tokens.get(hashlib.sha256(token.encode()).hexdigest())

    def _click(self, scope: Any, link: Link, at: int, flags: str) -> Record:
        headers, address = scope.headers, self._address_of(scope)
        agent = headers.get("user-agent", "")[:LONGEST_AGENT]
        network, key = self._days.known(at, link.place, address, agent)
        self._count += 1
        return Record(
            f"{self._begin}{self._count:x}", "click", at, link.organisation, link.id,
            scope.query_string[:LONGEST_QUERY],
            headers.get("referer", "")[:LONGEST_REFERRER],
            agent,
            network,
            key,
            "",
            self._country_of(scope),
            self._flags(scope, address, link.organisation) + flags,
        )  # fmt: skip

    def _said(self, scope: Any, site: Site, one: Sent, text: bytes, *, is_server: bool) -> Record:
        at, address = time.time_ns() // 1000, self._address_of(scope)
        agent = scope.headers.get("user-agent", "")[:LONGEST_AGENT]
        network, key = self._days.known(at, site.place, address, agent)
        self._count += 1
        return Record(
            one.id or f"{self._begin}{self._count:x}", one.name, at, site.organisation, site.id,
            "",
            one.referrer,
            "" if is_server else agent,
            "" if is_server else network,
            "" if is_server else key,
            one.visitor,
            "" if is_server else self._country_of(scope),
            "s" if is_server else self._flags(scope, address, site.organisation),
            text,
        )  # fmt: skip

    def _country_of(self, scope: Any) -> str:
        """Two letters, from the header that the operator trusts; no addresses are looked up."""
        return str(scope.headers.get(self._country, ""))[:2].upper() if self._country else ""

    def _address_of(self, scope: Any) -> str:
        """The visitor's address; behind a proxy, the last that a trusted header names."""
        if self._address:
            return str(scope.headers.get(self._address, "")).rpartition(",")[2].strip()
        return str(scope.client).rpartition(":")[0].strip("[]")

    def _flags(self, scope: Any, address: str, organisation: int) -> str:
        headers = scope.headers
        flags = ""
        purpose = headers.get("sec-purpose") or headers.get("purpose") or headers.get("x-moz")
        if purpose and ("prefetch" in purpose or "preview" in purpose or "prerender" in purpose):
            flags += "p"
        if headers.get("sec-gpc") == "1":
            flags += "g"
        if scope.method == "HEAD":
            flags += "h"
        internal = self.registry.internal.get(organisation)
        if internal and is_within(address, internal):
            flags += "i"
        return flags


def application() -> Collector:
    """What Granian calls to get the callable (``--factory``)."""
    return Collector()
