"""``regie manager``: the same acts and the same walls as the pages, from the terminal."""

from __future__ import annotations

import json
from typing import Any

import pytest

from regie.apps.access.context import operating
from regie.apps.access.models import Grant
from regie.apps.organisations.models import Organisation
from regie.cli.main import main
from tests.access.given import VIEWER, colleague, linked, partners, shared
from tests.audiences.test_audiences import made
from tests.audiences.test_audiences import shared as lent
from tests.cast import Cast


def said(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> Any:
    assert main(["manager", *words]) == status
    return json.loads(capsys.readouterr().out) if "--json" in words else None


def test_each_lists_what_he_may_see(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    linked(cast.amelie, cast.network, "111111111")
    own = linked(cast.chloe, cast.nantes, "222222222")
    for person, numbers in ((cast.amelie, 2), (cast.chloe, 1), (cast.diane, 0)):
        found = said(capsys, "--as", person.email, "--json", "accounts")["accounts"]
        assert len(found) == numbers
    shared_key = linked(cast.amelie, cast.network, "333333333")
    shared(cast, partners(cast), shared_key, VIEWER)
    (one,) = said(capsys, "--as", cast.diane.email, "--json", "accounts")["accounts"]
    assert one["account"] == shared_key
    names = said(capsys, "--as", cast.chloe.email, "--json", "organisations")["organisations"]
    assert [name["slug"] for name in names] == ["horizon-nantes"]
    hidden = ["--as", cast.diane.email, "--json"]
    said(capsys, *hidden[:2], "--organisation", "horizon", "people", status=2)
    one_hidden = capsys.readouterr().err
    said(capsys, *hidden[:2], "--organisation", "nowhere", "people", status=2)
    assert one_hidden.replace("horizon", "nowhere") == capsys.readouterr().err
    said(capsys, *hidden[:2], "who", str(own), status=2)


def test_an_account_is_linked_and_a_role_is_given_with_its_why(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    one = colleague("Colleague of Amélie", cast.network)
    act = ("--as", cast.amelie.email, "--json")
    (made,) = said(capsys, *act, "link", "linkedin_ads", "012345678")["link"]
    number = str(made["account"])
    said(capsys, *act, "give", number, one.user.email, "CAMPAIGN_MANAGER")
    with operating():
        assert Grant.objects.filter(member=one, role="CAMPAIGN_MANAGER").exists()
    rows = said(capsys, *act, "who", number)["who"]
    his = next(row for row in rows if row["email"] == one.user.email)
    assert "campaigns.edit" in his["permissions"]
    assert "grant of Réseau Horizon" in his["why"]
    said(capsys, "--as", one.user.email, "link", "linkedin_ads", "987654321", status=2)


def test_audiences_are_listed_for_their_owner_and_for_whom_they_are_shared_with(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    audience = made(cast)
    lent(cast, audience, cast.nantes)
    expected = {"horizon": [3], "horizon-nantes": [None], "horizon-rennes": []}
    for slug, sizes in expected.items():
        for act in (("--as", cast.amelie.email), ()):
            rows = said(capsys, *act, "--organisation", slug, "--json", "audiences")["audiences"]
            assert [one["size"] for one in rows] == sizes
            assert {one["audience"] for one in rows} <= {audience}
    assert said(capsys, "--as", cast.diane.email, "--json", "audiences") == {"audiences": []}


def test_people_are_invited_line_by_line(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(email_domains=["horizon.example"])
    rows = said(
        capsys, "--as", cast.amelie.email, "--json", "invite", "newcomer@horizon.example",
        "newcomer@elsewhere.example", status=3,
    )["invite"]  # fmt: skip
    assert [bool(row["problem"]) for row in rows] == [False, True]
    assert main(["manager", "--organisation", "horizon", "people"]) == 0
    assert "amelie@horizon.example" in capsys.readouterr().out


@pytest.mark.requirement("BM-11", "BM-12")
def test_the_tree_is_grown_and_changed_and_each_change_is_tried_first(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    act = ("--as", cast.amelie.email, "--json")
    (made,) = said(capsys, *act, "create", "Nord", "--kind", "region", "--manager")["create"]
    assert len(made["manager_number"]) == 12
    said(capsys, *act[:2], "create", "Sud", "--kind", "planet", status=2)
    slug = cast.nantes.slug

    (tried,) = said(capsys, *act, "move", slug, made["slug"], "--dry-run")["move"]
    assert (tried["lose"], tried["change"]) == ("Bruno", "")
    with operating():
        assert Organisation.objects.get(slug=slug).parent_id == cast.west.pk
    (moved,) = said(capsys, *act, "move", slug, made["slug"])["move"]
    assert moved["change"]
    with operating():
        assert Organisation.objects.get(slug=slug).parent is not None
        assert Organisation.objects.get(slug=slug).parent_id != cast.west.pk
    (merged,) = said(capsys, *act, "merge", slug, cast.rennes.slug)["merge"]
    assert merged["people"] == "Chloé"
    (closed,) = said(capsys, *act, "close", made["slug"], "--dry-run")["close"]
    assert (closed["organisations"], closed["change"]) == (1, "")
    said(capsys, *act, "close", made["slug"])
    (tried,) = said(capsys, *act, "open", made["slug"], "--dry-run")["open"]
    assert (tried["organisations"], tried["gain"]) == (1, "")
    with operating():
        assert Organisation.objects.get(slug=made["slug"]).closed_at, "a trial opens nothing"
    said(capsys, *act, "open", made["slug"])
    with operating():
        assert not Organisation.objects.get(slug=made["slug"]).closed_at
    said(capsys, *act[:2], "open", made["slug"], status=2)
    (undone,) = said(capsys, *act, "undo", str(merged["change"]))["undo"]
    assert (undone["undone"], undone["slug"]) == ("merged", slug)
    said(capsys, *act[:2], "undo", str(merged["change"]), status=2)
    assert said(capsys, *act, "review")["review"] == []
    (signed,) = said(capsys, *act, "review", "--sign")["review"]
    assert len(signed["digest"]) == 64

    hidden = ("--as", cast.diane.email)
    said(capsys, *hidden, "undo", str(moved["change"]), status=2)
    said(capsys, *hidden, "open", cast.west.slug, status=2)
    capsys.readouterr()
    said(capsys, *hidden, "close", cast.west.slug, status=2)
    first = capsys.readouterr().err
    said(capsys, *hidden, "close", "nowhere", status=2)
    assert first.replace(cast.west.slug, "nowhere") == capsys.readouterr().err
