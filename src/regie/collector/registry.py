"""Links and sites, kept in memory: a redirect asks no database, and works while there is none.

A change is announced by PostgreSQL (``NOTIFY``) and read within a moment; every few seconds all
recent changes are read again, should an announcement be lost.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

import psycopg

from regie.domain.traffic.agents import agent
from regie.domain.traffic.codes import fold
from regie.domain.traffic.consent import CONSENTED
from regie.postgres.urls import access

CHANNEL = "regie_tracking"
AGAIN_S = 5.0
OVERLAP = "10 seconds"  # a transaction may commit later than the time it wrote
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Rule:
    """``to`` is where visitors of this device or system and country go; empty means any."""

    device: str
    country: str
    to: str

    def fits(self, text: str, country: str) -> bool:
        if self.country and self.country != country:
            return False
        said = agent(text)
        return not self.device or self.device in (said.device, said.system)


@dataclass(frozen=True, slots=True)
class Link:
    """``expires`` in microseconds since 1970, 0 for never."""

    id: int
    organisation: int
    destination: str
    rules: tuple[Rule, ...]
    expires: int
    afterwards: str
    is_archived: bool
    place: str  # within which a visitor of a day has one key

    def towards(self, text: str, country: str) -> str:
        for rule in self.rules:
            if rule.fits(text, country):
                return rule.to
        return self.destination


@dataclass(frozen=True, slots=True)
class Site:
    id: int
    organisation: int
    key: str
    place: str
    may_join: bool = False


_LINKS = """
    SELECT id, organisation_id, folded, code, target, rules,
           coalesce(extract(epoch FROM expires_at) * 1000000, 0)::bigint, afterwards, is_archived
    FROM tracking_link WHERE changed_at > coalesce(%s, '-infinity'::timestamptz)
"""
_SITES = """
    SELECT id, organisation_id, key, token_digest, internal, is_archived, mode
    FROM tracking_site WHERE changed_at > coalesce(%s, '-infinity'::timestamptz)
"""


class Registry:
    """What the collector must know to answer. ``follow`` keeps it fresh from its own thread."""

    def __init__(self) -> None:
        self.links: dict[str, Link] = {}
        self.sites: dict[str, Site] = {}
        self.tokens: dict[str, Site] = {}
        self.internal: dict[int, tuple[Network, ...]] = {}
        self._by_site: dict[int, tuple[Network, ...]] = {}
        self._digests: dict[int, str] = {}
        self._since: Any = None

    def link(self, code: str) -> Link | None:
        return self.links.get(code) or self.links.get(fold(code))

    def load(self) -> None:
        """Everything, once, before the first request is answered."""
        with _connect() as connection:
            self._read(connection)

    def follow(self) -> None:
        """Start the thread that reads changes; it ends with the process."""
        threading.Thread(target=self._follow, name="registry", daemon=True).start()

    def _follow(self) -> None:
        while True:
            try:
                with _connect() as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    while True:
                        self._read(connection)
                        for _said in connection.notifies(timeout=AGAIN_S, stop_after=1):
                            break
            except psycopg.Error:
                # The database restarts: what is known stays valid meanwhile.
                time.sleep(1)

    def _read(self, connection: psycopg.Connection[Any]) -> None:
        row = connection.execute(f"SELECT clock_timestamp() - interval '{OVERLAP}'").fetchone()
        for one in connection.execute(_SITES, (self._since,)):
            self._take_site(one)
        for one in connection.execute(_LINKS, (self._since,)):
            # As it stands in addresses, and as it is found when somebody types it.
            self.links[one[2]] = self.links[one[3]] = _link(one)
        self._since = row[0] if row else None

    def _take_site(self, row: Sequence[Any]) -> None:
        number, organisation, key, digest, internal, is_archived, mode = row
        site = Site(number, organisation, key, str(number), may_join=mode == CONSENTED)
        self.tokens.pop(self._digests.pop(number, ""), None)
        self._by_site[number] = () if is_archived else _networks(internal)
        if is_archived:
            self.sites.pop(key, None)
            return
        self.sites[key] = site
        if digest:
            self._digests[number] = digest
            self.tokens[digest] = site
        own = [one.id for one in self.sites.values() if one.organisation == organisation]
        self.internal[organisation] = tuple(n for one in own for n in self._by_site[one])


def _connect() -> psycopg.Connection[Any]:
    connection = psycopg.connect(access("app").dsn(), autocommit=True)
    connection.execute("SET regie.operator = 'on'")
    return connection


def _link(row: Sequence[Any]) -> Link:
    number, organisation, _folded, _code, destination, rules, expires, afterwards, is_archived = row
    said = json.loads(rules) if isinstance(rules, str) else rules
    return Link(
        number, organisation, destination,
        tuple(Rule(one.get("device", ""), one.get("country", ""), one["to"]) for one in said),
        expires, afterwards, is_archived, f"o{organisation}",
    )  # fmt: skip


def _networks(texts: Sequence[str]) -> tuple[Network, ...]:
    return tuple(ip_network(text, strict=False) for text in texts)
