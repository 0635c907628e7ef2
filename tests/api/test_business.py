"""The business manager by programs: the same acts as on the pages, the same walls around them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from regie.apps.access.context import operating
from regie.apps.access.models import Share
from regie.apps.organisations.models import Invitation, Member, Organisation
from regie.kernel import clock
from tests.access.given import CREATIVE, VIEWER, colleague, figures_of, linked, partners, shared
from tests.api.test_api import call, token_of
from tests.cast import Cast

SOON = str(clock.today() + timedelta(days=30))
AUDIENCE = {
    "name": "Clients", "source": "customers", "basis": "contract", "purpose": "Renewals",
    "expires_on": SOON,
}  # fmt: skip


def member_of(person: Any, organisation: Organisation) -> int:
    with operating():
        return Member.objects.get(user=person, organisation=organisation).pk


@pytest.mark.requirement("BM-3", "BM-23", "BM-24")
def test_people_are_invited_changed_and_taken_out(cast: Cast) -> None:
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(email_domains=["horizon.example"])
    amelie = token_of(cast.amelie, cast.network)
    said = {"people": [
        {"email": "newcomer@horizon.example", "role": "employee"},
        {"email": "newcomer@elsewhere.example", "role": "employee"},
    ]}  # fmt: skip
    first, second = call(amelie, "/invitations", "post", said).json()
    assert first["problem"] == ""
    assert "not a domain of this organisation" in second["problem"]
    (listed,) = call(amelie, "/invitations").json()
    assert (listed["email"], listed["state"]) == ("newcomer@horizon.example", "pending")
    number = first["invitation_id"]
    assert call(amelie, f"/invitations/{number}/resend", "post").status_code == 204
    assert call(amelie, f"/invitations/{number}", "delete").status_code == 204
    with operating():
        assert Invitation.objects.get().withdrawn_at is not None

    one = colleague("Colleague of Amélie", cast.network)
    until = {"role": "contractor", "ends_on": SOON}
    assert call(amelie, f"/people/{one.pk}", "put", until).status_code == 204
    assert call(amelie, f"/people/{one.pk}", "delete").status_code == 200
    last = call(amelie, f"/people/{member_of(cast.amelie, cast.network)}", "delete")
    assert last.status_code == 409
    assert last.json()["message"] == "This is the last administrator."


@pytest.mark.requirement("BM-34", "BM-39", "BM-40")
def test_a_partnership_goes_its_whole_way(cast: Cast) -> None:
    amelie, diane = token_of(cast.amelie, cast.network), token_of(cast.diane, cast.studio)
    made = call(amelie, "/partnerships", "post", {"number": cast.studio.manager_number})
    number = made.json()["id"]
    assert call(amelie, f"/partnerships/{number}/accept", "post").status_code == 404
    assert call(diane, f"/partnerships/{number}/accept", "post").status_code == 204

    account = call(
        amelie, "/accounts", "post", {"platform": "linkedin_ads", "external_id": "012345678"}
    ).json()
    assert account["external_id"] == "012345678"
    assert call(diane, "/accounts").json() == []
    said = {"account_ids": [account["id"]], "ceiling": sorted(VIEWER)}
    (share,) = call(amelie, f"/partnerships/{number}/shares", "post", said).json()
    (seen,) = call(diane, "/accounts").json()
    assert seen["id"] == account["id"]
    (listed,) = call(diane, f"/partnerships/{number}/shares").json()
    assert listed["ceiling"] == sorted(VIEWER)
    assert call(diane, f"/partnerships/{number}/shares", "post", said).status_code == 404

    (effect,) = call(amelie, f"/shares/{share['id']}?dry_run=true", "delete").json()
    assert effect["person"] == "Diane"
    assert call(diane, "/accounts").json()
    call(amelie, f"/shares/{share['id']}", "delete")
    assert call(diane, "/accounts").json() == []
    assert call(amelie, f"/partnerships/{number}", "delete").json() == []
    assert call(amelie, "/partnerships").json() == []


@pytest.mark.requirement("BM-13", "BM-28")
def test_access_is_asked_for_and_answered(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "123456789")
    partnership = partners(cast)
    amelie, diane = token_of(cast.amelie, cast.network), token_of(cast.diane, cast.studio)
    said = {"platform": "linkedin_ads", "external_id": "123456789", "role": "Creative manager"}
    number = call(diane, "/requests", "post", said).json()["id"]
    (asked,) = call(amelie, "/requests/received").json()
    assert (asked["id"], asked["role"]) == (number, "CREATIVE_MANAGER")
    assert call(diane, f"/requests/{number}/accept", "post").status_code == 404
    assert call(amelie, f"/requests/{number}/accept", "post").json() == {"outcome": "shared"}
    assert figures_of(cast.diane) == {key}
    with operating():
        share = Share.objects.get(partnership=partnership)
    assert frozenset(share.ceiling) == CREATIVE
    (mine,) = call(diane, "/requests").json()
    assert mine["state"] == "accepted"


def test_an_audience_is_loaded_shared_and_withdrawn(cast: Cast) -> None:
    partners(cast)
    amelie, diane = token_of(cast.amelie, cast.network), token_of(cast.diane, cast.studio)
    number = call(amelie, "/audiences", "post", AUDIENCE).json()["id"]
    people = SimpleUploadedFile("people.csv", b"email\na@example.com\nb@example.com\nnobody\n")
    loaded = Client().post(
        f"/api/v1/audiences/{number}/members", {"file": people},
        headers={"Authorization": f"Bearer {amelie}"},
    ).json()  # fmt: skip
    assert (loaded["size"], loaded["refused_count"]) == (2, 1)
    assert call(diane, "/audiences").json() == []
    to = next(
        one["id"] for one in call(amelie, "/audiences/recipients").json()
        if one["name"] == "Atelier Diane"
    )  # fmt: skip
    said = {"recipient_id": to, "purpose": "Renewals", "expires_on": SOON}
    share = call(amelie, f"/audiences/{number}/shares", "post", said).json()["id"]
    (seen,) = call(diane, "/audiences").json()
    assert (seen["name"], seen["is_own"], seen["size"]) == ("Clients", False, None)
    assert call(diane, f"/audiences/{number}", "put", AUDIENCE).status_code == 403
    assert call(amelie, f"/audiences/{number}/shares/{share}", "delete").status_code == 204
    assert call(diane, "/audiences").json() == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", "/invitations/{invitation}/resend", None),
        ("delete", "/invitations/{invitation}", None),
        ("put", "/people/{member}", {"role": "employee"}),
        ("delete", "/people/{member}", None),
        ("delete", "/accounts/{account}", None),
        ("post", "/partnerships/{partnership}/accept", None),
        ("delete", "/partnerships/{partnership}", None),
        ("get", "/partnerships/{partnership}/shares", None),
        ("post", "/partnerships/{partnership}/shares",
         {"account_ids": [1], "ceiling": ["figures.view"]}),
        ("delete", "/shares/{share}", None),
        ("put", "/shares/{share}/ceiling", {"ceiling": ["figures.view"]}),
        ("delete", "/roles/{grant}", None),
        ("get", "/audiences/{audience}", None),
        ("put", "/audiences/{audience}", AUDIENCE),
        ("post", "/audiences/{audience}/uses", {"account_id": 1}),
    ],
)  # fmt: skip
def test_what_others_have_answers_like_what_is_not(
    method: str, path: str, body: Any, cast: Cast
) -> None:
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(email_domains=["horizon.example"])
    amelie = token_of(cast.amelie, cast.network)
    key = linked(cast.amelie, cast.network, "123456789")
    people = {"people": [{"email": "newcomer@horizon.example", "role": "employee"}]}
    invited = call(amelie, "/invitations", "post", people).json()[0]["invitation_id"]
    partnership = partners(cast)
    one = colleague("Colleague of Amélie", cast.network)
    grant = call(
        amelie, f"/accounts/{key}/roles", "post", {"member_id": one.pk, "role": "VIEWER"}
    ).json()["id"]
    numbers = {
        "invitation": invited, "member": one.pk, "account": key, "partnership": partnership.pk,
        "share": shared(cast, partnership, key, VIEWER).pk, "grant": grant,
        "audience": call(amelie, "/audiences", "post", AUDIENCE).json()["id"],
    }  # fmt: skip
    absent = dict.fromkeys(numbers, 999_999)
    for person, place in ((cast.chloe, cast.nantes),):
        token = token_of(person, place)
        found = call(token, path.format(**numbers), method, body)
        none = call(token, path.format(**absent), method, body)
        assert (found.status_code, found.content) == (none.status_code, none.content)
        assert found.status_code == 404
    employee = token_of(one.user, cast.network)
    refused = call(employee, path.format(**numbers), method, body)
    assert refused.status_code in {403, 404} or method == "get"


def test_a_token_acts_in_its_own_branch_only(cast: Cast) -> None:
    narrow = token_of(cast.amelie, cast.nantes)
    above = member_of(cast.bruno, cast.west)
    assert call(narrow, f"/people/{above}", "delete").status_code == 404
    with operating():
        assert Member.objects.get(pk=above).removed_at is None
    narrow = token_of(cast.amelie, cast.network, frozenset({"manager:read"}))
    assert call(narrow, f"/people/{above}", "delete").json()["code"] == "forbidden"
