"""From ads and the site to the shop, and from the shop to the site."""

from __future__ import annotations

from datetime import timedelta

import pytest

from regie.apps.access.context import acting_as
from regie.apps.access.selectors import scope_of
from regie.apps.attribution import both_ways as ways
from regie.apps.attribution.selectors import BothWays, Sold, both_ways
from regie.apps.attribution.services import ask
from regie.apps.beneficiaries.selectors import opened
from regie.apps.organisations import selectors as organisations
from regie.apps.tracking.models import Site
from regie.domain.attribution.questions import Question
from tests.attribution.heard import Heard, publish
from tests.attribution.test_journeys import DAY, JUNE, MINUTE, NOON, asked, earned, order, site
from tests.cast import Cast
from tests.web.test_every_page import signed_in
from tests.web.test_explanation import text_of

__all__ = ["site"]

pytestmark = pytest.mark.slow
DAYS = "from=2026-06-01&to=2026-06-30"


def found(person, **more) -> BothWays | None:
    with acting_as(person):
        scope = scope_of(organisations.visible_organisations())
        return both_ways(Question(**{"period": JUNE, **more}), scope)


def seen(name: str, at, login: str, via: str) -> list[Heard]:
    return [
        Heard(f"v-{name}", "page_view", at, name, via=via),
        Heard(f"i-{name}", "identify", at + MINUTE, name, via=via, p={"login": login}),
    ]


@pytest.fixture
def sold(site: Site) -> None:
    """Four buyers: by an ad to the shop, by a letter to the shop, out of the blue in the shop and
    later online, in the shop without buying and later online."""
    publish(
        site,
        *seen("one", NOON - 2 * DAY, "c-1", "search"),
        order("S-1", NOON, 100, login="c-1", place="shop", shop="Nantes"),
        *seen("two", NOON - DAY, "c-2", "email"),
        order("S-2", NOON, 50, login="c-2", place="magasin", shop="Nantes"),
        order("S-3", NOON, 25, login="c-3", place="shop", shop="Rennes"),
        order("W-3", NOON + 3 * DAY, 75, login="c-3", place="site"),
        Heard("came", "shop_visit", NOON, is_server=True, p={"shop": "Rennes", "login": "c-4"}),
        order("W-4", NOON + DAY, 40, login="c-4"),
        *seen("five", NOON, "c-5", "social"),
        order("W-5", NOON + DAY, 10, login="c-5", place="web"),
    )


@pytest.mark.requirement("MEAS-27")
@pytest.mark.requirement("ID-2")
def test_sales_are_followed_from_the_ad_to_the_shop_and_from_the_shop_to_the_site(
    sold: None, cast: Cast
) -> None:
    assert found(cast.chloe) == BothWays(
        in_shops=Sold(3, 175.0), after_the_site=Sold(2, 150.0), after_an_ad=Sold(1, 100.0),
        outside=Sold(3, 125.0), after_a_shop=Sold(2, 115.0),
    )  # fmt: skip
    assert found(cast.diane) is None

    page = text_of(cast.chloe, f"/attribution/?{DAYS}")
    for words in ("From an ad to a shop of 3 sold in shops 1 €100.00 33%",
                  "From a shop to the site of 3 sold elsewhere 2 €115.00 67%"):  # fmt: skip
        assert words in page
    said = ask(Question(period=JUNE), person=cast.chloe.email)["shops"]
    assert said["after_a_shop"] == {"conversions": 2, "conversion_value": "115"}
    assert "Shops and the site" not in text_of(cast.diane, f"/attribution/?{DAYS}")


def test_each_way_opens_the_sales_that_went_it_and_where_their_buyers_had_been(
    sold: None, cast: Cast
) -> None:
    def behind(way: str) -> str:
        return text_of(cast.chloe, f"/attribution/explain/?{DAYS}&way={way}")

    by_ad, to_the_site = behind("after_an_ad"), behind("after_a_shop")

    assert "S-1 €100.00 On the site, by an ad 8 Jun" in by_ad
    assert "S-2" not in by_ad
    assert "S-2 €50.00 On the site 9 Jun" in behind("after_the_site")
    assert "The 2 conversions behind it, the latest first W-3 €75.00 In a shop" in to_the_site
    assert "W-5" not in to_the_site
    for who, way in ((cast.diane, "after_an_ad"), (cast.chloe, "of-my-own")):
        answer = signed_in(who).get(f"/attribution/explain/?{DAYS}&way={way}")
        assert answer.status_code == 404


def test_what_is_kept_says_what_a_full_run_says(
    sold: None, site: Site, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = found(cast.chloe)
    publish(site, order("S-9", NOON + 4 * DAY, 5, login="c-5", place="shop"))
    later = found(cast.chloe)
    monkeypatch.setattr(ways, "is_kept", lambda *_said: False)

    assert kept is not None
    assert later is not None
    assert (later.in_shops.count, later.after_the_site.count) == (4, 3)
    with acting_as(cast.chloe):
        scope = scope_of(organisations.visible_organisations())
        whole = ways._counted(opened(scope), scope, ways.asked_of(Question(JUNE)))
    assert whole == later


def test_how_far_back_one_looks_is_the_window_of_the_question(sold: None, cast: Cast) -> None:
    short = found(cast.chloe, lookback=timedelta(days=1, hours=1))

    assert short is not None
    assert (short.after_an_ad.count, short.after_the_site.count) == (0, 1)
    assert short.after_a_shop == Sold(1, 40.0)
    assert found(cast.chloe, kind="lead") is None


def test_who_came_into_the_shop_has_that_visit_among_his_touches(sold: None, cast: Cast) -> None:
    earners = earned(asked(cast.chloe), "last_non_direct", "value")

    assert earners["Offline"] == 40
    assert asked(cast.chloe).rests.visits == 3  # of the site alone


def test_where_nobody_says_where_orders_are_placed_no_shop_is_told_of(
    site: Site, cast: Cast
) -> None:
    publish(
        site,
        order("S-1", NOON, 100, login="c-1"),
        Heard("r", "redemption", NOON - DAY, is_server=True,
              p={"code": "unknown", "shop": "Nantes", "login": "c-1"}),
    )  # fmt: skip

    assert found(cast.chloe) is None
