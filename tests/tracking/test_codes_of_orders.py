"""An order that names a code is a use of it: once, however it is told, and with its reason."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from regie.apps.access.context import acting_as, operating
from regie.apps.tracking import services
from regie.apps.tracking.models import PromoCode, Redemption, Site
from regie.kernel.i18n import Sentence
from tests.attribution.heard import Heard, a_site, forget_journals, publish
from tests.attribution.test_journeys import DAY, NOON, asked, earned, order
from tests.cast import Cast, total
from tests.web.test_every_page import signed_in


@pytest.fixture
def shop(cast: Cast) -> Site:
    forget_journals()
    with acting_as(cast.chloe):
        for code, once in (("SALON25", False), ("UNIQUE-1", True)):
            services.create_codes(
                actor=cast.chloe, organisation=cast.nantes,
                wanted=services.WantedCode(code, code, "flyer", "coupon", "soldes",
                                           is_single_use=once),
            )  # fmt: skip
    return a_site(cast.nantes, cast.chloe)


def told(id: str, **p: Any) -> Heard:
    return Heard(id, "redemption", NOON + DAY, p=p, is_server=True)


def kept() -> list[tuple[str, str, bool]]:
    with operating():
        found = Redemption.objects.order_by("pk")
        return list(found.values_list("order_id", "typed", "is_accepted"))


def test_a_use_counts_once_whether_the_order_or_somebody_else_tells_it_first(
    shop: Site, cast: Cast
) -> None:
    again = order("O-1", NOON, 90, code="salon 25")
    first = order("O-2", NOON, 50)
    publish(shop, again, told("r-2", code="SALON25", order_id="O-2"))
    publish(
        shop, again, told("r-1", code="SALON25", order_id="O-1"),
        Heard("other-1", "order", NOON, p=again.p, is_server=True),
        Heard("other-2", "order", NOON, p=first.p | {"promo_code": "salon25"}, is_server=True),
        Heard("b", "refund", NOON + DAY, is_server=True,
              p={"order_id": "O-1", "value": 90, "currency": "EUR", "code": "salon25"}),
    )  # fmt: skip
    with acting_as(cast.chloe):
        services.redeem(actor=cast.chloe, organisation=cast.nantes, typed="Salon 25",
                        order_id="O-1")  # fmt: skip
    publish(shop)

    assert kept() == [("O-1", "salon 25", True), ("O-2", "SALON25", True)]
    assert total(cast.chloe, "redemptions") == 2
    assert total(cast.diane, "redemptions") is None


def test_a_single_use_is_used_up_by_an_order_and_the_next_is_kept_with_the_reason(
    shop: Site, cast: Cast
) -> None:
    publish(
        shop, order("O-1", NOON, 90, code="unique 1"), order("O-2", NOON, 90, code="UNIQUE-1"),
        order("O-3", NOON, 90, promo_code="NOBODYS"),
    )  # fmt: skip

    page = signed_in(cast.chloe, "en").get("/codes/").content.decode()

    assert [one[2] for one in kept()] == [True, False, False]
    assert total(cast.chloe, "redemptions") == 1
    with operating():
        reasons = [
            str(Sentence.from_json(one)) for one in Redemption.objects.order_by("pk")
            .values_list("reason", flat=True) if one
        ]  # fmt: skip
    assert ["used already" in one for one in reasons] == [True, False]
    assert "NOBODYS" in page
    assert "There is no code" in page
    assert "O-3" in page


def test_its_channel_and_campaign_earn_the_order_once(shop: Site, cast: Cast) -> None:
    login = {"login": "c-7"}
    publish(
        shop, Heard("a", "page_view", NOON - DAY, "x", via="social"),
        Heard("b", "identify", NOON - DAY + timedelta(minutes=1), "x", p=login),
        order("O-1", NOON, 90, code="SALON25", **login),
    )  # fmt: skip

    orders, uses = asked(cast.chloe), asked(cast.chloe, kind="redemption")

    assert orders.rests.conversions == uses.rests.conversions == 1
    assert len(earned(orders)) == 2
    assert set(earned(orders).values()) == {0.5}
    # Who used the code is who ordered: the visit before is known.
    assert earned(uses)["Organic Social"] > 0
    assert sum(earned(uses).values()) == 1


def test_codes_with_ligatures_made_before_they_were_letters_are_found(
    shop: Site, cast: Cast
) -> None:
    with acting_as(cast.chloe):
        for code in ("CŒUR 10", "Lætitia"):
            services.create_codes(actor=cast.chloe, organisation=cast.nantes,
                                  wanted=services.WantedCode(code, code))  # fmt: skip
    with operating():
        PromoCode.objects.filter(code="CŒUR 10").update(folded="cur10")
        PromoCode.objects.filter(code="Lætitia").update(folded="1t1t1a")
        PromoCode.objects.filter(code="SALON25").update(folded="1aet1t1a")

    with connection.schema_editor() as editor:
        import_module("regie.apps.tracking.migrations.0006_ligatures").refold(None, editor)

    with operating():
        folds = dict(PromoCode.objects.values_list("code", "folded"))
    # Of two codes that now read alike, the second stays as it was.
    assert folds == {
        "CŒUR 10": "c0eur10", "Lætitia": "1t1t1a", "SALON25": "1aet1t1a", "UNIQUE-1": "un1que1",
    }  # fmt: skip
