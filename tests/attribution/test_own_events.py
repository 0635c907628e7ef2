"""Events that people named themselves are conversions too: by page, API and command."""

from __future__ import annotations

import json

import pytest

from regie.apps.access.context import acting_as
from regie.apps.access.selectors import scope_of
from regie.apps.attribution import selectors, services
from regie.apps.organisations import selectors as organisations
from regie.apps.tracking.models import Site
from regie.cli.main import main
from regie.domain.attribution.questions import is_own_event
from regie.domain.metrics.query import Crediting
from regie.kernel.errors import WrongUse
from tests.api.test_api import call, token_of
from tests.attribution.heard import Heard, a_site, forget_journals, publish
from tests.attribution.test_journeys import DAY, NOON, asked, earned, order
from tests.attribution.test_pages import DAYS, words
from tests.cast import Cast
from tests.web.test_every_page import signed_in

HOUR = DAY / 24
SIGNUP = "event:newsletter_signup"


@pytest.fixture
def site(cast: Cast) -> Site:
    """Who signs up on a second device, who does without consent, and who never does."""
    forget_journals()
    made = a_site(cast.nantes, cast.chloe)
    login = {"login": "c-7"}
    publish(
        made,
        Heard("a", "page_view", NOON - 3 * DAY, "phone-1", via="social", device="phone"),
        Heard("b", "identify", NOON - 3 * DAY, "phone-1", p=login, device="phone"),
        Heard("c", "page_view", NOON - HOUR, "desk-1", via="search"),
        Heard("d", "identify", NOON - HOUR, "desk-1", p=login),
        Heard("e", "newsletter_signup", NOON, "desk-1", p={"value": 4, "currency": "EUR"}),
        order("O-1", NOON + HOUR, 90, **login),
        Heard("f", "page_view", NOON, day="today", via="email"),
        Heard("g", "newsletter_signup", NOON, day="today"),
        Heard("h", "page_view", NOON, "nobody", via="social"),
        Heard("i", "video_seen", NOON, "nobody"),
        Heard("j", "video_seen", NOON, "nobody"),
        Heard("k", "video_seen", NOON, "nobody"),
    )
    return made


def test_each_time_it_happens_is_a_conversion_with_its_journey(site: Site, cast: Cast) -> None:
    found = asked(cast.chloe, kind=SIGNUP)

    assert earned(found) == {"Organic Social": 0.5, "Paid Search": 0.5, "Email": 1}
    assert earned(found, what="value") == {"Organic Social": 2, "Paid Search": 2}
    assert (found.rests.conversions, found.rests.joined, found.rests.within_a_day) == (2, 1, 1)
    assert found.rests.not_converted == 1
    # Orders are what they were: an event of one's own closes no journey but its own kind's.
    assert earned(asked(cast.chloe)) == {"Organic Social": 0.5, "Paid Search": 0.5}
    assert not asked(cast.diane, kind=SIGNUP).units


def test_what_is_kept_is_found_again_once_more_came(site: Site, cast: Cast) -> None:
    assert asked(cast.chloe, kind=SIGNUP).rests.conversions == 2
    publish(site, Heard("z", "newsletter_signup", NOON + HOUR, "desk-1"))

    assert asked(cast.chloe, kind=SIGNUP).rests.conversions == 3


def test_the_page_offers_those_that_happen(site: Site, cast: Cast) -> None:
    with acting_as(cast.chloe):
        scope = scope_of(organisations.visible_organisations())
        assert selectors.own_events(scope) == ["event:video_seen", SIGNUP]
    client = signed_in(cast.chloe, "en")

    page = client.get(f"/attribution/?{DAYS}&kind={SIGNUP}").content.decode()
    journeys = words(client.get(f"/attribution/journeys/?{DAYS}&kind={SIGNUP}"))

    assert "kind=event%3Avideo_seen" in page
    assert "Events “newsletter_signup”" in page
    assert "Use this model in all reports" not in page
    assert "Events “newsletter_signup”" in journeys
    assert "Email" in words(client.get(f"/attribution/explain/?{DAYS}&kind={SIGNUP}&of=Email"))
    assert client.post(f"/attribution/choice/?kind={SIGNUP}").status_code == 404
    outside = signed_in(cast.diane, "en").get(f"/attribution/?{DAYS}").content.decode()
    assert "newsletter_signup" not in outside
    # What is no event of anybody's own is the usual kind.
    assert "Orders" in words(client.get(f"/attribution/?{DAYS}&kind=event:page_view"))
    assert "Orders" in words(client.get(f"/attribution/?{DAYS}&kind=event:x'; DROP"))


def test_programs_and_the_command_say_the_same(
    site: Site, cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    token = token_of(cast.chloe, cast.nantes)
    days = {"first_day": "2026-06-01", "last_day": "2026-06-30"}

    said = call(token, "/attribution", "post", {**days, "conversion": SIGNUP}).json()
    given = {r["unit"]: r["conversions"] for r in said["rows"] if r["model"] == "linear"}
    wrong = call(token, "/attribution", "post", {**days, "conversion": "event:page_view"})
    command = ["attribution", "--organisation", cast.nantes.slug, "--from", "2026-06-01",
               "--to", "2026-06-30", "--format", "json", "--conversion"]  # fmt: skip
    assert main([*command, SIGNUP]) == 0

    assert given == {"Organic Social": "0.5", "Paid Search": "0.5", "Email": "1"}
    assert said["received_by_report"] is None
    assert json.loads(capsys.readouterr().out) == said
    assert wrong.status_code == 400
    assert "no event of your own" in wrong.json()["message"]
    assert main([*command, "event:Not A Name"]) == 2


def test_reports_have_no_model_for_them(site: Site, cast: Cast) -> None:
    with acting_as(cast.chloe), pytest.raises(WrongUse):
        services.choose(
            actor=cast.chloe, organisation=cast.nantes, crediting=Crediting("linear", "30d"),
            kind=SIGNUP,
        )  # fmt: skip


@pytest.mark.parametrize("name", ["page_view", "order", "", "Ä", "a b", "x" * 41, "a'b", "1a"])
def test_a_name_is_as_collectors_write_it(name: str) -> None:
    assert not is_own_event(f"event:{name}")
    assert is_own_event("event:purchase")
