"""Visits of the network's sites, and what people do on the agencies' business profiles."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from regie.demo import stories
from regie.demo.network import SLUG, DemoOrganisation, of_kind
from regie.demo.seasons import Calendar
from regie.demo.seed import stream
from regie.kernel.periods import Period


@dataclass(frozen=True, slots=True)
class SourceDay:
    """Visits of one site from one source on one day."""

    day: date
    channel: str
    source: str
    medium: str
    campaign: str
    landing_page: str
    visits: int
    engaged: int
    single_page: int
    completed: int
    users: int
    key_events: int


@dataclass(frozen=True, slots=True)
class ProfileMonth:
    """One agency's business profile over one month."""

    agency: DemoOrganisation
    search_mobile: int
    search_desktop: int
    maps_mobile: int
    maps_desktop: int
    calls: int
    directions: int
    website_clicks: int

    @property
    def views(self) -> int:
        return self.search_mobile + self.search_desktop + self.maps_mobile + self.maps_desktop


# Channel, source, medium, campaign, landing page, visits of an ordinary day, share engaged.
_SOURCES = (
    ("Paid Search", "google", "cpc", "", "/devis-auto", 620, 0.61),
    ("Organic Search", "google", "organic", "", "/", 840, 0.64),
    ("Direct", "(direct)", "(none)", "", "/", 310, 0.52),
    ("Paid Social", "facebook", "paid", "FR_Prospection_Vidéo", "/famille", 240, 0.31),
    ("Paid Search", "bing", "cpc", "MS_Assurance auto", "/devis-auto", 45, 0.58),
    ("Email", "newsletter", "email", "Lettre mensuelle", "/lettre", 70, 0.66),
    ("Referral", "comparateur.example", "referral", "", "/devis-auto", 55, 0.55),
)

# Who measures with what: one tool a site, so that no visit is counted twice.
GA4_SITES = ((SLUG, 1.0), (f"{SLUG}-nord", 0.16))
MATOMO_SITE = (f"{SLUG}-ouest", 0.2)
OWN_TRACKER_SITES = (
    (f"{SLUG}-sud-est", 0.18),
    (f"{SLUG}-montpellier", 0.03),
    (f"{SLUG}-marseille", 0.03),
    (f"{SLUG}-geneve", 0.02),
)


# Who posts for the network, as her tracked links name her, and what a post costs.
CREATOR, POST_COSTS, POST_EVERY = "carnet.de.route", 85, 4


def posts(calendar: Calendar, seed: int) -> list[date]:
    """The days of the last weeks on which the creator posted."""
    chance = stream(seed, "posts")
    return [day for day in calendar.days[-80:] if chance.random() < 1 / POST_EVERY]


def site_days(slug: str, size: float, calendar: Calendar, seed: int) -> list[SourceDay]:
    """Visits of one site by day and source; the national site lost a week of them."""
    chance = stream(seed, "visits", slug)
    lost = stories.tracking_break(calendar) if slug == SLUG else None
    rows = [
        _source_day(day, source, size * calendar.business(day), chance)
        for day in calendar.days
        for source in _SOURCES
    ]
    return [row for row in rows if row.visits and not _inside(lost, row.day)]


def _inside(period: Period | None, day: date) -> bool:
    return period is not None and period.start <= day <= period.end


def _source_day(
    day: date,
    source: tuple[str, str, str, str, str, int, float],
    size: float,
    chance: random.Random,
) -> SourceDay:
    channel, name, medium, campaign, page, base, engaged = source
    visits = round(base * size * max(chance.gauss(1.0, 0.08), 0.6))
    stayed = round(visits * engaged * chance.uniform(0.94, 1.06))
    completed = round(stayed * chance.uniform(0.06, 0.1))
    return SourceDay(
        day=day,
        channel=channel,
        source=name,
        medium=medium,
        campaign=campaign,
        landing_page=page,
        visits=visits,
        engaged=stayed,
        single_page=round((visits - stayed) * chance.uniform(0.8, 0.95)),
        completed=completed,
        users=round(visits * chance.uniform(0.8, 0.9)),
        key_events=completed + round(stayed * chance.uniform(0.0, 0.02)),
    )


def profile_month(month: Period, calendar: Calendar, seed: int) -> list[ProfileMonth]:
    """The business profiles of all agencies over one month."""
    chance = stream(seed, "profiles", month.start)
    busy = calendar.month_business(month.start) * month.days / 30
    return [_profile(agency, agency.size * busy, chance) for agency in of_kind("franchisee")]


def _profile(agency: DemoOrganisation, size: float, chance: random.Random) -> ProfileMonth:
    def around(base: int) -> int:
        return round(base * size * chance.uniform(0.85, 1.15))

    return ProfileMonth(
        agency=agency,
        search_mobile=around(820),
        search_desktop=around(260),
        maps_mobile=around(1350),
        maps_desktop=around(85),
        calls=around(44),
        directions=around(118),
        website_clicks=around(71),
    )
