"""What the demo's sites are said to have heard: the same each time, of people who come back."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from regie.demo.audience import OWN_TRACKER_SITES
from regie.demo.journeys import DAYS, LINKS, SITES, DemoSite, happenings
from regie.demo.network import of_kind
from regie.demo.sales import draw_sales
from regie.demo.seasons import Calendar

pytestmark = pytest.mark.slow

UNTIL = date(2026, 9, 30)


@pytest.mark.parametrize("site", SITES[::9], ids=lambda site: site.organisation)
def test_the_same_seed_gives_the_same_journeys_of_the_last_weeks(site: DemoSite) -> None:
    heard = happenings(site, until=UNTIL, seed=1)

    assert heard == happenings(site, until=UNTIL, seed=1)
    assert heard != happenings(site, until=UNTIL, seed=2)
    assert len({one.id for one in heard}) == len(heard)
    assert heard[0].at.date() >= UNTIL - timedelta(days=DAYS + 1)
    assert heard[-1].at.date() <= UNTIL
    kinds = Counter(one.kind for one in heard)
    assert all(kinds[one] for one in ("page_view", "click", "identify", "order", "lead", "call"))


@pytest.mark.parametrize("site", SITES[::9], ids=lambda site: site.organisation)
def test_who_asks_or_buys_is_in_the_files_of_the_agency(site: DemoSite) -> None:
    sales = draw_sales(Calendar(UNTIL), 1)
    leads = {one.id: one.received for one in sales.leads[site.organisation]}
    orders = {
        one.id: (one.ordered, float(one.revenue))
        for one in sales.orders[site.organisation]
        if one.status == "completed" and one.kind == "order"
    }

    heard = happenings(site, until=UNTIL, seed=1)

    calls = {one.id: one.started for one in sales.calls[site.organisation]}
    asked = {str(one.p["lead_id"]): one.at for one in heard if one.kind == "lead"}
    bought = {
        str(one.p["order_id"]): (one.at, one.p["value"]) for one in heard if one.kind == "order"
    }
    called = {str(one.p["call_id"]): one.at for one in heard if one.kind == "call"}
    assert asked.items() <= leads.items()
    assert called.items() <= calls.items()
    assert called
    assert bought.items() <= orders.items()
    assert len(asked) == sum(
        UNTIL - timedelta(days=DAYS) <= one.date() < UNTIL for one in leads.values()
    )


def test_who_did_not_agree_is_called_nothing_beyond_the_day() -> None:
    heard = happenings(SITES[0], until=UNTIL, seed=1)

    followed = {one.day_visitor for one in heard if one.cookie}
    unknown = [one for one in heard if not one.cookie and not one.is_server and not one.is_click]
    days = Counter((one.day_visitor, one.at.date()) for one in unknown)
    assert unknown
    assert not followed & {one.day_visitor for one in unknown}
    assert len(days) == len({who for who, _day in days})
    assert all("login" not in one.p for one in unknown)


def test_every_agency_is_measured_but_those_with_a_tool_of_their_own() -> None:
    measured = {site.organisation for site in SITES}
    others = {slug for slug, _size in OWN_TRACKER_SITES}

    assert measured | others >= {one.slug for one in of_kind("franchisee")}
    assert not measured & others
    assert len({site.code(way) for site in SITES for way in LINKS}) == len(SITES) * len(LINKS)
