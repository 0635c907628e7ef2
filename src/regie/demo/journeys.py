"""What a collector would have heard on two of the network's sites: people who come, come back, buy.

Most agree to be followed, some don't; some buy on another device than they first came with. The
figures are invented by our own code from a seed number, as everything here.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from regie.demo.network import SLUG
from regie.demo.seed import stream
from regie.demo.stories import NATIONAL_BRAND_CAMPAIGN

DAYS = 45
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
COMPUTER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36"


@dataclass(frozen=True, slots=True)
class Way:
    """A way to the site: its tags or the page that links to it; how often it is a first visit,
    how often a later one, and how it moves people to buy."""

    source: str
    medium: str
    campaign: str
    first: float
    later: float
    pull: float
    content: str = ""
    term: str = ""
    referrer: str = ""
    link: str = ""  # the code of the tracked link that leads there


WAYS = (
    Way("facebook", "paid", "FR_Prospection_Vidéo", 26, 4, 0.5, content="vidéo famille"),
    Way("tiktok", "paid", "TT_Premier appartement", 9, 2, 0.5),
    Way("instagram", "social", "createurs-automne", 8, 3, 0.9, content="@lea.voyage",
        link="automne"),
    Way("google", "cpc", "GI_Assurance auto | Générique", 13, 6, 1.0, term="assurance voyage"),
    Way("google", "cpc", NATIONAL_BRAND_CAMPAIGN, 4, 16, 1.6, term="great insurance"),
    Way("bing", "cpc", "MS_Assurance auto", 2, 1, 1.0, term="assurance annulation"),
    Way("", "", "", 18, 9, 1.0, referrer="https://www.google.fr/"),
    Way("comparateur.example", "referral", "", 9, 2, 1.3),
    Way("newsletter", "email", "Lettre mensuelle", 1, 12, 1.5, link="lettre"),
    Way("", "", "", 7, 20, 1.2),
)  # fmt: skip
LINKS = tuple(one for one in WAYS if one.link)


@dataclass(frozen=True, slots=True)
class DemoSite:
    """One measured site and how much happens there."""

    organisation: str
    name: str
    host: str
    visitors: int  # a day
    premium: tuple[int, int]  # in euros


SITES = (
    DemoSite(SLUG, "Assurance voyage en ligne", "voyage.great-insurance.example", 55, (240, 980)),
    DemoSite(f"{SLUG}-nantes", "Site de Nantes", "nantes.great-insurance.example", 9, (180, 620)),
)


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


def happenings(site: DemoSite, *, until: date, seed: int) -> list[Happening]:
    """Everything of the last weeks up to ``until``, in the order of time."""
    return sorted(_Crowd(site, until, seed).everything(), key=lambda one: (one.at, one.id))


class _Crowd:
    """Draws the people of one site; each of them is a few visits, and sometimes an order."""

    def __init__(self, site: DemoSite, until: date, seed: int) -> None:
        self.site, self.until = site, until
        self.chance = stream(seed, "journeys", site.organisation)
        self.number = 0

    def everything(self) -> Iterator[Happening]:
        for back in range(DAYS, 0, -1):
            day = self.until - timedelta(days=back)
            for _one in range(round(self.site.visitors * self.chance.uniform(0.8, 1.2))):
                yield from self._person(day)

    def _person(self, day: date) -> Iterator[Happening]:
        chance = self.chance
        self.number += 1
        agrees = chance.random() < 0.62
        agent = PHONE if chance.random() < 0.6 else COMPUTER
        device, pull, visit = 1, 0.0, 0
        at = _moment(day, chance)
        while at.date() < self.until:
            way = _drawn(chance, first=visit == 0)
            if agrees and visit and device == 1 and chance.random() < 0.18:
                agent, device = (COMPUTER if agent == PHONE else PHONE), 2
            pull = pull * 0.6 + way.pull
            visit += 1
            yield from self._visit(way, at, agent, device, agrees=agrees)
            if chance.random() < 0.028 * pull * visit:
                yield from self._conversion(at, agent, device, agrees=agrees)
                return
            if chance.random() > 0.42:
                return
            at += timedelta(hours=chance.expovariate(1 / 70))

    def _visit(
        self, way: Way, at: datetime, agent: str, device: int, *, agrees: bool
    ) -> Iterator[Happening]:
        tags = {"utm_source": way.source, "utm_medium": way.medium, "utm_campaign": way.campaign,
                "utm_content": way.content, "utm_term": way.term}  # fmt: skip
        query = urlencode({name: value for name, value in tags.items() if value})
        home = f"https://{self.site.host}/"
        if way.link:
            code = f"{way.link}-{self.site.host[0]}"
            yield Happening(
                self._name(), "click", at - timedelta(seconds=2), agent,
                _key(f"{self.number}:{device}:{at.date()}:click"), link=code,
            )  # fmt: skip
            query += f"&rg={code}"
        yield self._heard(
            "page_view", at, agent, device, agrees=agrees, url=f"{home}?{query}",
            referrer=way.referrer,
        )  # fmt: skip
        for page in range(self.chance.choice((0, 0, 1, 2))):
            later = at + timedelta(seconds=40 * (page + 1))
            url = f"{home}{('garanties', 'tarifs')[page]}"
            yield self._heard(
                "page_view", later, agent, device, agrees=agrees, url=url, referrer=home
            )

    def _conversion(
        self, at: datetime, agent: str, device: int, *, agrees: bool
    ) -> Iterator[Happening]:
        """An order told by the site's server, a form, or both; who agreed has signed in."""
        chance, home = self.chance, f"https://{self.site.host}/"
        login = f"client-{self.site.organisation}-{self.number}"
        later = at + timedelta(minutes=4)
        kind = chance.choices(("order", "lead", "call"), (7, 3, 1))[0]
        for one in range(1, device + 1 if agrees else 1):
            # On the other device he had signed in as well: that is how it is known to be his.
            other = agent if one == device else (COMPUTER if agent == PHONE else PHONE)
            yield self._heard(
                "identify", at + timedelta(minutes=one), other, one, agrees=True,
                url=f"{home}compte", p={"login": login},
            )  # fmt: skip
        if kind == "lead":
            yield self._heard("lead", later, agent, device, agrees=agrees, url=f"{home}devis",
                              p={"form": "devis"})  # fmt: skip
            return
        said: dict[str, str | float] = {"login": login} if agrees else {}
        if kind == "call":
            said |= {"call_id": f"A-{self.number}", "duration_s": chance.randint(60, 700),
                     "outcome": "answered"}  # fmt: skip
        else:
            said |= {
                "order_id": f"{self.site.host[0].upper()}-{self.number:05d}", "currency": "EUR",
                "value": round(chance.uniform(*self.site.premium), 2),
            }  # fmt: skip
        yield Happening(self._name(), kind, later, p=said)

    def _heard(
        self, kind: str, at: datetime, agent: str, device: int, *, agrees: bool, url: str,
        referrer: str = "", p: dict[str, str | float] | None = None,
    ) -> Happening:  # fmt: skip
        who = f"{self.site.organisation}:{self.number}:{device}"
        return Happening(
            self._name(), kind, at, agent, _key(f"{who}:{at.date()}"),
            _key(who) if agrees else "", url, referrer, p or {},
        )  # fmt: skip

    def _name(self) -> str:
        return f"demo-{self.chance.getrandbits(64):016x}"


def _drawn(chance: random.Random, *, first: bool) -> Way:
    weights: Sequence[float] = [one.first if first else one.later for one in WAYS]
    return chance.choices(WAYS, weights)[0]


def _moment(day: date, chance: random.Random) -> datetime:
    hour = chance.choices(range(7, 23), (1, 2, 3, 3, 3, 4, 4, 3, 3, 3, 3, 4, 5, 6, 6, 4))[0]
    start = datetime.combine(day, time(hour), UTC)
    return start + timedelta(seconds=chance.randrange(3600))


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
