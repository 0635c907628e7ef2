"""What the demo's sites are said to have heard: the same each time, of people who come back."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from regie.demo.journeys import DAYS, SITES, DemoSite, happenings

UNTIL = date(2026, 9, 30)


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.organisation)
def test_the_same_seed_gives_the_same_journeys_of_the_last_weeks(site: DemoSite) -> None:
    heard = happenings(site, until=UNTIL, seed=1)

    assert heard == happenings(site, until=UNTIL, seed=1)
    assert heard != happenings(site, until=UNTIL, seed=2)
    assert len({one.id for one in heard}) == len(heard)
    assert heard[0].at.date() >= UNTIL - timedelta(days=DAYS + 1)
    assert heard[-1].at.date() <= UNTIL
    kinds = Counter(one.kind for one in heard)
    assert all(kinds[one] for one in ("page_view", "click", "identify", "order", "lead"))


def test_who_did_not_agree_is_called_nothing_beyond_the_day() -> None:
    heard = happenings(SITES[0], until=UNTIL, seed=1)

    followed = {one.day_visitor for one in heard if one.cookie}
    unknown = [one for one in heard if not one.cookie and not one.is_server and not one.is_click]
    days = Counter((one.day_visitor, one.at.date()) for one in unknown)
    assert unknown
    assert not followed & {one.day_visitor for one in unknown}
    assert len(days) == len({who for who, _day in days})
    assert all("login" not in one.p for one in unknown)
