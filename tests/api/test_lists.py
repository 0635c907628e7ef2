"""Lists by the API: accounts, people and requests, each line answered; the round trip by CSV."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from regie.apps.access.context import acting_as, operating
from regie.apps.assets.models import Asset
from regie.apps.notifications.models import Mail
from regie.apps.organisations.models import Invitation, Member, Organisation
from regie.apps.requests.models import AccessRequest
from regie.kernel import clock
from tests.access.given import colleague, linked
from tests.api.test_api import call, token_of
from tests.cast import Cast

ACCOUNTS = [
    {"platform": "linkedin_ads", "external_id": "012345678", "name": "A"},
    {"platform": "linkedin_ads", "external_id": "12345678"},
    {"platform": "linkedin_ads", "external_id": "111111111"},
    {"platform": "linkedin_ads", "external_id": " 012345678 "},
]


def send(token: str, path: str, text: str, **said: Any) -> Any:
    file = SimpleUploadedFile("list.csv", text.encode("utf-8-sig"))
    return Client().post(
        f"/api/v1{path}", {"file": file, **said},
        headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"},
    )  # fmt: skip


def states(answer: Any) -> list[tuple[int, str]]:
    assert answer.status_code == 200, answer.content
    return [(one["line"], one["state"]) for one in answer.json()["lines"]]


@pytest.mark.requirement("BM-2", "BM-6", "BM-S2")
def test_accounts_are_tried_then_brought_as_json_and_as_a_file(cast: Cast) -> None:
    linked(cast.amelie, cast.network, "111111111")
    token = token_of(cast.amelie, cast.network)
    expected = [(1, "linked"), (2, "refused"), (3, "known"), (4, "repeated")]

    tried = call(token, "/accounts/many?dry_run=true", "post", {"accounts": ACCOUNTS})
    assert states(tried) == expected
    assert tried.json()["compared"] == {
        "accounts": 1, "campaigns": 0, "campaigns_changed": 0, "effects": [], "is_whole": True
    }  # fmt: skip
    assert "zero" in tried.json()["lines"][1]["hint"]
    with operating():
        assert Asset.objects.count() == 1
    assert states(call(token, "/accounts/many", "post", {"accounts": ACCOUNTS})) == expected
    again = "platform;id;name\n" + "".join(
        f"{one['platform']};{one['external_id']};\n" for one in ACCOUNTS
    )
    assert states(send(token, "/accounts/file", again)) == [
        (2, "known"), (3, "refused"), (4, "known"), (5, "repeated")
    ]  # fmt: skip
    with operating():
        assert sorted(Asset.objects.values_list("external_id", flat=True)) == [
            "012345678", "111111111"
        ]  # fmt: skip
    whole = call(token, "/accounts").json()
    pages = [call(token, f"/accounts?limit=1&offset={first}").json() for first in range(3)]
    assert pages == [whole[:1], whole[1:], []]
    assert send(token, "/accounts/file", "nothing\n1\n").status_code == 400


@pytest.mark.requirement("BM-14", "BM-S6")
def test_people_are_tried_then_brought_and_nobody_is_written_to_before(cast: Cast) -> None:
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(
            email_domains=["horizon.example"], members_see_all=False
        )
    linked(cast.amelie, cast.network, "111111111")
    one = colleague("Colleague of Amélie", cast.network)
    until = str(clock.today() + timedelta(days=30))
    people = [
        {"email": one.user.email, "role": "administrator"},
        {"email": "newcomer@horizon.example", "role": "contractor", "ends_on": until},
        {"email": "newcomer@elsewhere.example"},
    ]
    token = token_of(cast.amelie, cast.network)
    expected = [(1, "changed"), (2, "invited"), (3, "refused")]

    tried = call(token, "/people/many?dry_run=true", "post", {"people": people})
    assert states(tried) == expected
    (effect,) = tried.json()["effects"]
    assert (effect["email"], effect["lost"]) == (one.user.email, [])
    assert "figures.view" in effect["gained"]
    with operating():
        assert not Invitation.objects.exists()
        assert not Mail.objects.exists()
        assert Member.objects.get(pk=one.pk).role == "employee"
    assert states(call(token, "/people/many", "post", {"people": people})) == expected
    text = f"email,role,ends_on\n{one.user.email},administrator,\nx@horizon.example,chief,\n"
    assert states(send(token, "/people/file", text)) == [(2, "unchanged"), (3, "refused")]
    with operating():
        assert Invitation.objects.count() == Mail.objects.count() == 1
    employee = token_of(one.user, cast.network)
    with operating():
        Member.objects.filter(pk=one.pk).update(role="employee")
    assert call(employee, "/people/many", "post", {"people": people}).status_code == 403


@pytest.mark.requirement("BM-28")
def test_requests_go_out_as_a_list_and_their_answers_come_back(cast: Cast) -> None:
    token = token_of(cast.diane, cast.studio)
    owner = "owner@elsewhere.example"
    wanted = [
        {"platform": "linkedin_ads", "external_id": number, "role": role, "email": owner}
        for number, role in (("123456789", "VIEWER"), ("234567890", "Chief"),
                             ("345678901", "Lecteur"), ("123456789", "VIEWER"))
    ]  # fmt: skip
    asked = call(token, "/requests/many", "post", {"requests": wanted})
    assert states(asked) == [(1, "asked"), (2, "refused"), (3, "asked"), (4, "refused")]
    text = f"account;role;email\n456789012;VIEWER;{owner}\n12;VIEWER;\n"
    assert states(send(token, "/requests/file", text)) == [(2, "asked"), (3, "refused")]

    assert call(token, "/requests/owners", "post", {"to": owner}).status_code == 204
    with operating():
        (mail,) = Mail.objects.all()
        assert mail.to == owner
    answer = call(token, f"/requests/owners.csv?to={owner}&language=en")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [row[2] for row in rows[1:]] == ["123456789", "345678901", "456789012"]
    rows[1][-2], rows[2][-2] = "yes", "no"
    rows[3][-2], rows[3][-1] = "yes", "forged"
    sent = io.StringIO()
    csv.writer(sent, delimiter=";").writerows(rows)
    back = send(token, "/requests/answers", sent.getvalue())
    assert states(back) == [(2, "accepted"), (3, "declined"), (4, "refused")]
    assert "signature" in back.json()["lines"][2]["problem"]
    told = [one["action"] for one in call(token, "/journal").json()]
    assert {"requests.accepted", "requests.declined"} <= set(told)
    with operating():
        assert sorted(AccessRequest.objects.values_list("state", flat=True)) == [
            "accepted", "declined", "pending"
        ]  # fmt: skip
    assert call(token, "/requests/owners", "post", {"to": "x@y.example"}).status_code == 404


def test_a_token_without_the_right_brings_nothing(cast: Cast) -> None:
    narrow = token_of(cast.amelie, cast.network, frozenset({"manager:read"}))
    for path, body in (
        ("/accounts/many", {"accounts": ACCOUNTS}),
        ("/people/many", {"people": [{"email": "newcomer@horizon.example"}]}),
        ("/requests/many", {"requests": [{"platform": "x", "external_id": "1", "role": "VIEWER"}]}),
    ):
        assert call(narrow, path, "post", body).status_code == 403
    assert send(narrow, "/requests/answers", "request\n1\n").status_code == 403


@pytest.mark.requirement("BM-3")
def test_a_person_is_taken_out_and_put_back_as_before(cast: Cast) -> None:
    linked(cast.amelie, cast.network, "111111111")
    one = colleague("Colleague of Amélie", cast.network, "administrator")
    token = token_of(cast.amelie, cast.network)
    tried = call(token, f"/people/{one.pk}?dry_run=true", "put", {"role": "employee"}).json()
    (lost,) = tried["effects"]
    assert "access.manage" in lost["lost"]
    assert tried["is_whole"]
    tried = call(token, f"/people/{one.pk}?dry_run=true", "delete").json()
    assert (tried["removed"], len(tried["effects"])) == (None, 1)
    with operating():
        assert Member.objects.get(pk=one.pk).removed_at is None

    gone = call(token, f"/people/{one.pk}", "delete").json()["removed"]
    assert gone == {"member_id": one.pk, "role": "administrator", "ends_on": None}
    for wrong in ({"role": "chief"}, {"role": "contractor"}, {"ends_on": "2027-01-01"}):
        assert call(token, "/people/restore", "post", gone | wrong).status_code == 409
    assert call(token, "/people/restore", "post", gone).status_code == 204
    assert call(token, "/people/restore", "post", gone).status_code == 404
    with operating():
        back = Member.objects.get(pk=one.pk)
    assert (back.role, back.removed_at) == ("administrator", None)


def test_one_role_is_tried_before_it_is_given(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(members_see_all=False)
    one = colleague("Colleague of Amélie", cast.network)
    token = token_of(cast.amelie, cast.network)
    said = {"member_id": one.pk, "role": "VIEWER"}
    tried = call(token, f"/accounts/{key}/roles?dry_run=true", "post", said)
    assert tried.status_code == 200
    assert [effect["email"] for effect in tried.json()] == [one.user.email]
    with acting_as(cast.amelie):
        assert call(token, f"/accounts/{key}/people").json()[0]["email"] == cast.amelie.email
        assert len(call(token, f"/accounts/{key}/people").json()) == 1
    assert call(token, f"/accounts/{key}/roles", "post", said).status_code == 201
    assert len(call(token, f"/accounts/{key}/people").json()) == 2
