"""From what the collector heard to who earned it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from regie.apps.access.context import acting_as, operating
from regie.apps.access.selectors import scope_of
from regie.apps.attribution.selectors import Attribution, attribution
from regie.apps.identity import services as identity
from regie.apps.identity.models import Probable
from regie.apps.identity.solving import solve_organisation
from regie.apps.organisations import selectors as organisations
from regie.apps.tracking import services
from regie.apps.tracking.models import Identifier, Site
from regie.domain.attribution.questions import Question
from regie.kernel import clock
from regie.kernel.periods import Period
from tests.attribution.heard import Heard, a_site, forget_journals, publish
from tests.cast import Cast, bring, total
from tests.web.test_every_page import signed_in

pytestmark = pytest.mark.slow

JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
JULY = Period(date(2026, 7, 1), date(2026, 7, 31))
NOON = datetime(2026, 6, 10, 10, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def site(cast: Cast) -> Site:
    forget_journals()
    return a_site(cast.nantes, cast.chloe)


def asked(person, **more) -> Attribution:
    with acting_as(person):
        scope = scope_of(organisations.visible_organisations())
        return attribution(Question(**{"period": JUNE, **more}), scope)


def earned(found: Attribution, model: str = "linear", what: str = "conversions") -> dict:
    figures = getattr(found.credits[model], what)
    return {
        name: round(float(one), 9)
        for name, one in zip(found.units, figures, strict=True) if one
    }  # fmt: skip


def order(id: str, at: datetime, value: float, **more) -> Heard:
    p = {"order_id": id, "value": value, "currency": "EUR"} | more
    return Heard(f"e-{id}", "order", at, p=p, is_server=True)


def test_a_person_is_followed_from_device_to_device(site: Site, cast: Cast) -> None:
    publish(
        site,
        Heard("a", "page_view", NOON - 3 * DAY, "phone-1", via="social", device="phone"),
        Heard("b", "identify", NOON - 3 * DAY, "phone-1", p={"login": "c-7"}, device="phone"),
        Heard("c", "page_view", NOON - DAY, "desk-1", via="search"),
        Heard("d", "identify", NOON - DAY, "desk-1", p={"login": "c-7"}),
        order("O-1", NOON, 90, login="c-7"),
    )

    found = asked(cast.chloe)

    assert earned(found) == {"Organic Social": 0.5, "Paid Search": 0.5}
    assert earned(found, "first_touch", "value") == {"Organic Social": 90.0}
    assert earned(found, "last_touch", "value") == {"Paid Search": 90.0}
    assert (found.rests.conversions, found.rests.joined, found.rests.unattributed) == (1, 1, 0)
    assert (found.rests.across_devices, found.rests.devices_known) == (1, 1)


def test_a_device_of_two_people_joins_nobody(site: Site, cast: Cast) -> None:
    publish(
        site,
        Heard("a", "page_view", NOON - 3 * DAY, "shared", via="social"),
        Heard("b", "identify", NOON - 2 * DAY, "shared", p={"login": "one"}),
        Heard("c", "identify", NOON - DAY, "shared", p={"login": "two"}),
        order("O-1", NOON, 90, login="one"),
    )

    assert asked(cast.chloe).rests.unattributed == 1


def test_without_consent_credit_stays_within_the_day(site: Site, cast: Cast) -> None:
    publish(
        site,
        Heard("a", "page_view", NOON - DAY, day="monday", via="search"),
        Heard("b", "page_view", NOON, day="tuesday", via="social"),
        Heard("c", "lead", NOON + timedelta(minutes=2), day="tuesday", via="social"),
    )

    found = asked(cast.chloe, kind="lead")

    assert earned(found, "first_touch") == {"Organic Social": 1.0}
    assert (found.rests.within_a_day, found.rests.joined) == (1, 0)
    assert (found.rests.visits, found.rests.consented) == (2, 0)
    assert found.rests.not_converted == 0


def test_an_outsider_sees_no_journey(site: Site, cast: Cast) -> None:
    publish(
        site, Heard("a", "page_view", NOON - DAY, "x", via="social"),
        Heard("b", "identify", NOON, "x", p={"login": "c-7"}), order("O-1", NOON, 90, login="c-7"),
    )  # fmt: skip

    assert earned(asked(cast.amelie)) == {"Organic Social": 1.0}
    nothing = asked(cast.diane)
    assert (nothing.units, nothing.rests.conversions, nothing.rests.visits) == ([], 0, 0)


def test_a_refund_in_a_file_is_taken_off_the_measured_order_once(
    site: Site, cast: Cast, tmp_path: Path
) -> None:
    publish(
        site, Heard("a", "page_view", NOON - DAY, "x", via="social"),
        Heard("b", "identify", NOON - DAY, "x", p={"login": "c-7"}),
        order("O-1", NOON, 90, login="c-7"),
        Heard("r", "refund", NOON + DAY, p={"order_id": "O-1", "value": 30, "currency": "EUR"},
              is_server=True),
    )  # fmt: skip
    told = tmp_path / "orders.csv"
    told.write_text(
        "order_id,kind,ordered_at,currency,revenue\n"
        "O-1,order,2026-06-10T12:00:00+02:00,EUR,90\n"
        "O-1,refund,2026-06-11T12:00:00+02:00,EUR,-40\n"
    )
    bring(cast.nantes, told)

    assert earned(asked(cast.chloe), what="value") == {"Organic Social": 50.0}


OWN = (
    "order_id,kind,ordered_at,currency,revenue,refund_of\n"
    "R-9,refund,2026-07-11T12:00:00+02:00,EUR,-40,O-1\n"
)
SHOPIFY = (
    "id,order_id,created_at,total_refunded_set_shop_amount,"
    "total_refunded_set_shop_currency_code,note\n"
    "9001,O-1,2026-07-11 10:00:00,40.0,EUR,\n"
)
STRIPE = (
    "id,amount,charge_id,created,currency,receipt_number,status\n"
    "re_1,4000,O-1,2026-07-11 10:00:00,eur,,succeeded\n"
)


@pytest.mark.parametrize("told", [OWN, SHOPIFY, STRIPE], ids=["own", "shopify", "stripe"])
def test_a_refund_with_a_number_of_its_own_knows_its_order(
    told: str, site: Site, cast: Cast, tmp_path: Path
) -> None:
    publish(
        site, Heard("a", "page_view", NOON - DAY, "x", via="social"),
        Heard("b", "identify", NOON - DAY, "x", p={"login": "c-7"}),
        order("O-1", NOON, 90, login="c-7"),
    )  # fmt: skip
    path = tmp_path / "refunds.csv"
    path.write_text(told)
    bring(cast.nantes, path)

    assert earned(asked(cast.chloe), what="value") == {"Organic Social": 50.0}
    revenue = [total(cast.chloe, "revenue", period=month, currency="EUR") for month in (JUNE, JULY)]
    # The report is a view of the till: what was given back is of its own day.
    assert revenue == [90, -40]


@pytest.mark.parametrize("said", [{"order_id": "O-1"}, {"refund_id": "R-9", "order_id": "O-1"}])
def test_a_refund_is_taken_off_its_order(site: Site, cast: Cast, said: dict[str, str]) -> None:
    publish(
        site, Heard("a", "page_view", NOON - DAY, "x", via="social"),
        Heard("b", "identify", NOON - DAY, "x", p={"login": "c-7"}),
        order("O-1", NOON, 90, login="c-7"),
        Heard("r", "refund", NOON + DAY, p={**said, "value": 30, "currency": "EUR"},
              is_server=True),
    )  # fmt: skip

    found = asked(cast.chloe)

    assert earned(found, what="value") == {"Organic Social": 60.0}
    assert earned(found) == {"Organic Social": 1.0}
    assert np.isclose(found.rests.value, 60)


@pytest.mark.requirement("ID-6")
def test_what_probable_links_add_is_a_range(site: Site, cast: Cast) -> None:
    publish(
        site, Heard("a", "page_view", NOON - 3 * DAY, "phone", via="social"),
        Heard("b", "page_view", NOON - DAY, "desk", via="search"),
        Heard("c", "identify", NOON - DAY, "desk", p={"login": "c-7"}),
        order("O-1", NOON, 90, login="c-7"),
    )  # fmt: skip
    with operating():
        phone, desk = Identifier.objects.filter(kind="device").order_by("pk")
        Probable.objects.create(
            organisation=cast.nantes, one=phone, other=desk, probability=0.97, found_at=clock.now()
        )
    with acting_as(cast.chloe):
        identity.count_probable(actor=cast.chloe, organisation=cast.nantes, on=True)
    with operating():
        solve_organisation(cast.nantes.pk, touched=[phone.pk, desk.pk])

    assert earned(asked(cast.chloe)) == {"Paid Search": 1.0}
    assert earned(asked(cast.chloe, probable=True)) == {"Organic Social": 0.5, "Paid Search": 0.5}
    page = signed_in(cast.chloe, "en").get("/attribution/?from=2026-06-01&to=2026-06-30")
    assert "deterministic only 0.00, with probable links 0.50" in page.content.decode()


def test_a_credit_may_be_of_the_day_of_its_visit(site: Site, cast: Cast) -> None:
    may = NOON - timedelta(days=20)
    publish(
        site, Heard("a", "page_view", may, "x", via="social"),
        Heard("b", "page_view", NOON - DAY, "x", via="search"),
        Heard("c", "identify", NOON - DAY, "x", p={"login": "c-7"}),
        order("O-1", NOON, 90, login="c-7"),
    )  # fmt: skip
    months = {"may": Period(date(2026, 5, 1), date(2026, 5, 31)), "june": JUNE}

    by_sale = {name: earned(asked(cast.chloe, period=one)) for name, one in months.items()}
    by_click = {
        name: earned(asked(cast.chloe, period=one, basis="click")) for name, one in months.items()
    }

    assert by_sale == {"may": {}, "june": {"Organic Social": 0.5, "Paid Search": 0.5}}
    assert by_click == {"may": {"Organic Social": 0.5}, "june": {"Paid Search": 0.5}}


def test_direct_leaves_its_credit_to_the_others(site: Site, cast: Cast) -> None:
    publish(
        site, Heard("a", "page_view", NOON - 2 * DAY, "x", via="social"),
        Heard("b", "page_view", NOON - DAY, "x"),
        Heard("c", "identify", NOON - DAY, "x", p={"login": "c-7"}),
        order("O-1", NOON, 90, login="c-7"),
        Heard("d", "page_view", NOON - DAY, "y"),
        Heard("e", "identify", NOON - DAY, "y", p={"login": "c-8"}),
        order("O-2", NOON, 10, login="c-8"),
    )  # fmt: skip

    kept, left = asked(cast.chloe), asked(cast.chloe, exclude_direct=True)

    assert earned(kept) == {"Direct": 1.5, "Organic Social": 0.5}
    assert earned(left) == {"Organic Social": 2.0}
    assert earned(left, what="value") == {"Organic Social": 100.0}


def visited_and_ordered(site: Site, cast: Cast, *more: Heard, **of_order: str) -> None:
    """A visit and an order of the bearer of a loyalty card; the shop has a code of paper."""
    with operating():
        services.create_codes(
            actor=cast.chloe, organisation=cast.nantes,
            wanted=services.WantedCode("Salon", "SALON", source="salon", medium="print"),
        )  # fmt: skip
    publish(
        site, Heard("a", "page_view", NOON - DAY, "x", via="social"),
        Heard("b", "identify", NOON - DAY, "x", p={"loyalty_card": "77"}),
        order("O-1", NOON, 90, loyalty_card="77", **of_order), *more,
    )  # fmt: skip


def test_a_code_at_the_till_is_a_touch_of_whoever_ordered(site: Site, cast: Cast) -> None:
    visited_and_ordered(site, cast, code="salon", shop="Nantes")

    assert earned(asked(cast.chloe)) == {"Offline": 0.5, "Organic Social": 0.5}


def test_a_code_used_in_a_shop_is_a_conversion_of_whoever_ordered(site: Site, cast: Cast) -> None:
    redeemed = {"code": "salon", "order_id": "O-1", "shop": "Nantes"}
    visited_and_ordered(site, cast, Heard("r", "redemption", NOON, p=redeemed, is_server=True))

    found = asked(cast.chloe, kind="redemption")

    assert earned(found) == {"Offline": 0.5, "Organic Social": 0.5}
    assert (found.rests.conversions, found.has_value) == (1, False)
    assert total(cast.chloe, "attributed_redemptions", period=JUNE) == 1


def test_who_agrees_on_the_page_he_came_to_and_acts_there_has_come_by_it(
    site: Site, cast: Cast
) -> None:
    """No page is seen after the banner: the visit goes on all the same, and counts once."""
    publish(
        site,
        Heard("a", "page_view", NOON, day="today", via="social"),
        Heard("b", "consent", NOON + MINUTE, "phone", day="today", via="social", p={"before": 1}),
        Heard("c", "lead", NOON + 2 * MINUTE, "phone", day="today", via="social"),
    )
    found = asked(cast.chloe, kind="lead")

    assert earned(found) == {"Organic Social": 1}
    assert (found.rests.joined, found.rests.visits, found.rests.not_converted) == (1, 1, 0)
    assert total(cast.chloe, "visits", period=JUNE) == 1


def test_a_link_that_is_cut_earns_nothing_and_taken_back_all_again(site: Site, cast: Cast) -> None:
    publish(
        site, Heard("a", "page_view", NOON - DAY, "x", via="social"),
        Heard("b", "identify", NOON - DAY, "x", p={"login": "c-7"}),
        order("O-1", NOON, 90, login="c-7"),
    )  # fmt: skip
    before = asked(cast.chloe)
    with acting_as(cast.chloe):
        device, login = Identifier.objects.order_by("kind")
        word = identity.cut_link(actor=cast.chloe, one=device.pk, other=login.pk)
    cut = asked(cast.chloe)
    with acting_as(cast.chloe):
        identity.take_back(actor=cast.chloe, correction_id=word)

    assert earned(before, what="value") == {"Organic Social": 90.0}
    assert (earned(cut), cut.rests.unattributed) == ({}, 1)
    assert asked(cast.chloe).rests == before.rests
    assert earned(asked(cast.chloe), what="value") == earned(before, what="value")
