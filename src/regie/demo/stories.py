"""What happened at Great Insurance: the turns that the figures take, each stated once, here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from regie.demo.network import SLUG
from regie.demo.seasons import Calendar
from regie.kernel.periods import Period

# The call centre answers every day between these hours, local time.
OPENS, CLOSES = 9, 18


@dataclass(frozen=True)
class LeadMonth:
    """Web leads of one month and the policies they became, inside and outside opening hours."""

    inside_leads: int
    inside_sales: int
    after_leads: int
    after_sales: int

    @property
    def leads(self) -> int:
        return self.inside_leads + self.after_leads

    @property
    def sales(self) -> int:
        return self.inside_sales + self.after_sales


@dataclass(frozen=True)
class CallMonth:
    """Phone calls of one month and the policies sold on the phone."""

    calls: int
    sales: int


# Sales −10 %, web leads +5 %: the share of leads outside hours goes from 25 % to 39 %,
# and at night one lead in fifty becomes a policy instead of one in ten.
BEFORE = LeadMonth(3000, 300, 1000, 20)
AFTER = LeadMonth(2550, 255, 1650, 33)
CALLS_BEFORE = CallMonth(900, 200)
CALLS_AFTER = CallMonth(830, 180)

# One agency bids on the brand's name: head office pays more for each of its own clicks.
BRAND_BIDDER = f"{SLUG}-marseille"
BRAND_BID_DAYS = 120
BRAND_CLICK_SURCHARGE = 1.6
BRAND_BIDDER_CAMPAIGN = "Great Insurance | Marque"
NATIONAL_BRAND_CAMPAIGN = "GI_Marque"

# A Meta campaign claims purchases that no order confirms.
CLAIMING_CAMPAIGN = "FR_Retargeting_Visiteurs"

# A video that everybody has seen: click rate halves while the audience stays the same.
TIRED_AD = "Vidéo 15 s Famille"
FATIGUE_DAYS = 70


def lead_month(calendar: Calendar, month: Period) -> LeadMonth:
    """Leads and sales of one month; the two last complete months are the story's own."""
    if month == calendar.month_before:
        return BEFORE
    if month == calendar.last_month:
        return AFTER
    if month.start > calendar.last_month.end:
        return _scaled_leads(AFTER, _part_of_month(month))
    ratio = calendar.month_business(month.start) / calendar.month_business(
        calendar.month_before.start
    )
    return _scaled_leads(BEFORE, ratio)


def call_month(calendar: Calendar, month: Period) -> CallMonth:
    """Calls and phone sales of one month, on the same pattern as the leads."""
    if month == calendar.month_before:
        return CALLS_BEFORE
    if month == calendar.last_month:
        return CALLS_AFTER
    if month.start > calendar.last_month.end:
        part = _part_of_month(month)
        return CallMonth(round(CALLS_AFTER.calls * part), round(CALLS_AFTER.sales * part))
    ratio = calendar.month_business(month.start) / calendar.month_business(
        calendar.month_before.start
    )
    return CallMonth(round(CALLS_BEFORE.calls * ratio), round(CALLS_BEFORE.sales * ratio))


def tracking_break(calendar: Calendar) -> Period:
    """The week when the national site's tag was missing: no visits at all in GA4."""
    first = calendar.month_before.previous().start + timedelta(days=7)
    monday = first + timedelta(days=(7 - first.weekday()) % 7)
    return Period(monday, monday + timedelta(days=6))


def evenings_matter(calendar: Calendar, day: date) -> bool:
    """From the last complete month on, evening leads come mostly from social networks."""
    return day >= calendar.last_month.start


def brand_is_contested(calendar: Calendar, day: date) -> bool:
    return calendar.days_before_end(day) < BRAND_BID_DAYS


def fatigue(calendar: Calendar, day: date) -> float:
    """What is left of the tired ad's click rate: 1.0 at first, 0.4 at the end."""
    left = calendar.days_before_end(day)
    if left >= FATIGUE_DAYS:
        return 1.0
    return 1.0 - 0.6 * (FATIGUE_DAYS - left) / FATIGUE_DAYS


def _scaled_leads(model: LeadMonth, ratio: float) -> LeadMonth:
    return LeadMonth(
        round(model.inside_leads * ratio),
        round(model.inside_sales * ratio),
        round(model.after_leads * ratio),
        round(model.after_sales * ratio),
    )


def _part_of_month(month: Period) -> float:
    return month.days / 30
