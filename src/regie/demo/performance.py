"""Daily figures of an ad account: spend first, then what that money buys at the day's prices."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from regie.demo import stories
from regie.demo.accounts import Ad, AdAccount, Campaign
from regie.demo.seasons import Calendar
from regie.demo.seed import stream

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class AdDay:
    """One ad (or campaign, where the export goes no deeper) on one day."""

    day: date
    campaign: Campaign
    ad: Ad
    spend: Decimal
    impressions: int
    clicks: int
    link_clicks: int
    conversions: Decimal
    conversion_value: Decimal
    leads: int
    reach: int


def ad_days(account: AdAccount, calendar: Calendar, seed: int) -> list[AdDay]:
    """Every row of ``account``, by day, then in the order of its campaigns."""
    chances = {one.id: stream(seed, account.platform, one.id) for one in account.campaigns}
    return [
        row
        for day in calendar.days
        for campaign in account.campaigns
        for row in _campaign_day(account, campaign, day, calendar, chances[campaign.id])
    ]


def _campaign_day(
    account: AdAccount, campaign: Campaign, day: date, calendar: Calendar, chance: random.Random
) -> Iterator[AdDay]:
    if not _runs(campaign, calendar, day):
        return
    for ad in campaign.ads:
        noise = chance.gauss(1.0, 0.09)
        busy = calendar.business(day) * max(noise, 0.6)
        cents = round(campaign.daily * ad.share * busy)
        cpc = _cpc(account, campaign, calendar, day) * chance.uniform(0.92, 1.08)
        click_rate = campaign.ctr * chance.uniform(0.9, 1.1)
        impressions = round(cents / campaign.cpc / click_rate)
        if ad.name == stories.TIRED_AD:
            # The same money shows the same number of times; fewer people click.
            cpc /= stories.fatigue(calendar, day)
        clicks = round(cents / cpc)
        yield _row(account, campaign, ad, day, cents, max(impressions, clicks), clicks, chance)


def _row(
    account: AdAccount,
    campaign: Campaign,
    ad: Ad,
    day: date,
    cents: int,
    impressions: int,
    clicks: int,
    chance: random.Random,
) -> AdDay:
    claimed = _claimed(account.platform, clicks, campaign.claimed_rate, chance)
    value = claimed * round(campaign.claimed_value * chance.uniform(0.85, 1.15))
    spend = Decimal(cents) * CENT
    if account.platform == "linkedin_ads":
        # LinkedIn's own files carry millionths, such as 89.499999.
        spend -= Decimal(chance.choice((0, 1, 1, 4))) * Decimal("0.000001")
    return AdDay(
        day=day,
        campaign=campaign,
        ad=ad,
        spend=spend,
        impressions=impressions,
        clicks=clicks,
        link_clicks=round(clicks * chance.uniform(0.68, 0.82)),
        conversions=claimed,
        conversion_value=(value * CENT).quantize(CENT),
        leads=_whole(clicks * campaign.claimed_rate, chance),
        reach=round(impressions / chance.uniform(1.2, 1.9)),
    )


def _runs(campaign: Campaign, calendar: Calendar, day: date) -> bool:
    if campaign.name == stories.BRAND_BIDDER_CAMPAIGN:
        return stories.brand_is_contested(calendar, day)
    return True


def _cpc(account: AdAccount, campaign: Campaign, calendar: Calendar, day: date) -> float:
    contested = campaign.name == stories.NATIONAL_BRAND_CAMPAIGN and stories.brand_is_contested(
        calendar, day
    )
    return campaign.cpc * (stories.BRAND_CLICK_SURCHARGE if contested else 1.0)


def _claimed(platform: str, clicks: int, rate: float, chance: random.Random) -> Decimal:
    """Conversions the platform claims: fractions at Google and Microsoft, whole elsewhere."""
    if platform in {"google_ads", "microsoft_ads"}:
        half = round(2 * clicks * rate * chance.uniform(0.6, 1.4))
        return (Decimal(half) / 2).quantize(CENT)
    return Decimal(_whole(clicks * rate, chance))


def _whole(expected: float, chance: random.Random) -> int:
    """A whole number around ``expected`` that is right on average, even below one."""
    exact = expected * chance.uniform(0.6, 1.4)
    return int(exact) + (chance.random() < exact - int(exact))
