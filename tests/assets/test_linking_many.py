"""A list of accounts is linked at once: as one by one would, in as few questions for any length."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regie.apps.access import services
from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import Grant
from regie.apps.access.selectors import keepers_of
from regie.apps.assets import linking_many
from regie.apps.assets.models import Asset, Status
from regie.apps.assets.services import Line
from regie.apps.audit.models import AuditLine
from tests.access.given import VIEWER, linked, partners, shared
from tests.cast import Cast, bring
from tests.connections.test_taking_back import OWNED, export


def brought(cast: Cast, lines: list[Line], *, is_trial: bool = False) -> list[str]:
    with acting_as(cast.amelie):
        told = services.bring_accounts(
            actor=cast.amelie, organisation=cast.network, lines=lines, is_trial=is_trial
        )
    return [one.state for one in told.lines]


def numbered(start: int, count: int) -> list[Line]:
    return [Line(n, "linkedin_ads", f"{start + n:09d}", f"Compte {n}") for n in range(count)]


@pytest.mark.requirement("BM-6", "BM-26")
def test_each_line_becomes_what_it_would_alone(cast: Cast, tmp_path: Path) -> None:
    bring(cast.network, export(tmp_path, "found.csv", (OWNED, "2026-09-01", 4)))
    linked(cast.amelie, cast.network, "111111111", "There")
    theirs = linked(cast.amelie, cast.nantes, "222222222")
    with operating():
        met = Asset.objects.get(platform="google_ads")
        assert met.status == Status.FOUND
    lines = [
        Line(1, "linkedin_ads", "111111111", "Another name"),
        Line(2, "linkedin_ads", " 333333333 ", "Three"),
        Line(3, "linkedin_ads", "333333333", ""),
        Line(4, "linkedin_ads", "12345678", ""),
        Line(5, "google_ads", OWNED.replace("-", ""), ""),
        Line(6, "linkedin_pages", "1337420", "Page"),
        Line(7, "nowhere", "1", ""),
    ]
    states = ["known", "linked", "repeated", "refused", "linked", "linked", "refused"]

    assert brought(cast, lines, is_trial=True) == states
    with operating():
        assert Asset.objects.count() == 3  # nothing stays of a trial
    assert brought(cast, lines) == states
    again = ["known", "known", "repeated", "refused", "known", "known", "refused"]
    assert brought(cast, lines) == again
    with operating():
        found = {one.external_id: one for one in Asset.objects.filter(organisation=cast.network)}
        assert found["111111111"].name == "There"
        assert found["333333333"].name == "Three"
        met.refresh_from_db()
        assert (met.status, met.linked_at is not None) == (Status.LINKED, True)
        for one in found.values():
            assert keepers_of(one.pk) == [cast.amelie.pk], one
        told = AuditLine.objects.filter(action="assets.linked").values_list("details", flat=True)
        assert sorted(one["account"] for one in told) == sorted([*found, "222222222"])
        assert theirs not in {one.pk for one in found.values()}


def test_an_account_that_a_partner_shares_is_refused_in_a_list_too(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111", "Marque")
    shared(cast, partners(cast), key, VIEWER)
    lines = [Line(1, "linkedin_ads", "111111111", ""), Line(2, "linkedin_ads", "222222222", "")]
    with acting_as(cast.diane):
        told = services.bring_accounts(
            actor=cast.diane, organisation=cast.studio, lines=lines, is_trial=False
        )

    assert [one.state for one in told.lines] == ["refused", "linked"]
    assert "Réseau Horizon owns" in str(told.lines[0].problem)


@pytest.mark.requirement("BM-27")
def test_of_a_list_as_many_are_linked_as_there_is_room_for(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linking_many, "MOST_AD_ACCOUNTS", 3)
    lines = [*numbered(1, 4), Line(5, "linkedin_pages", "1337420", "A page is not counted")]

    assert brought(cast, lines) == ["linked", "linked", "linked", "refused", "linked"]
    assert brought(cast, lines) == ["known", "known", "known", "refused", "known"]


def test_fifty_accounts_take_as_many_questions_as_five(cast: Cast) -> None:
    asked = []
    for start, count in ((1, 5), (1_000, 50)):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert brought(cast, numbered(start, count)) == ["linked"] * count
        asked.append(len(seen))

    assert asked[0] == asked[1]
    with operating():
        assert Grant.objects.filter(role="ACCOUNT_BILLING_ADMIN").count() == 55
