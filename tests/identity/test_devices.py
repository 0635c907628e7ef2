"""Purchases across devices, and what joins a shop to a click: counted, and hidden when few."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

import regie
from regie.apps.access.context import acting_as, operating
from regie.apps.access.selectors import scope_of
from regie.apps.dashboards.selectors import explain
from regie.apps.identity import selectors, services
from regie.apps.identity.selectors import Crossing
from regie.apps.identity.walking import walked
from regie.apps.organisations.selectors import visible_organisations
from regie.apps.tracking import services as tracking
from regie.domain.metrics.planning import parse
from regie.kernel import clock
from regie.kernel.periods import Period
from tests.cast import Cast, ask, total
from tests.identity.visits import Shop

pytestmark = pytest.mark.slow

TIKTOK = "https://boutique.example/?utm_source=tiktok&utm_medium=paid_social&ttclid=Tt1"


def period() -> Period:
    return Period(clock.today() - timedelta(days=60), clock.today() + timedelta(days=1))


def crossing(person: Any) -> Crossing:
    with acting_as(person):
        return selectors.cross_device(scope_of(visible_organisations()), period())


def journeys(cast: Cast) -> list[tuple[str, list[str]]]:
    """Channels before each order, by person, as attribution reads them."""
    with operating():
        scope = scope_of([cast.nantes])
        with walked(scope, period()) as (engine, table):
            rows = engine.execute(
                f"SELECT o.ref, list(t.channel ORDER BY t.happened_at) FROM {table} o "
                f"JOIN {table} t ON t.who = o.who AND t.kind = 'page_view' "
                "AND t.happened_at < o.happened_at WHERE o.kind = 'order' GROUP BY 1 ORDER BY 1"
            ).fetchall()
    return [(ref, list(channels)) for ref, channels in rows]


def credits(cast: Cast) -> dict[tuple[str, str], tuple[float, float]]:
    """What every model gives each channel, from the events as the person of each stands now."""
    with operating():
        scope = scope_of([cast.nantes])
        with walked(scope, period()) as (engine, table):
            events = engine.execute(
                "SELECT who AS customer_id, happened_at AS ts, "
                "CASE WHEN kind = 'page_view' THEN channel END AS channel, "
                f"CAST(CASE WHEN kind = 'order' THEN value END AS DOUBLE) AS value FROM {table} "
                "WHERE kind IN ('page_view', 'order') ORDER BY happened_at, event_id"
            ).to_arrow_table()
    found: pa.Table = regie.attribute_events(events, models="all", lookback="30d")
    return {
        (row["model"], row["channel"]): (row["conversions"], row["conversion_value"])
        for row in found.to_pylist()
    }


@pytest.mark.requirement("ID-3")
@pytest.mark.requirement("ID-4")
@pytest.mark.requirement("ID-S1")
def test_a_visit_on_the_phone_and_an_order_on_the_desktop_are_one_journey(
    shop: Shop, cast: Cast
) -> None:
    """I1."""
    day = clock.now() - timedelta(days=2)
    shop.heard("page_view", device="phone", url=TIKTOK, at=day, agent="phone")
    shop.heard("identify", device="phone", login="c-1", at=day, agent="phone")
    shop.heard("page_view", device="desktop", at=day + timedelta(days=1))
    shop.heard("identify", device="desktop", login="c-1", at=day + timedelta(days=1))
    shop.heard("order", login="c-1", order_id="1", value=80, currency="EUR",
               at=day + timedelta(days=1, minutes=5))  # fmt: skip
    shop.known()

    assert journeys(cast) == [("1", ["Paid Social", "Direct"])]
    found = crossing(cast.chloe)
    assert (found.all, found.purchases, found.crossed) == (1, 1, 1)
    assert found.share is None  # one purchase would point at somebody
    assert crossing(cast.diane) == Crossing(0, 0, 0, 0)

    with acting_as(cast.chloe):
        services.cut_link(actor=cast.chloe, one=shop.key("phone"), other=shop.key("c-1"))
    assert journeys(cast) == [("1", ["Direct"])]
    assert crossing(cast.chloe).crossed == 0


@pytest.mark.requirement("ID-5")
@pytest.mark.requirement("ID-S2")
def test_42_of_100_purchases_begin_on_one_device_and_end_on_another(shop: Shop, cast: Cast) -> None:
    """I2."""
    day = clock.now() - timedelta(days=3)
    for number in range(100):
        at = day + timedelta(seconds=number * 10)
        shop.heard("identify", device=f"phone-{number}", login=f"c-{number}", at=at)
        if number < 42:
            shop.heard("identify", device=f"desk-{number}", login=f"c-{number}",
                       at=at + timedelta(seconds=1))  # fmt: skip
        shop.heard("order", login=f"c-{number}", order_id=f"{number}", value=10, currency="EUR",
                   at=at + timedelta(seconds=2))  # fmt: skip
    shop.known()

    found = crossing(cast.amelie)
    assert (found.all, found.purchases, found.crossed) == (100, 100, 42)
    assert found.share == Decimal("0.42")


@pytest.mark.requirement("ID-S8")
def test_a_coupon_shown_at_the_till_joins_the_sale_to_the_click(shop: Shop, cast: Cast) -> None:
    """I8, both ways: from the ad to the shop, and from the shop to the site."""
    with operating():
        tracking.create_codes(
            actor=cast.chloe, organisation=cast.nantes,
            wanted=tracking.WantedCode("Bon d’accueil", "BIENVENUE-7", is_single_use=True),
        )  # fmt: skip
    day = clock.now() - timedelta(days=2)
    shop.heard("page_view", device="phone", url=TIKTOK, at=day, agent="phone")
    shop.heard("coupon_shown", device="phone", code="BIENVENUE-7", at=day, agent="phone")
    phone = "a" * 64
    shop.heard("redemption", code="bienvenue 7", phone_sha256=phone, shop="Nantes",
               at=day + timedelta(hours=5))  # fmt: skip
    shop.heard("order", phone_sha256=phone, order_id="till-1", value=30, currency="EUR",
               at=day + timedelta(hours=5, minutes=1))  # fmt: skip
    shop.heard("order", phone_sha256=phone, order_id="web-1", value=45, currency="EUR",
               at=day + timedelta(days=1))  # fmt: skip
    shop.known()

    assert journeys(cast) == [("till-1", ["Paid Social"]), ("web-1", ["Paid Social"])]


def test_taking_a_merge_back_restores_every_report_to_the_cent(shop: Shop, cast: Cast) -> None:
    day = clock.now() - timedelta(days=5)
    mediums = ("paid_social", "email", "cpc", "organic")
    for number in range(12):
        at = day + timedelta(hours=number)
        url = f"https://boutique.example/?utm_source=s{number % 5}&utm_medium={mediums[number % 4]}"
        shop.heard("page_view", device=f"d-{number % 6}", url=url, at=at)
        shop.heard("identify", device=f"d-{number % 6}", login=f"c-{number % 3}", at=at)
        shop.heard("order", login=f"c-{number % 3}", order_id=f"{number}", currency="EUR",
                   value=round(19.99 + number * 3.37, 2), at=at + timedelta(minutes=9))  # fmt: skip
    shop.known()
    before, devices = credits(cast), crossing(cast.chloe)

    with operating():
        words = [
            services.cut_link(actor=None, one=shop.key(f"d-{n}"), other=shop.key(f"c-{n % 3}"))
            for n in (0, 4)
        ]
    parted = credits(cast)
    assert parted != before
    with operating():
        for word in words:
            services.take_back(actor=None, correction_id=word)
    assert credits(cast) == before
    assert crossing(cast.chloe) == devices

    with operating():
        apart = services.hold_apart(actor=None, one=shop.key("c-0"), other=shop.key("d-3"))
    assert credits(cast) != before
    with operating():
        services.take_back(actor=None, correction_id=apart)
    assert credits(cast) == before


@pytest.mark.requirement("ID-5")
def test_the_share_across_devices_is_a_metric_and_hidden_where_few(shop: Shop, cast: Cast) -> None:
    """The same by page, query and export: a sum over a sum, of purchases whose devices are known.

    Forty by e-mail of which ten crossed, twenty by an ad of which all did.
    """
    day = clock.now() - timedelta(days=3)
    for number in range(60):
        at = day + timedelta(seconds=number * 10)
        by_mail, login = number < 40, f"c-{number}"
        shop.heard("identify", device=f"phone-{number}", login=login, at=at)
        if number % 4 == 0 or not by_mail:
            shop.heard("identify", device=f"desk-{number}", login=login,
                       at=at + timedelta(seconds=1))  # fmt: skip
        shop.heard("order", login=login, order_id=f"{number}", value=10, currency="EUR",
                   source="news" if by_mail else "tiktok",
                   medium="email" if by_mail else "paid_social",
                   at=at + timedelta(seconds=2))  # fmt: skip
    shop.known()

    found = ask(cast.amelie, "cross_device_share", ["channel"], period=period())
    assert found.totals["cross_device_share"] == crossing(cast.amelie).share == Decimal("0.5")
    assert {row["channel"]: row["cross_device_share"] for row in found.rows} == {
        "Email": Decimal("0.25"), "Paid Social": None,
    }  # fmt: skip
    assert any("fewer than 30" in str(note) for note in found.notes)
    parts = ["purchases_across_devices", "purchases_devices_known"]
    beside = ask(cast.chloe, parts, ["channel"], period=period())
    assert [[row[name] for name in parts] for row in beside.rows] == [[10, 40], [None, 20]]
    assert ask(cast.diane, "cross_device_share").totals == {"cross_device_share": None}
    other_days = Period(period().start - timedelta(days=90), period().start)
    nothing = ask(cast.chloe, "cross_device_share,revenue", period=other_days)
    assert nothing.totals["cross_device_share"] is None
    assert nothing.notes == []

    with acting_as(cast.chloe):
        for number in (0, 4, 8, 12):
            services.cut_link(
                actor=cast.chloe, one=shop.key(f"phone-{number}"), other=shop.key(f"c-{number}")
            )
    assert crossing(cast.chloe).crossed == 26
    assert round(total(cast.chloe, "cross_device_share"), 9) == round(Decimal(26) / 60, 9)
    with acting_as(cast.chloe):
        scope = scope_of(visible_organisations())
        query = parse(metrics=["cross_device_share"], period=period())
        explained = explain(query, scope, pages={})
    assert [source.account for source in explained.sources] == ["Boutique"]
    assert explained.facts == [], "no purchase is told one by one"


def test_an_order_that_was_cancelled_is_no_purchase(shop: Shop, cast: Cast) -> None:
    day = clock.now() - timedelta(days=2)
    shop.heard("page_view", device="phone", at=day, agent="phone")
    shop.heard("identify", device="phone", login="c-1", at=day, agent="phone")
    shop.heard("page_view", device="desktop", at=day + timedelta(days=1))
    shop.heard("identify", device="desktop", login="c-1", at=day + timedelta(days=1))
    sold = {"login": "c-1", "value": 80, "currency": "EUR"}
    for number in ("1", "2"):
        shop.heard("order", order_id=number, at=day + timedelta(days=1, minutes=5), **sold)
    shop.heard("order", order_id="2", at=day + timedelta(days=1, hours=1), status="cancelled",
               **sold)  # fmt: skip
    shop.known()

    found = crossing(cast.chloe)
    assert (found.all, found.purchases, found.crossed) == (1, 1, 1)
    names = ("purchases_devices_known", "orders", "aov")
    answer = ask(cast.chloe, names, period=period(), currency="EUR")
    assert [answer.totals[name] for name in names] == [1, 1, 80]
