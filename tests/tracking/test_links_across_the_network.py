"""A link of the head that leads to the site of a shop: each sees of it what is theirs to see."""

from __future__ import annotations

from datetime import UTC

import pytest

from regie.apps.access.context import acting_as, operating
from regie.apps.access.selectors import scope_of
from regie.apps.accounts.models import User
from regie.apps.organisations import selectors as organisations
from regie.apps.organisations.models import Organisation
from regie.apps.tracking import selectors, services
from regie.apps.tracking.models import Link, Site
from regie.ingestion.collected.journal import Record
from regie.kernel.periods import Period
from tests.attribution.heard import (
    BROWSERS,
    Heard,
    a_site,
    forget_journals,
    publish,
    write_journal,
)
from tests.attribution.test_journeys import DAY, NOON, asked, earned, order
from tests.cast import Cast
from tests.web.test_every_page import signed_in

JUNE = Period((NOON - 9 * DAY).date(), (NOON + 19 * DAY).date())


@pytest.fixture
def shop(cast: Cast) -> Site:
    forget_journals()
    return a_site(cast.nantes, cast.chloe)


def a_link(organisation: Organisation, actor: User) -> Link:
    with operating():
        made = services.create_link(
            actor=actor, organisation=organisation,
            wanted=services.Wanted("Secret plan", "https://boutique.example/", "facebook",
                                   "paid_social", "rentree"),
        )  # fmt: skip
        return Link.objects.get(pk=made)


def follow(link: Link, site: Site) -> None:
    """Click it, arrive, and buy."""
    at = NOON.replace(tzinfo=UTC)
    write_journal(Record(
        "k", "click", int(at.timestamp() * 1e6), link.organisation_id, link.pk, "", "",
        BROWSERS["phone"], "203.0.113.0", "x",
    ))  # fmt: skip
    login = {"login": "c-7"}
    publish(
        site, Heard("a", "page_view", NOON, "x", query=f"?rg={link.code}"),
        Heard("b", "identify", NOON + DAY / 48, "x", p=login),
        order("O-1", NOON + DAY / 24, 90, **login),
    )  # fmt: skip


def seen(person: User, link: Link) -> tuple[int, int]:
    with acting_as(person):
        found = selectors.link_figures(scope_of(organisations.visible_organisations()),
                                       link.pk, JUNE)  # fmt: skip
    return found.clicks, found.visits


def test_the_head_sees_what_followed_and_the_shop_where_its_visits_came_from(
    shop: Site, cast: Cast
) -> None:
    link = a_link(cast.network, cast.amelie)
    follow(link, shop)

    assert seen(cast.amelie, link) == (1, 1)
    # The clicks are of whoever made the link; the visits are of the shop.
    assert seen(cast.chloe, link) == (0, 1)
    assert seen(cast.diane, link) == (0, 0)
    for person in (cast.amelie, cast.chloe):
        assert earned(asked(person, unit="campaign"), what="value") == {"rentree": 90.0}
        assert earned(asked(person, unit="link")) == {str(link.pk): 1.0}
    assert _called(cast.amelie, link) == "Secret plan"
    assert _called(cast.chloe, link) == "facebook · paid_social · rentree"


def test_a_link_of_another_network_is_tied_to_nothing(shop: Site, cast: Cast) -> None:
    link = a_link(cast.studio, cast.diane)
    follow(link, shop)

    assert seen(cast.diane, link) == (1, 0)
    assert seen(cast.chloe, link) == (0, 0)
    assert earned(asked(cast.chloe, unit="link")) == {"Direct": 1.0}


def test_what_is_not_known_is_no_zero(shop: Site, cast: Cast) -> None:
    link = a_link(cast.studio, cast.diane)
    follow(link, shop)

    page = signed_in(cast.diane, "en").get(f"/links/{link.pk}/").content.decode()

    assert "<dt>Visits that followed</dt><dd>–</dd>" in page


def _called(person: User, link: Link) -> str:
    with acting_as(person):
        return selectors.link_names([link.pk])[link.pk]
