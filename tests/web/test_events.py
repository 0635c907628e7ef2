"""Events on the time line: noted by people, seen where they matter, taken back, never leaked."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from regie.apps.access.context import acting_as, operating
from regie.apps.audit.models import AuditLine
from regie.apps.dashboards import selectors, services
from regie.apps.organisations import selectors as organisations
from regie.domain.annotations import Annotation, Kind, check
from regie.domain.objectives import Direction, Level, Objective
from regie.domain.objectives import Kind as Aim
from regie.kernel.errors import NotFound, WrongUse
from regie.kernel.periods import Period
from tests.cast import Cast
from tests.web.test_every_page import signed_in
from tests.web.test_explanation import TODAY, brought, text_of

__all__ = ["brought"]
DAY = TODAY - timedelta(days=10)
SPOT = {"title": "Spot sur France 3", "kind": "advertising", "starts_on": str(DAY),
        "organisation": "horizon-nantes"}  # fmt: skip


def event(**said) -> Annotation:
    usual = {"title": "Spot sur France 3", "kind": Kind.ADVERTISING, "period": Period(DAY, DAY)}
    return Annotation(**{**usual, **said})


def noted(actor, organisation, **said) -> int:
    with acting_as(actor):
        return services.note_event(actor=actor, organisation=organisation, event=event(**said))


def seen_by(person, organisation) -> list[str]:
    with acting_as(person):
        branch = organisations.visible_organisations()
        return [one.event.title for one in selectors.events_of(organisation, branch)]


def test_a_noted_event_stands_on_the_chart_in_its_list_and_in_the_exports(
    cast: Cast, brought
) -> None:
    client = signed_in(cast.chloe, "en")
    last = DAY + timedelta(days=2)
    answer = client.post("/report/events/new/?grain=day", {**SPOT, "ends_on": str(last)})

    assert answer["Location"] == "/report/?grain=day"
    page = client.get("/report/").content.decode()
    spec = json.loads(re.search(r'<script type="application/json">(.*?)</script>', page, re.S)[1])
    (mark,) = spec["events"]
    assert (mark["text"], mark["number"], mark["to"] - mark["from"]) == ("Spot sur France 3", 1, 2)
    assert spec["labels"][mark["from"]].startswith(str(DAY.day))
    listed = re.search(r'<ol class="chart-events".*?</ol>', page, re.S)[0]
    assert "Spot sur France 3" in listed
    assert "Advertising elsewhere" in listed
    rows = csv.DictReader(io.StringIO(client.get("/report/chart.csv").content.decode("utf-8-sig")))
    assert [row["date"] for row in rows if row["events"]] == [
        str(DAY + timedelta(days=n)) for n in range(3)
    ]
    book = load_workbook(io.BytesIO(client.get("/report/table.xlsx").content))
    notes = [tuple(row) for row in book["Notes"].iter_rows(values_only=True)]
    assert any(name == "Event" and "Spot sur France 3" in text for name, text in notes)
    assert ("Organisation", "Horizon Nantes") in notes


def test_a_week_or_a_month_shows_what_happened_inside_it(cast: Cast, brought) -> None:
    noted(cast.chloe, cast.nantes)

    for grain in ("week", "month"):
        page = signed_in(cast.chloe).get(f"/report/?grain={grain}").content.decode()
        spec = re.search(r'<script type="application/json">(.*?)</script>', page, re.S)[1]
        (mark,) = json.loads(spec)["events"]
        assert mark["from"] == mark["to"]


def test_an_event_is_seen_above_and_below_only_where_it_reaches(cast: Cast) -> None:
    noted(cast.chloe, cast.nantes, title="Travaux")
    noted(cast.amelie, cast.network, title="Spot national", reaches_below=True)
    noted(cast.amelie, cast.network, title="Comité")

    assert seen_by(cast.chloe, cast.nantes) == ["Spot national", "Travaux"]
    assert seen_by(cast.bruno, cast.west) == ["Spot national", "Travaux"]
    assert seen_by(cast.amelie, cast.network) == ["Comité", "Spot national", "Travaux"]
    with acting_as(cast.amelie):
        branch = organisations.visible_organisations()
        here = selectors.events_of(cast.rennes, branch)
    assert [one.event.title for one in here] == ["Spot national"]
    with acting_as(cast.diane):
        assert selectors.events_of(cast.network, [cast.network, cast.nantes]) == []


def test_what_reaches_from_above_is_read_and_not_changed(cast: Cast, brought) -> None:
    number = noted(cast.amelie, cast.network, title="Spot national", reaches_below=True)
    client = signed_in(cast.chloe, "en")

    page = client.get("/report/").content.decode()
    assert "Spot national" in page
    assert f"/report/events/{number}/" not in page
    assert "from the organisation above" in page
    for action in ("", "remove/", "undo/"):
        assert client.post(f"/report/events/{number}/{action}", SPOT).status_code == 404
    with acting_as(cast.chloe), pytest.raises(NotFound):
        services.remove_event(actor=cast.chloe, event_id=number)
    assert seen_by(cast.amelie, cast.network) == ["Spot national"]


def test_an_outsider_sees_changes_and_restores_nothing(cast: Cast) -> None:
    number = noted(cast.chloe, cast.nantes)
    client = signed_in(cast.diane)

    for action in ("", "remove/", "undo/"):
        assert client.post(f"/report/events/{number}/{action}").status_code == 404
    assert client.get(f"/report/events/{number}/").status_code == 404
    assert "Spot" not in client.get("/report/events/").content.decode()
    answer = client.post("/report/events/new/", SPOT)
    assert answer.status_code == 400  # Nantes is none of hers to choose
    assert seen_by(cast.chloe, cast.nantes) == ["Spot sur France 3"]


def test_a_change_and_a_removal_are_taken_back_and_stand_in_the_journal(cast: Cast) -> None:
    number = noted(cast.chloe, cast.nantes)
    client = signed_in(cast.chloe)

    client.post(f"/report/events/{number}/", {**SPOT, "title": "Spot radio", "note": "20 s"})
    assert seen_by(cast.chloe, cast.nantes) == ["Spot radio"]
    client.post(f"/report/events/{number}/undo/")
    assert seen_by(cast.chloe, cast.nantes) == ["Spot sur France 3"]
    gone = client.post(f"/report/events/{number}/remove/")
    assert seen_by(cast.chloe, cast.nantes) == []
    assert f"undo={number}" in gone["Location"]
    assert f"/report/events/{number}/undo/" in client.get(gone["Location"]).content.decode()
    client.post(f"/report/events/{number}/undo/")
    assert seen_by(cast.chloe, cast.nantes) == ["Spot sur France 3"]
    with operating():
        actions = AuditLine.objects.filter(action__startswith="dashboards.event_")
        assert [one.action.rpartition("_")[2] for one in actions.order_by("pk")] == [
            "noted", "changed", "restored", "removed", "restored",
        ]  # fmt: skip


def test_an_event_moves_within_the_branch_only(cast: Cast) -> None:
    number = noted(cast.bruno, cast.west)
    client = signed_in(cast.bruno)

    assert client.post(f"/report/events/{number}/", SPOT).status_code == 302
    assert seen_by(cast.chloe, cast.nantes) == ["Spot sur France 3"]
    elsewhere = client.post(f"/report/events/{number}/", {**SPOT, "organisation": "atelier-diane"})
    assert elsewhere.status_code == 400


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"title": "  "}, "obligatoire"),
        ({"title": "x" * 121}, "120"),
        ({"kind": "apocalypse"}, "choix valide"),
        ({"starts_on": ""}, "obligatoire"),
        ({"ends_on": "2020-01-01"}, "finit avant de commencer"),
        ({"ends_on": "2090-01-01"}, "un an"),
        ({"note": "x" * 501}, "500"),
        ({"organisation": "atelier-diane"}, "choix valide"),
    ],
)
def test_nonsense_is_refused_beside_its_field(cast: Cast, said, sentence: str) -> None:
    answer = signed_in(cast.chloe).post("/report/events/new/", {**SPOT, **said})

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert seen_by(cast.chloe, cast.nantes) == []


@pytest.mark.parametrize("said", [{"title": " "}, {"note": "x" * 501},
                                  {"period": Period(DAY, DAY + timedelta(days=400))}])  # fmt: skip
def test_the_rules_hold_without_a_form(said) -> None:
    with pytest.raises(WrongUse):
        check(event(**said))


def test_the_page_of_events_teaches_and_lists(cast: Cast) -> None:
    assert "No event yet" in text_of(cast.bruno, "/report/events/")
    noted(cast.chloe, cast.nantes, note="Deux semaines")

    text = text_of(cast.bruno, "/report/events/")

    for words in ("Spot sur France 3", "Deux semaines", "Horizon Nantes"):
        assert words in text


def test_objectives_that_begin_on_one_day_are_one_event(cast: Cast, brought) -> None:
    with acting_as(cast.chloe):
        for name in ("orders", "revenue"):
            aim = Objective(
                Level.BUSINESS, Aim.CONVERSION, name, Period(DAY, TODAY), Decimal(10),
                Direction.AT_LEAST, "Chloé", "EUR" if name == "revenue" else "",
            )  # fmt: skip
            services.set_objective(actor=cast.chloe, organisation=cast.nantes, objective=aim)

    text = text_of(cast.chloe, "/report/")

    assert "Objectives: Orders, Revenue" in text
    assert "Objectives begin" in text
