"""Audiences by programs: used by several, offered to campaigns, taken out, left for good."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from regie.kernel import clock
from tests.access.given import colleague, linked
from tests.api.test_api import call, token_of
from tests.cast import Cast

SOON = str(clock.today() + timedelta(days=30))
AUDIENCE = {
    "name": "Clients", "source": "interactions", "basis": "consent", "purpose": "Renewals",
    "expires_on": SOON,
}  # fmt: skip


def made(token: str) -> int:
    number = call(token, "/audiences", "post", AUDIENCE).json()["id"]
    people = SimpleUploadedFile("people.csv", b"email\na@example.com\nb@example.com\n")
    Client().post(
        f"/api/v1/audiences/{number}/members", {"file": people},
        headers={"Authorization": f"Bearer {token}"},
    )  # fmt: skip
    return int(number)


def shared(token: str, audience: int, name: str, rights: str = "targeting") -> int:
    to = next(
        one["id"] for one in call(token, "/audiences/recipients").json() if one["name"] == name
    )
    said = {"recipient_id": to, "purpose": "Noël", "expires_on": SOON, "rights": rights}
    return int(call(token, f"/audiences/{audience}/shares", "post", said).json()["id"])


@pytest.mark.requirement("BM-5", "BM-43", "BM-44", "BM-45", "BM-46", "BM-48")
def test_two_companies_reach_again_who_dealt_with_a_third_without_making_a_list(cast: Cast) -> None:
    amelie = token_of(cast.amelie, cast.network)
    audience = made(amelie)
    places = {
        "Horizon Nantes": (token_of(cast.chloe, cast.nantes), cast.chloe, cast.nantes, "111111111"),
        "Horizon Ouest": (token_of(cast.bruno, cast.west), cast.bruno, cast.west, "222222222"),
    }
    offered = {}
    for name, (token, person, place, number) in places.items():
        account = linked(person, place, number)
        offered[name] = f"/accounts/{account}/audiences"
        assert call(token, offered[name]).json() == []
        shared(amelie, audience, name, rights="targeting_and_insights")
        assert call(token, f"/audiences/{audience}/uses", "post",
                    {"account_id": account}).status_code == 204  # fmt: skip
        (found,) = call(token, offered[name]).json()
        assert (found["name"], found["owner"], found["is_own"], found["size"]) == (
            "Clients", "Réseau Horizon", False, 2,
        )  # fmt: skip
    (mine,) = call(amelie, "/audiences").json()
    assert (mine["shares"], mine["uses"], mine["may_manage"]) == (2, 2, True)
    assert mine == call(amelie, f"/audiences/{audience}").json()

    left = call(amelie, "/audiences/withdrawals", "post", {"email": "A@example.com"}).json()
    assert left == {"lists": 1}
    for name, (token, *_rest) in places.items():
        assert call(token, offered[name]).json()[0]["size"] == 1
    for share in call(amelie, f"/audiences/{audience}/shares").json():
        call(amelie, f"/audiences/{audience}/shares/{share['id']}", "delete")
    for name, (token, *_rest) in places.items():
        assert call(token, offered[name]).json() == []


@pytest.mark.requirement("BM-4")
def test_a_list_leaves_as_digests_with_its_own_right_and_the_ledger_tells(cast: Cast) -> None:
    amelie = token_of(cast.amelie, cast.network)
    audience = made(amelie)
    asked = {"platform": "meta_ads"}
    narrow = token_of(cast.amelie, cast.network, frozenset({"audiences:read", "audiences:write"}))
    employee = token_of(colleague("Colleague of Amélie", cast.network).user, cast.network)
    shared(amelie, audience, "Horizon Nantes")
    for token in (narrow, employee, token_of(cast.chloe, cast.nantes)):
        assert call(token, f"/audiences/{audience}/exports", "post", asked).status_code == 403
    path = f"/audiences/{audience}/exports"
    assert call(amelie, path, "post", {"platform": "nowhere"}).status_code == 400

    taken = call(amelie, path, "post", asked)

    assert taken["Content-Type"] == "text/csv; charset=utf-8"
    heading, *rows = taken.content.decode().splitlines()
    assert heading == "email,phone"
    assert sorted(rows) == sorted(
        hashlib.sha256(one).hexdigest() + "," for one in (b"a@example.com", b"b@example.com")
    )
    told = call(amelie, "/audiences/ledger").json()
    assert [(one["what"], one["recipient"], one["size"]) for one in told] == [
        ("exported", "meta_ads", 2), ("shared", "Horizon Nantes", 2),
    ]  # fmt: skip
    assert call(employee, "/audiences/ledger").status_code == 403
    assert call(employee, f"/audiences/{audience}/shares").status_code == 403


def test_an_audience_that_is_put_away_is_offered_nowhere_until_it_is_back(cast: Cast) -> None:
    amelie = token_of(cast.amelie, cast.network)
    audience, account = made(amelie), linked(cast.amelie, cast.network, "111111111")
    call(amelie, f"/audiences/{audience}/uses", "post", {"account_id": account})
    offered = f"/accounts/{account}/audiences"
    for away, number in ((True, 0), (False, 1)):
        said = {"archived": away}
        assert call(amelie, f"/audiences/{audience}/archived", "put", said).status_code == 204
        assert len(call(amelie, offered).json()) == number
    (use,) = call(amelie, f"/audiences/{audience}/uses").json()
    assert use["account_id"] == account

    assert call(amelie, f"/audiences/{audience}/uses/{use['id']}", "delete").status_code == 204
    assert call(amelie, offered).json() == []
    assert call(amelie, f"/audiences/{audience}/uses/{use['id']}", "delete").status_code == 404
