"""Looking over accesses by programs: the review and its certificate, the check-up of one account,
why somebody may do something, the three who can let somebody back in, the totals of a network."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import Grant
from regie.apps.access.selectors import permissions_on
from regie.apps.organisations.models import Member, Organisation, Seal
from regie.kernel import clock
from tests.access.given import CAMPAIGNS, VIEWER, colleague, linked, partners, shared
from tests.access.test_transparency import spent as spent
from tests.api.test_api import call, token_of
from tests.cast import Cast
from tests.postbox import Postbox, deliver
from tests.web.test_check_up import accepted

HOLDERS = [{"name": name, "email": f"{name.lower()}@elsewhere.example"}
           for name in ("Owner", "Notary", "Accountant")]  # fmt: skip


@pytest.fixture
def amelie(cast: Cast) -> str:
    return token_of(cast.amelie, cast.network)


def upload(token: str, path: str, text: str) -> Any:
    file = SimpleUploadedFile("people.csv", text.encode())
    return Client().post(
        f"/api/v1{path}", {"file": file},
        headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"},
    )  # fmt: skip


def test_a_review_is_opened_decided_and_signed(cast: Cast, amelie: str) -> None:
    key = linked(cast.amelie, cast.network, "111111111", "Marque")
    one = colleague("Colleague of Amélie", cast.network)
    grant = call(amelie, f"/accounts/{key}/roles", "post",
                 {"member_id": one.pk, "role": "VIEWER"}).json()["id"]  # fmt: skip
    long_ago = clock.now() - timedelta(days=200)
    with operating():
        Grant.objects.filter(pk=grant).update(granted_at=long_ago)
        Member.objects.filter(pk=one.pk).update(joined_at=long_ago)

    opened = call(amelie, "/reviews/due").json()
    assert opened["is_due"]
    assert [one["email"] for one in opened["unused"]] == [one.user.email]
    (role,) = opened["unused_roles"]
    assert (role["grant_id"], role["account"], role["role"]) == (grant, "Marque", "Viewer")

    asked = {"grant_ids": [grant]}
    tried = call(amelie, "/reviews/roles/withdraw?dry_run=true", "post", asked).json()
    assert (tried["withdrawn"], tried["refused"]) == ([], [])
    with operating():
        assert Grant.objects.filter(pk=grant).exists()
    done = call(amelie, "/reviews/roles/withdraw", "post", asked).json()
    assert len(done["withdrawn"]) == 1
    assert call(amelie, "/reviews/due").json()["unused_roles"] == []
    back = call(amelie, "/reviews/roles/give-back", "post", {"withdrawn": done["withdrawn"]})
    assert back.json() == {"given_back": 1}
    with operating():
        assert Grant.objects.get(member=one, asset_id=key).role == "VIEWER"

    signed = call(amelie, "/reviews", "post")
    assert signed.status_code == 201
    made = signed.json()
    assert {one["email"] for one in made["content"]["people"]} >= {cast.amelie.email}
    (listed,) = call(amelie, "/reviews").json()
    assert (listed["id"], listed["is_whole"], listed["people"]) == (
        made["id"],
        True,
        made["people"],
    )
    assert call(amelie, f"/reviews/{made['id']}").json() == made
    answer = call(amelie, f"/reviews/{made['id']}/certificate.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == made["people"] + made["roles"]
    assert {row["digest"] for row in rows} == {made["digest"]}
    assert not call(amelie, "/reviews/due").json()["is_due"]


def test_only_administrators_look_over_their_own(cast: Cast, amelie: str) -> None:
    made = call(amelie, "/reviews", "post").json()["id"]
    employee = token_of(colleague("Colleague of Amélie", cast.network).user, cast.network)
    below, outside = token_of(cast.chloe, cast.nantes), token_of(cast.diane, cast.studio)
    for path in ("/reviews", "/reviews/due", f"/reviews/{made}", "/recovery"):
        assert call(employee, path).status_code == 403, path
    for token in (below, outside):
        assert call(token, "/reviews").json() == []
        for end in ("", "/certificate.csv"):
            hidden, absent = (call(token, f"/reviews/{one}{end}") for one in (made, 999_999))
            assert (hidden.status_code, hidden.content) == (404, absent.content)
    assert call(employee, "/reviews", "post").status_code == 403
    sealing = call(employee, "/recovery", "put", {"holders": HOLDERS})
    assert sealing.status_code == 403
    with operating():
        assert not Seal.objects.exists()


@pytest.mark.requirement("BM-33", "BM-14")
def test_who_stands_on_an_account_and_is_not_here_is_found_and_invited(
    cast: Cast, amelie: str, postbox: Postbox
) -> None:
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(email_domains=["horizon.example"])
    key = linked(cast.amelie, cast.network, "1234567890", "Marque", platform="google_ads")
    text = f"email,role\nnewcomer@horizon.example,Standard\n{cast.amelie.email},Admin\n,Admin\n"
    told = upload(amelie, f"/accounts/{key}/check-up", text).json()
    states = {one["email"]: one["state"] for one in told["found"]}
    assert states == {"newcomer@horizon.example": "outside", cast.amelie.email: "same"}
    assert told["unread"] == 1
    newcomer = next(one for one in told["found"] if one["state"] == "outside")
    assert newcomer["proposed"]

    people = [
        {"email": newcomer["email"], "account_role": newcomer["proposed"]},
        {"email": "newcomer@elsewhere.example"},
    ]
    first, second = call(
        amelie, f"/accounts/{key}/check-up/invite", "post", {"people": people, "language": "en"}
    ).json()
    assert (first["account_role"], first["problem"]) == (newcomer["proposed"], "")
    assert second["invitation_id"] is None
    assert "not a domain" in second["problem"]
    deliver()
    (letter,) = postbox.to("newcomer@horizon.example")
    assert "invites you" in letter["Subject"]
    person = accepted(postbox, "newcomer@horizon.example")
    with acting_as(person):
        assert "campaigns.edit" in permissions_on(person, key)


@pytest.mark.requirement("BM-33")
def test_nobody_is_invited_with_a_role_that_is_none_or_on_what_is_hidden(
    cast: Cast, amelie: str
) -> None:
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(email_domains=["horizon.example"])
    key = linked(cast.amelie, cast.network, "123456789")
    wrong = {"people": [{"email": "newcomer@horizon.example", "account_role": "EMPEROR"}]}
    answer = call(amelie, f"/accounts/{key}/check-up/invite", "post", wrong)
    assert answer.status_code in {400, 404}
    assert call(amelie, "/invitations").json() == []
    diane = token_of(cast.diane, cast.studio)
    for token, number in ((diane, key), (amelie, 999_999)):
        refused = upload(token, f"/accounts/{number}/check-up", "email\na@horizon.example\n")
        assert (refused.status_code, refused.json()["message"]) == (
            404,
            "There is no such account.",
        )


def test_why_somebody_may_do_a_thing_and_what_if_he_no_longer_held_it(
    cast: Cast, amelie: str
) -> None:
    key = linked(cast.amelie, cast.network, "111111111", "Marque")
    shared(cast, partners(cast), key, VIEWER)
    one = colleague("Colleague of Amélie", cast.network)
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(members_see_all=False)
    grant = call(amelie, f"/accounts/{key}/roles", "post",
                 {"member_id": one.pk, "role": "CAMPAIGN_MANAGER"}).json()["id"]  # fmt: skip

    told = call(amelie, f"/accounts/{key}/why?email={one.user.email}&permission=ads.edit").json()
    assert (told["person"], told["holds"]) == ("Colleague of Amélie", True)
    assert [(path["way"], path["role"]) for path in told["paths"]] == [
        ("grant", "CAMPAIGN_MANAGER")
    ]
    asked = f"/accounts/{key}/why?email={cast.diane.email}&permission=ads.edit"
    refused = call(amelie, asked).json()
    assert (refused["holds"], refused["paths"]) == (False, [])
    assert refused["other_paths"][0]["ceiling"] == sorted(VIEWER)
    nonsense = call(amelie, f"/accounts/{key}/why?email={one.user.email}&permission=fly")
    assert nonsense.status_code == 400
    assert call(amelie, f"/accounts/{key}/why?email=a@b.fr&permission=ads.edit").status_code == 404
    hers = token_of(cast.chloe, cast.nantes)
    assert call(hers, asked).json()["message"] == "There is no such account."

    (effect,) = call(amelie, f"/roles/{grant}?dry_run=true", "delete").json()
    assert (effect["person"], set(effect["lost"])) == ("Colleague of Amélie", CAMPAIGNS)
    assert call(amelie, f"/roles/{grant}", "delete").status_code == 204


def test_the_three_are_named_and_their_letters_told(
    cast: Cast, amelie: str, postbox: Postbox
) -> None:
    assert call(amelie, "/recovery").json()["is_sealed"] is False
    made = call(amelie, "/recovery", "put", {"holders": HOLDERS, "language": "en"})
    assert [one["letter"] for one in made.json()["holders"]] == ["queued"] * 3
    deliver()
    told = call(amelie, "/recovery").json()
    assert [one["letter"] for one in told["holders"]] == ["sent"] * 3
    (letter,) = postbox.to("notary@elsewhere.example")
    part = next(line for line in letter.get_content().splitlines() if line.count("-") >= 4)
    assert part.strip() not in made.content.decode() + str(told)
    twice = [HOLDERS[0], HOLDERS[0], HOLDERS[1]]
    assert call(amelie, "/recovery", "put", {"holders": twice}).status_code == 409
    narrow = token_of(cast.amelie, cast.network, frozenset({"manager:read", "people:write"}))
    assert call(narrow, "/recovery", "put", {"holders": HOLDERS}).json()["code"] == "forbidden"


@pytest.mark.slow
def test_the_totals_of_a_network_are_read_where_it_shows_them(
    cast: Cast, amelie: str, spent: dict[str, int]
) -> None:
    chloe = token_of(cast.chloe, cast.nantes)
    hidden = call(chloe, "/network/totals")
    assert hidden.status_code == 404
    assert call(chloe, "/network/totals", "put", {"shown": True}).status_code == 204  # of her own
    assert call(amelie, "/network/totals", "put", {"shown": True}).status_code == 204
    told = call(token_of(cast.bruno, cast.rennes), "/network/totals").json()
    assert told["name"] == cast.network.name
    assert set(told["totals"]) >= {"spend", "clicks"}
    assert call(amelie, "/network/totals", "put", {"shown": False}).status_code == 204
    outside = call(token_of(cast.diane, cast.studio), "/network/totals")
    assert (outside.status_code, outside.content) == (404, hidden.content)
    narrow = token_of(cast.chloe, cast.nantes, frozenset({"manager:read"}))
    assert call(narrow, "/network/totals").status_code == 403
