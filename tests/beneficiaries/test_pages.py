"""The pages of beneficiary rules: tried before kept, told what is left out, brought and undone."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from regie.apps.access.context import operating
from regie.apps.beneficiaries.models import Change, Rule
from tests.beneficiaries.given import campaigns
from tests.cast import Cast, ask
from tests.lasting import Lasting
from tests.today import today
from tests.web.looking import hidden_fields
from tests.web.test_every_page import signed_in

YESTERDAY = str(today() - timedelta(days=1))


@pytest.fixture(scope="module")
def key(lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> int:
    folder = tmp_path_factory.mktemp("files")
    with lasting():
        return campaigns(
            folder, company.network,
            ("Search Nantes", "21", YESTERDAY, "1000.00"),
            ("Display Nantes", "22", YESTERDAY, "400.00"),
            ("Search Rennes", "31", YESTERDAY, "8.00"),
        )  # fmt: skip


RULE = {"level": "campaign", "way": "pattern", "value": "*nantes*", "beneficiary": "horizon-nantes"}


def test_a_rule_is_tried_before_it_is_kept(cast: Cast, key: int) -> None:
    client = signed_in(cast.amelie, "en")
    page = f"/manager/beneficiaries/{key}/"

    tried = client.post(f"{page}write/", {**RULE, "act": "try"}).content.decode()
    assert "This rule gives 2 campaigns, €1,400 in the last 30 days, to Horizon Nantes." in tried
    assert ask(cast.chloe, "spend").totals["spend"] == {}

    kept = client.post(f"{page}write/", {**RULE, "act": "keep"}, follow=True).content.decode()
    assert "2 of 3 campaigns work for somebody today" in kept
    assert "Search Rennes" in kept
    assert ask(cast.chloe, "spend").totals["spend"] == {"EUR": 1400}


def test_what_is_ticked_works_for_somebody(cast: Cast, key: int) -> None:
    client = signed_in(cast.amelie)
    client.post(
        f"/manager/beneficiaries/{key}/give/", {"entity": "campaign:31", "to": "horizon-rennes"}
    )

    assert ask(cast.bruno, "spend").totals["spend"] == {"EUR": 8}


def test_a_list_goes_out_and_comes_back(cast: Cast, key: int) -> None:
    client = signed_in(cast.amelie, "en")
    page = f"/manager/beneficiaries/{key}/"
    text = (
        "campaign id;beneficiary;from;to\n21;Horizon Nantes;01/01/2026;\n"
        "31;horizon-rennes;;\n22;Horizon Lyon;;\n;horizon-nantes;;\n"
    )
    told = client.post(f"{page}list/", {"upload": _file(text), "act": "keep"}).content.decode()

    assert "New rules: 2" in told
    assert "There is no organisation and no location called “Horizon Lyon” here." in told
    assert "Refused: 2" in told
    out = client.get(f"{page}rules.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {(row["value"], row["beneficiary"], row["from"]) for row in rows} == {
        ("21", "horizon-nantes", "2026-01-01"), ("31", "horizon-rennes", ""),
    }  # fmt: skip
    again = client.post(f"{page}list/", {"upload": _file(out), "act": "keep"}).content.decode()
    assert "New rules: 0" in again
    shorter = out.replace("31,", "31x,")
    client.post(f"{page}list/", {"upload": _file(shorter), "act": "keep", "replace": "on"})
    assert ask(cast.bruno, "spend").totals["spend"] == {"EUR": 1000}


def test_changes_are_undone(cast: Cast, key: int) -> None:
    client = signed_in(cast.amelie, "en")
    page = f"/manager/beneficiaries/{key}/"
    client.post(f"{page}write/", {**RULE, "act": "keep"})
    shown = client.get(page).content.decode()
    rule, change = _number(shown, 'name="rule" value="'), _number(shown, f"{page}undo/")
    client.post(f"{page}remove/", {"rule": rule, "act": "keep"})
    assert ask(cast.chloe, "spend").totals["spend"] == {}

    client.post(f"{page}undo/{int(change) + 1}/")
    assert ask(cast.chloe, "spend").totals["spend"] == {"EUR": 1400}
    client.post(f"{page}undo/{change}/")
    assert ask(cast.chloe, "spend").totals["spend"] == {}


def test_what_fits_twice_is_told_with_the_one_that_counts(cast: Cast, key: int) -> None:
    client = signed_in(cast.amelie, "en")
    page = f"/manager/beneficiaries/{key}/"
    client.post(f"{page}write/", {**RULE, "act": "keep"})
    more = {**RULE, "value": "Display*", "beneficiary": "horizon-rennes", "act": "keep"}
    shown = client.post(f"{page}write/", more, follow=True).content.decode()

    assert "Fit several rules" in shown
    assert ask(cast.chloe, "spend").totals["spend"] == {"EUR": 1000}
    assert ask(cast.bruno, "spend").totals["spend"] == {"EUR": 1400}


def test_labels_come_as_a_list(cast: Cast, key: int) -> None:
    client = signed_in(cast.amelie, "en")
    page = f"/manager/beneficiaries/{key}/"
    client.post(f"{page}labels/", {"labels": _file("campaign,label\nSearch Nantes,Ouest; Hiver\n")})
    client.post(f"{page}write/", {**RULE, "way": "label", "value": "hiver", "act": "keep"})

    assert ask(cast.chloe, "spend").totals["spend"] == {"EUR": 1000}


ANEW = "It is not as you saw it any more: look again"
FILE = "pattern,beneficiary\n*nantes*,horizon-nantes\n"


def _writing(page: str, rule: str) -> tuple[str, dict[str, object]]:
    return f"{page}write/", dict(RULE)


def _bringing(page: str, rule: str) -> tuple[str, dict[str, object]]:
    return f"{page}list/", {"upload": _file(FILE), "replace": "on"}


def _removing(page: str, rule: str) -> tuple[str, dict[str, object]]:
    return f"{page}remove/", {"rule": rule}


@pytest.mark.requirement("BM-41")
@pytest.mark.parametrize("act", [_writing, _bringing, _removing], ids=lambda one: one.__name__)
def test_what_a_change_of_rules_moves_is_shown_as_it_is_when_it_is_kept(
    act: Callable[[str, str], tuple[str, dict[str, object]]], cast: Cast, key: int
) -> None:
    client = signed_in(cast.amelie, "en")
    page = f"/manager/beneficiaries/{key}/"
    rennes = {**RULE, "value": "*rennes*", "beneficiary": "horizon-rennes", "act": "keep"}
    written = client.post(f"{page}write/", rennes, follow=True).content.decode()
    path, said = act(page, _number(written, 'name="rule" value="'))

    unseen = client.post(path, {**said, "act": "keep", "seen": "0" * 64}).content.decode()
    assert ANEW in unseen
    asked = hidden_fields(unseen)
    with operating():
        Rule.objects.create(
            organisation_id=cast.network.pk, asset_id=key, level="campaign", way="id", value="21",
            serves_id=cast.rennes.pk, added_by=Change.objects.get(),
        )  # fmt: skip
        Rule.objects.create(
            organisation_id=cast.network.pk, asset_id=key, level="campaign", way="id", value="31",
            serves_id=cast.nantes.pk, added_by=Change.objects.get(),
        )  # fmt: skip
    before = _standing()
    fields = {**{k: v for k, v in said.items() if k != "upload"}, **asked, "act": "keep"}
    again = client.post(path, fields).content.decode()
    assert ANEW in again
    assert _standing() == before

    client.post(path, {**fields, **hidden_fields(again)})
    assert _standing() != before


@pytest.mark.parametrize("lines", ["", "x", "eJw=", "bnVsbA==", "eJwDAAAAAAE="])
def test_a_list_that_was_not_carried_whole_is_asked_for_again(
    lines: str, cast: Cast, key: int
) -> None:
    client = signed_in(cast.amelie, "en")
    path = f"/manager/beneficiaries/{key}/list/"
    told = client.post(path, {"lines": lines, "act": "try"}, follow=True).content.decode()
    assert "Choose a file first." in told


def _standing() -> list[int]:
    with operating():
        return list(Rule.objects.filter(stands=True).order_by("pk").values_list("pk", flat=True))


def test_who_is_served_sees_hers_and_no_rules(cast: Cast, key: int) -> None:
    page = f"/manager/beneficiaries/{key}/"
    signed_in(cast.amelie).post(f"{page}write/", {**RULE, "act": "keep"})
    client = signed_in(cast.chloe, "en")
    shown = client.get("/manager/beneficiaries/").content.decode()

    assert "What works for you in accounts of others" in shown
    assert client.get(page).status_code == 404
    assert client.get(f"{page}rules.csv").status_code == 404
    assert signed_in(cast.bruno).post(f"{page}write/", RULE).status_code == 404
    report = client.get("/report/?split=campaign").content.decode()
    assert "Search Nantes" in report
    assert "Rennes" not in report


def _file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("rules.csv", text.encode())


def _number(text: str, before: str) -> str:
    rest = text.split(before, 1)[1]
    return rest[: next(i for i, one in enumerate(rest) if not one.isdigit())]
