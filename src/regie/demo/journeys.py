"""What a collector would have heard on the agencies' sites: people who come, come back, ask, buy.

Whoever asks, calls or buys is one of those that the agency's own files name, by the same number:
what was measured and what was imported are one and the same, and count once. Most agree to be
followed, some don't; some come back on another device than they first came with. The figures are
invented by our own code from a seed number, as everything here.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from urllib.parse import urlencode

from regie.demo.audience import CREATOR, OWN_TRACKER_SITES
from regie.demo.network import SLUG, of_kind, slug_of
from regie.demo.sales import Call, Lead, Order, Sales, draw_sales
from regie.demo.seasons import Calendar
from regie.demo.seed import stream
from regie.demo.stories import NATIONAL_BRAND_CAMPAIGN, TIRED_AD

PASSERS = 5  # of an agency of usual size, a day
DAYS = 75  # the last month and the one that it is compared with, whole
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
COMPUTER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36"

# What one in three who ask for a quote answers to “How did you hear about us?”.
HEARD_OF = 30
HEARD = dict(enumerate((
    "word_of_mouth", "word_of_mouth", "word_of_mouth", "review", "review", "search", "search",
    "social", "radio", "other",
)))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """A way to the site: its tags or the page that links to it; how often it is a first visit,
    and how often a later one."""

    source: str
    medium: str
    campaign: str
    first: float
    later: float
    content: str = ""
    term: str = ""
    referrer: str = ""
    link: str = ""  # the code of the tracked link that leads there


WAYS = (
    Way("facebook", "paid", "FR_Prospection_Vidéo", 26, 4, content=TIRED_AD),
    Way("tiktok", "paid", "TT_Premier appartement", 9, 2),
    Way("instagram", "influence", "createurs-automne", 8, 3, content=CREATOR,
        link="automne"),
    Way("google", "cpc", "GI_Assurance auto | Générique", 13, 6, term="assurance auto"),
    Way("google", "cpc", NATIONAL_BRAND_CAMPAIGN, 4, 16, term="great insurance"),
    Way("bing", "cpc", "MS_Assurance auto", 2, 1, term="assurance voiture"),
    Way("", "", "", 18, 9, referrer="https://www.google.fr/"),
    Way("comparateur.example", "referral", "", 9, 2),
    Way("newsletter", "email", "Lettre mensuelle", 1, 12, link="lettre"),
    Way("", "", "", 7, 20),
)  # fmt: skip
LINKS = tuple(one for one in WAYS if one.link)


@dataclass(frozen=True, slots=True)
class DemoSite:
    """One measured site and how much happens there."""

    organisation: str
    name: str
    host: str
    visitors: int  # a day, beside those who ask for something

    def code(self, way: Way) -> str:
        """The code of the tracked link that leads to this site by ``way``."""
        return f"{way.link}-{self.host.partition('.')[0]}"


_MEASURED_OTHERWISE = {slug for slug, _size in OWN_TRACKER_SITES}
# Agencies that bring no file of visits: a site is measured with one tool.
SITES = tuple(
    DemoSite(
        one.slug, f"Site de {one.town}", f"{slug_of(one.town)}.{SLUG}.example",
        round(PASSERS * one.size),
    )
    for one in of_kind("franchisee") if one.slug not in _MEASURED_OTHERWISE
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that a site's collector hears. ``cookie`` is there with consent alone."""

    id: str
    kind: str
    at: datetime
    agent: str = ""
    day_visitor: str = ""
    cookie: str = ""
    url: str = ""
    referrer: str = ""
    p: dict[str, str | float] = field(default_factory=dict)
    link: str = ""  # of a click: the link's code

    @property
    def is_server(self) -> bool:
        return not self.agent

    @property
    def is_click(self) -> bool:
        return self.kind == "click"

    def sent(self) -> bytes:
        """What the page or the server said, as it would have sent it."""
        said: dict[str, object] = {
            "url": self.url, "referrer": self.referrer, "p": self.p,
            "consent": {"granted": bool(self.cookie) or self.is_server, "text": "2026-09"},
        }  # fmt: skip
        if self.is_server:
            said["at"] = self.at.isoformat()
        return json.dumps(said, ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on one of his devices."""

    number: int
    agrees: bool
    agent: str
    device: int = 1


def happenings(site: DemoSite, *, until: date, seed: int) -> list[Happening]:
    """Everything of the last weeks up to ``until``, in the order of time."""
    sales = _sales(until, seed)
    sold = {
        one.customer: one
        for one in sales.orders[site.organisation]
        if one.kind == "order" and one.status == "completed"
    }
    crowd = _Crowd(site, until, seed)
    heard = [
        *crowd.passers(),
        *crowd.customers(sales.leads[site.organisation], sold),
        *crowd.callers(sales.calls[site.organisation], sold),
    ]
    return sorted(heard, key=lambda one: (one.at, one.id))


@cache
def _sales(until: date, seed: int) -> Sales:
    return draw_sales(Calendar(until), seed)


class _Crowd:
    """Draws the people of one site; each of them is a few visits, and sometimes an order."""

    def __init__(self, site: DemoSite, until: date, seed: int) -> None:
        self.site, self.until = site, until
        self.chance = stream(seed, "journeys", site.organisation)
        self.number = 0

    def passers(self) -> Iterator[Happening]:
        """People who look and leave, and perhaps come back."""
        for back in range(DAYS, 0, -1):
            day = self.until - timedelta(days=back)
            for _one in range(round(self.site.visitors * self.chance.uniform(0.8, 1.2))):
                yield from self._passer(day)

    def customers(self, leads: Sequence[Lead], sold: Mapping[str, Order]) -> Iterator[Happening]:
        """Whoever sent a form in these weeks, with the visits before it and what was bought."""
        first = self.until - timedelta(days=DAYS)
        for lead in leads:
            if first <= lead.received.date() < self.until:
                yield from self._customer(lead, sold.get(lead.id), first)

    def _passer(self, day: date) -> Iterator[Happening]:
        chance = self.chance
        person = self._person()
        at, visit = _moment(day, chance), 0
        while at.date() < self.until:
            if visit:
                person = self._perhaps_elsewhere(person)
            yield from self._visit(_drawn(chance, first=visit == 0), at, person)
            visit += 1
            if chance.random() > 0.42:
                return
            at += timedelta(hours=chance.expovariate(1 / 70))

    def _customer(self, lead: Lead, order: Order | None, first: date) -> Iterator[Happening]:
        chance, person = self.chance, self._person()
        asked = lead.received - timedelta(minutes=4)
        before = sorted(
            asked - timedelta(hours=chance.expovariate(1 / 60))
            for _visit in range(chance.choices((0, 1, 2, 3), (30, 35, 22, 13))[0])
        )
        for visit, at in enumerate(one for one in before if one.date() >= first):
            yield from self._visit(_drawn(chance, first=visit == 0), at, person)
        here = self._perhaps_elsewhere(person) if before else person
        yield from self._visit(_way_of(lead), asked, here)
        login = f"client-{lead.id}"
        if person.agrees:
            # On the other device he had signed in as well: that is how it is known to be his.
            for one in {person.device: person, here.device: here}.values():
                yield self._heard(
                    "identify", lead.received - timedelta(minutes=one.device), one,
                    page="compte", p={"login": login},
                )  # fmt: skip
            if _number(lead.id) % 13 == 1:  # his card was seen at the agency before
                yield Happening(
                    self._name(),
                    "shop_visit",
                    asked - timedelta(hours=31),
                    p={"shop": lead.agency.location, "login": login},
                )
        said: dict[str, str | float] = {"form": lead.form, "lead_id": lead.id}
        heard = HEARD.get(_number(lead.id) % HEARD_OF)
        yield self._heard(
            "lead", lead.received, here, page="devis", p=said | ({"heard": heard} if heard else {})
        )
        place = "shop" if _number(lead.id) % 3 == 0 else "site"
        yield from self._sold(order, login if person.agrees else "", place)

    def callers(self, calls: Sequence[Call], sold: Mapping[str, Order]) -> Iterator[Happening]:
        """Who called in these weeks: most had looked at the site, and some buy."""
        first = self.until - timedelta(days=DAYS)
        for call in calls:
            if first <= call.started.date() < self.until:
                yield from self._caller(call, sold.get(call.id), first)

    def _caller(self, call: Call, order: Order | None, first: date) -> Iterator[Happening]:
        """The number that was called is shown to one visitor at a time: it says who calls."""
        chance, person = self.chance, self._person()
        login = f"client-{call.id}"
        knows = person.agrees and chance.random() < 0.8
        if knows:
            before = sorted(
                call.started - timedelta(hours=chance.expovariate(1 / 40))
                for _visit in range(chance.choice((0, 0, 1, 2)))
            )
            for visit, at in enumerate(one for one in before if one.date() >= first):
                yield from self._visit(_drawn(chance, first=visit == 0), at, person)
            looked = call.started - timedelta(minutes=3)
            yield from self._visit(_way_of(call), looked, person)
            yield self._heard("identify", looked + timedelta(minutes=2), person, page="contact",
                              p={"login": login})  # fmt: skip
        said: dict[str, str | float] = {
            "call_id": call.id, "duration_s": call.seconds, "outcome": call.outcome,
        }  # fmt: skip
        who = login if knows else ""
        yield Happening(
            self._name(), "call", call.started, p=said | ({"login": who} if who else {})
        )
        yield from self._sold(order, who, "phone")

    def _sold(self, order: Order | None, login: str, place: str) -> Iterator[Happening]:
        if order is None or order.ordered.date() >= self.until:
            return
        said: dict[str, str | float] = {
            "order_id": order.id, "currency": order.agency.currency, "value": float(order.revenue),
            "place": place,
        }  # fmt: skip
        yield Happening(
            self._name(), "order", order.ordered, p=said | ({"login": login} if login else {})
        )

    def _person(self) -> Person:
        self.number += 1
        agent = PHONE if self.chance.random() < 0.6 else COMPUTER
        return Person(self.number, self.chance.random() < 0.62, agent)

    def _perhaps_elsewhere(self, person: Person) -> Person:
        if person.agrees and person.device == 1 and self.chance.random() < 0.18:
            return replace(person, agent=COMPUTER if person.agent == PHONE else PHONE, device=2)
        return person

    def _visit(self, way: Way, at: datetime, person: Person) -> Iterator[Happening]:
        tags = {"utm_source": way.source, "utm_medium": way.medium, "utm_campaign": way.campaign,
                "utm_content": way.content, "utm_term": way.term}  # fmt: skip
        query = urlencode({name: value for name, value in tags.items() if value})
        home = f"https://{self.site.host}/"
        if way.link:
            code = self.site.code(way)
            yield Happening(
                self._name(), "click", at - timedelta(seconds=2), person.agent,
                _key(f"{person.number}:{person.device}:{at.date()}:click"), link=code,
            )  # fmt: skip
            query += f"&rg={code}"
        yield self._heard(
            "page_view",
            at,
            person,
            page=_landing(way) + (f"?{query}" if query else ""),
            referrer=way.referrer,
        )
        for page in range(self.chance.choice((0, 0, 1, 2))):
            later = at + timedelta(seconds=40 * (page + 1))
            yield self._heard(
                "page_view", later, person, page=("garanties", "tarifs")[page], referrer=home
            )

    def _heard(
        self, kind: str, at: datetime, person: Person, *, page: str, referrer: str = "",
        p: dict[str, str | float] | None = None,
    ) -> Happening:  # fmt: skip
        who = f"{self.site.organisation}:{person.number}:{person.device}"
        return Happening(
            self._name(), kind, at, person.agent, _key(f"{who}:{at.date()}"),
            _key(who) if person.agrees else "", f"https://{self.site.host}/{page}", referrer,
            p or {},
        )  # fmt: skip

    def _name(self) -> str:
        return f"demo-{self.chance.getrandbits(64):016x}"


def _way_of(lead: Lead | Call) -> Way:
    """The last visit came the way that the agency's file says."""
    origin = lead.origin
    referrer = {
        "organic": f"https://www.{origin.source}.fr/", "referral": f"https://{origin.source}/",
    }.get(origin.medium, "")  # fmt: skip
    if referrer or origin.medium == "(none)":
        return Way("", "", "", 0, 0, referrer=referrer)
    return Way(origin.source, origin.medium, origin.campaign, 0, 0)


def _drawn(chance: random.Random, *, first: bool) -> Way:
    weights: Sequence[float] = [one.first if first else one.later for one in WAYS]
    return chance.choices(WAYS, weights)[0]


def _moment(day: date, chance: random.Random) -> datetime:
    hour = chance.choices(range(7, 23), (1, 2, 3, 3, 3, 4, 4, 3, 3, 3, 3, 4, 5, 6, 6, 4))[0]
    start = datetime.combine(day, time(hour), UTC)
    return start + timedelta(seconds=chance.randrange(3600))


def _landing(way: Way) -> str:
    """Where it leads: the tired ad to the home page, as if it were the end of the way."""
    if not way.campaign or way.content == TIRED_AD:
        return ""
    return "offre-habitation" if "habitation" in way.campaign.casefold() else "offre-auto"


def _number(name: str) -> int:
    """That of a lead: L-000042 has 42."""
    return int(name.rpartition("-")[2])


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
