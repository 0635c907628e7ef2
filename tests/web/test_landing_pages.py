"""Landing pages: an ad has one, the home page is none, and each says what it brought."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from regie.apps.access.context import operating
from regie.apps.tracking.models import Link, Site
from regie.kernel import clock
from regie.kernel.periods import Period
from tests.attribution.heard import Heard, publish
from tests.attribution.test_journeys import MINUTE, asked, earned, site
from tests.cast import Cast
from tests.web.test_every_page import signed_in
from tests.web.test_explanation import text_of
from tests.web.test_tracking import SAID

__all__ = ["site"]

pytestmark = pytest.mark.slow
NOON = (clock.now() - timedelta(days=3)).replace(hour=12, minute=0, tzinfo=None)
WEEK = Period(NOON.date() - timedelta(days=5), NOON.date() + timedelta(days=1))
AD = {**SAID, "medium": "cpc", "source": "google", "campaign": "marque"}


@pytest.fixture
def visited(site: Site) -> None:
    """Three people come by an ad to the home page, one of his own accord to a page beneath."""
    publish(
        site,
        *(Heard(f"ad-{n}", "page_view", NOON + n * MINUTE, f"p-{n}", via="search")
          for n in range(3)),
        Heard("own", "page_view", NOON, "p-9", query="devis"),
        Heard("asked", "lead", NOON + MINUTE, "p-9", query="devis"),
        Heard("named", "identify", NOON + MINUTE, "p-9", p={"login": "c-9"}),
        Heard("called", "call", NOON + 9 * MINUTE, is_server=True,
              p={"call_id": "A-1", "login": "c-9", "duration_s": 90}),
    )  # fmt: skip


def test_ads_that_lead_to_the_home_page_are_named_with_what_to_do(
    visited: None, cast: Cast
) -> None:
    page = text_of(cast.chloe, "/links/audit/")

    assert "3 of these visits came from an ad to the home page." in page
    assert "Lead each ad to a landing page that keeps what it promises." in page
    assert "home page" not in text_of(cast.diane, "/links/audit/")


@pytest.mark.requirement("MEAS-8")
def test_an_ad_without_a_landing_page_is_not_made_and_one_to_the_home_page_is_warned_of(
    cast: Cast,
) -> None:
    client = signed_in(cast.chloe, "en")
    nowhere = client.post("/links/new/", {**AD, "destination": ""})
    list_of_one = b"name;destination;source;medium;campaign\nA;;google;cpc;marque\n"
    listed = client.post("/links/bulk/", {"table": SimpleUploadedFile("ads.csv", list_of_one)})

    assert "an ad always needs a landing page" in nowhere.content.decode()
    assert "An ad always needs a landing page, and this one has none." in listed.content.decode()
    with operating():
        assert not Link.objects.exists()

    home = client.post("/links/new/", {**AD, "destination": "https://boutique.example/"})
    beneath = client.post("/links/new/", {**AD, "destination": "https://boutique.example/devis"})

    assert "This ad leads to the home page" in client.get(home["Location"]).content.decode()
    assert "This ad leads to the home page" not in client.get(beneath["Location"]).content.decode()


@pytest.mark.requirement("MEAS-9")
def test_a_landing_page_says_how_many_forms_and_calls_it_brought(visited: None, cast: Cast) -> None:
    days = f"from={WEEK.start}&to={WEEK.end}"
    for kind in ("lead", "call"):
        page = text_of(cast.chloe, f"/attribution/?{days}&unit=page&kind={kind}")

        assert "/devis" in page
        assert earned(asked(cast.chloe, unit="page", kind=kind, period=WEEK)) == {"/devis": 1}
