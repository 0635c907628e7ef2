"""Events that people named themselves are conversions too: by page, API and command."""

from __future__ import annotations

import json
from datetime import date

import pytest

from regie.apps.access.context import acting_as, operating
from regie.apps.access.selectors import scope_of
from regie.apps.accounts.models import User
from regie.apps.attribution import selectors, services
from regie.apps.attribution.models import ClosedMonth
from regie.apps.dashboards import selectors as dashboards
from regie.apps.dashboards.services import ask as ask_figures
from regie.apps.organisations import selectors as organisations
from regie.apps.tracking.models import Site
from regie.cli.main import main
from regie.domain.attribution.questions import is_own_event, read_question
from regie.domain.metrics.planning import parse
from regie.domain.metrics.query import Answer, Crediting
from regie.kernel.errors import WrongUse
from tests.api.test_api import call, token_of
from tests.attribution.heard import Heard, a_site, forget_journals, publish
from tests.attribution.test_journeys import DAY, JUNE, NOON, asked, earned, order
from tests.attribution.test_pages import DAYS, words
from tests.cast import Cast
from tests.web.test_every_page import signed_in

pytestmark = pytest.mark.slow

HOUR = DAY / 24
AFTER_JUNE = date(2026, 7, 5)
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
    assert "Use this model in all reports" in words(
        client.get(f"/attribution/?{DAYS}&kind={SIGNUP}&model=first_touch")
    )
    assert "Events “newsletter_signup”" in journeys
    assert "Email" in words(client.get(f"/attribution/explain/?{DAYS}&kind={SIGNUP}&of=Email"))
    assert client.post("/attribution/choice/?kind=event:never_sent").status_code == 404
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
    assert (said["received_by_report"], said["received_value_by_report"]) == ("2", "4")
    assert json.loads(capsys.readouterr().out) == said
    assert wrong.status_code == 400
    assert "no event of your own" in wrong.json()["message"]
    assert main([*command, "event:Not A Name"]) == 2


def figures(*metrics: str, by: tuple[str, ...] = (), only: str = "") -> Answer:
    query = parse(
        metrics=metrics, by=by, period=JUNE, currency="EUR", where=[f"event={only}"] if only else []
    )
    return ask_figures(query, organisation="", person="", as_of=None)


def test_reports_count_them_and_say_what_they_are_worth(site: Site, cast: Cast) -> None:
    counted = figures("own_events", "own_event_value", by=("event",))
    channels = figures("own_events", by=("channel",), only="newsletter_signup")

    rows = {row["event"]: (row["own_events"], row["own_event_value"]) for row in counted.rows}
    # What does not say what it is worth has no value: it is not worth nothing.
    assert rows == {"newsletter_signup": (2, 4), "video_seen": (3, None)}
    assert counted.totals == {"own_events": 5, "own_event_value": 4}
    # Each has the origin of its visit; the one of an hour after its own has none.
    assert {row["channel"]: row["own_events"] for row in channels.rows} == {"Email": 1, None: 1}
    # A choice of events leaves figures whole that know none.
    assert figures("orders", "own_events", only="video_seen").totals == {
        "orders": 1, "own_events": 3,
    }  # fmt: skip


def test_reports_share_them_out_by_the_model_of_each(site: Site, cast: Cast) -> None:
    with acting_as(cast.chloe):
        services.choose(
            actor=cast.chloe, organisation=cast.nantes, kind=SIGNUP,
            crediting=Crediting("first_touch", "30d"), below=True,
        )  # fmt: skip
        with pytest.raises(WrongUse):
            services.choose(
                actor=cast.chloe, organisation=cast.nantes, kind="event:page_view",
                crediting=Crediting("linear", "30d"),
            )  # fmt: skip
        scope = scope_of(organisations.visible_organisations())
        assert selectors.in_use(scope, SIGNUP).model == "first_touch"
        assert selectors.in_use(scope, "event:video_seen").model == "linear"
    names = ("attributed_own_events", "attributed_own_event_value")

    found = answer_as(cast.chloe, *names, by=("channel",), only="newsletter_signup")
    whole = answer_as(cast.chloe, *names, "attributed_conversions", by=("event",))
    markov = answer_as(cast.chloe, *names, by=("channel", "event"), model="markov")

    rows = {row["channel"]: tuple(row[name] for name in names)
            for row in found.rows if row[names[0]]}  # fmt: skip
    assert rows == {"Organic Social": (1, 4), "Email": (1, None)}
    assert {row["event"]: row["attributed_own_events"] for row in whole.rows} == {
        "newsletter_signup": 2, "video_seen": 1, None: None,
    }  # fmt: skip
    assert whole.totals["attributed_conversions"] == 1
    notes = " ".join(str(note) for note in whole.notes)
    assert "Events “newsletter_signup”: attributed by the model “First touch”" in notes
    assert "Events “video_seen”: attributed by the model “Linear”" in notes
    assert sum(row["attributed_own_events"] or 0 for row in markov.rows) == pytest.approx(3)
    assert answer_as(cast.diane, *names).totals == dict.fromkeys(names)


def answer_as(
    user: User, *metrics: str, by: tuple[str, ...] = (), only: str = "", model: str = ""
) -> Answer:
    where = [f"event={only}"] if only else []
    query = parse(metrics=metrics, by=by, period=JUNE, currency="EUR", where=where, model=model)
    with acting_as(user):
        return dashboards.answer(query, scope_of(organisations.visible_organisations()))


def test_the_report_has_a_table_a_filter_and_an_explanation(site: Site, cast: Cast) -> None:
    client = signed_in(cast.chloe, "en")
    days = "from=2026-06-01&to=2026-06-30"

    report = words(client.get(f"/report/?{days}"))
    table = words(client.get(f"/report/?{days}&split=event"))
    narrowed = client.get(f"/report/?{days}&split=channel&only_event=newsletter_signup"
                          "&columns=channel.own_events")  # fmt: skip
    explained = words(client.get(f"/report/explain/?{days}&figure=own_events&split=event"))
    csv = client.get(f"/report/table.csv?{days}&split=event").content.decode()

    assert "Events of your own" in report
    assert "newsletter_signup 2" in table
    assert "video_seen 3" in table
    assert "Event of your own newsletter_signup" in words(narrowed)
    assert "Email 1" in words(narrowed)
    assert "newsletter_signup" in explained
    assert "video_seen" in explained
    assert "video_seen" in csv
    assert "newsletter_signup" not in words(signed_in(cast.diane, "en").get(f"/report/?{days}"))


def test_a_closed_month_keeps_them_and_is_revised(site: Site, cast: Cast) -> None:
    assert services.close_months(today=AFTER_JUNE) == 1
    assert not revised(cast, SIGNUP)

    publish(
        site, Heard("x", "page_view", NOON, "desk-2", via="email"),
        Heard("y", "newsletter_signup", NOON + HOUR, "desk-2"),
    )  # fmt: skip

    (one,) = revised(cast, SIGNUP)
    assert one.change.own_events == 1
    assert one.reasons == ("late",)
    (all_of_it,) = one.received
    assert (all_of_it.conversions_then, all_of_it.conversions) == (2, 3)
    linear = {move.unit: move.conversions for move in one.moved if move.model == "linear"}
    assert linear == {"Email": 2}
    page = words(signed_in(cast.chloe, "en").get(f"/attribution/?{DAYS}&kind={SIGNUP}"))
    assert "June 2026 · +1 visit, +1 event of your own" in page
    # Of orders the month gives what it gave.
    assert all(
        move.model not in {"linear", "markov"}
        for one in revised(cast, "order") for move in one.moved
    )  # fmt: skip


def test_a_month_closed_before_they_were_counted_is_not_said_to_have_moved(
    site: Site, cast: Cast
) -> None:
    services.close_months(today=AFTER_JUNE)
    ClosedMonth.objects.update(own_events=None)

    assert not revised(cast, "order")


def revised(cast: Cast, kind: str) -> list[selectors.Revised]:
    with acting_as(cast.chloe):
        scope = scope_of(organisations.visible_organisations())
        return selectors.revised(read_question(period=JUNE, kind=kind), scope)


@pytest.mark.parametrize("name", ["page_view", "order", "", "Ä", "a b", "x" * 41, "a'b", "1a"])
def test_a_name_is_as_collectors_write_it(name: str) -> None:
    assert not is_own_event(f"event:{name}")
    assert is_own_event("event:purchase")


def test_months_closed_before_they_were_counted_say_so(site: Site, cast: Cast) -> None:
    with operating():
        services.close_months(today=date(2026, 7, 5))
    page, said = f"/attribution/?{DAYS}&kind=", "closed before events of your own were counted"
    client = signed_in(cast.chloe, "en")
    assert said not in words(client.get(f"{page}{SIGNUP}"))

    with operating():
        ClosedMonth.objects.update(own_events=None)

    assert f"June 2026 was {said}" in words(client.get(f"{page}{SIGNUP}"))
    assert said not in words(client.get(f"{page}order"))
    assert said not in words(signed_in(cast.diane, "en").get(f"{page}{SIGNUP}"))
