"""Recognised people and their requests on pages: seen by whoever may, hidden from the others."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from regie.apps.access.context import operating
from regie.apps.assets import services as assets
from regie.apps.identity import selectors
from regie.apps.identity import services as identity
from regie.apps.identity.models import Correction, PolicyVersion
from regie.apps.organisations import services as organisations
from regie.apps.organisations.models import Role
from regie.apps.tracking.models import Identifier
from regie.ingestion.accounts import FoundAccount
from tests.api.test_api import call, token_of
from tests.cast import Cast
from tests.identity.visits import Shop, forget_files, forget_journals, open_shop
from tests.web.test_every_page import signed_in

COOKIE = "cookie-of-kestrel-0001"


@pytest.fixture
def shop(cast: Cast) -> Shop:
    forget_journals()
    forget_files()
    made = open_shop(cast.chloe, cast.nantes)
    made.heard("consent", device=COOKIE, consent={"granted": True, "text": "2026-11"})
    made.heard("consent", device="other-device", consent={"granted": False, "text": "2026-11"})
    made.heard("identify", device=COOKIE, login="kestrel")
    made.heard("identify", device="tablet", login="kestrel")
    made.heard("identify", device="tablet", login="heron")
    made.known()
    return made


def text(client: Client, path: str, **said: Any) -> str:
    answer = client.post(path, said, follow=True) if said else client.get(path)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_the_page_counts_people_and_says_what_the_guards_did(shop: Shop, cast: Cast) -> None:
    page = text(signed_in(cast.amelie), "/identity/")

    assert "Personnes reconnues" in page
    assert "Appareil partagé" in page
    assert "Affiché à partir de 30 achats" in page
    assert COOKIE not in page
    assert "Nobody is recognised yet" in text(signed_in(cast.diane, "en"), "/identity/")


def test_a_link_is_cut_on_its_page_and_taken_back(shop: Shop, cast: Cast) -> None:
    client = signed_in(cast.chloe, "en")
    answer = client.post("/identity/find/", {"text": "kestrel", "country": "FR"})
    page = text(client, answer["Location"])
    assert "Shared device" in page
    assert "seen in one event" in page
    assert "2026-11" in page

    key = shop.key("kestrel")
    said = {"one": shop.key(COOKIE), "other": key}
    assert "Done. Every report follows" in text(client, f"/identity/{key}/cut/", **said)
    with operating():
        (word,) = Correction.objects.all()
    assert "Taken back" in text(client, f"/identity/said/{word.pk}/", sure="1")
    assert client.post(f"/identity/{key}/apart/", said).status_code == 302
    assert client.post(f"/identity/{key}/cut/", {"one": "x", "other": ""}).status_code == 404


def test_nobody_outside_and_no_mere_member_looks_at_a_person(shop: Shop, cast: Cast) -> None:
    key = shop.key("kestrel")
    with operating():
        word = Correction.objects.create(
            organisation=cast.nantes, one_id=min(key, shop.key(COOKIE)),
            other_id=max(key, shop.key(COOKIE)), word="cut", said_by="x",
            said_at="2026-01-01T00:00Z",
        )  # fmt: skip
        organisations.add_member(
            actor=None, organisation=cast.nantes, user=cast.diane, role=Role.EMPLOYEE
        )
    diane = signed_in(cast.diane)
    for path in (f"/identity/{key}/", f"/identity/{key + 10**6}/"):
        assert diane.get(path).status_code == 404
    said = {"one": key, "other": shop.key(COOKIE)}
    for path in (f"/identity/{key}/cut/", f"/identity/{key}/apart/", f"/identity/said/{word.pk}/"):
        assert diane.post(path, said).status_code == 404
    with operating():
        word.refresh_from_db()
        assert Correction.objects.filter(taken_back_at__isnull=True).count() == 1


def test_a_person_is_told_corrected_and_forgotten(
    shop: Shop, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in(cast.chloe, "en")
    said = {"text": "kestrel", "country": "FR"}
    assert "What is held" in text(client, "/privacy/", **said)
    answer = client.post("/privacy/told/", {**said, "as": "json"})
    assert answer["Cache-Control"] == "no-store"
    assert {"kind": "login", "value": "kestrel"}.items() <= json.loads(answer.content)[
        "identifiers"
    ][0].items()
    assert (
        b"identifiers,1,kind,login" in client.post("/privacy/told/", {**said, "as": "csv"}).content
    )

    right = {**said, "right": "kestrel.home"}
    assert "Waiting for its turn" in text(client, "/privacy/correct/", **right)
    assert identity.take_up() == 1
    said["text"] = "kestrel.home"
    assert "Tick the box first" in text(client, "/privacy/erase/", **said)
    asked = client.post("/privacy/erase/", {**said, "sure": "1"})["Location"]
    assert "hx-get" in text(client, f"{asked}progress/")
    assert "under way, 0" in text(client, "/privacy/")
    with django_capture_on_commit_callbacks(execute=True):
        assert identity.take_up() == 1
    assert client.get(f"{asked}progress/")["HX-Refresh"] == "true"
    page = text(client, asked)
    assert "Forgotten" in page
    assert "nothing names the person any more" in page
    assert "kestrel" not in page
    page = text(client, "/privacy/")
    assert "<td>Chloé</td>" in page
    assert "kestrel" not in page
    for path in (asked, f"{asked}progress/"):
        assert signed_in(cast.diane).get(path).status_code == 404
    with operating():
        assert set(Identifier.objects.values_list("value", flat=True)) == {"heron", "tablet"}


@pytest.mark.requirement("ID-14")
def test_a_version_of_the_policy_is_published_once_and_knows_who_accepted_it(
    shop: Shop, cast: Cast
) -> None:
    client = signed_in(cast.chloe, "en")
    assert "nobody published it here" in text(client, "/privacy/policy/")
    version = {"name": "2026-11", "applies_on": "2026-11-01", "text": "Nous mesurons."}
    page = text(client, "/privacy/policy/", **version)
    assert "nobody published it here" not in page
    assert "Nous mesurons." in page
    again = client.post("/privacy/policy/", {**version, "text": "Autre chose."})
    assert again.status_code == 400
    assert "never changes" in again.content.decode()
    with operating():
        (found,) = selectors.versions_of(cast.nantes)
        assert (found.accepted, found.refused) == (1, 1)
        assert PolicyVersion.objects.count() == 1
    assert "Nous mesurons" not in text(signed_in(cast.diane), "/privacy/policy/")


@pytest.mark.requirement("ID-14")
def test_a_version_holds_for_organisations_below_and_every_answer_is_told(
    shop: Shop, cast: Cast
) -> None:
    version = {"name": "2026-11", "applies_on": "2026-11-01", "text": "Le réseau mesure."}
    head, below = signed_in(cast.amelie, "en"), signed_in(cast.chloe, "en")
    text(head, "/privacy/policy/", **version)

    page = text(below, "/privacy/policy/")
    assert "Le réseau mesure." in page
    assert cast.network.name in page
    assert "nobody published it here" not in page
    with operating():
        (found,) = selectors.versions_of(cast.network)
        assert (found.owner, found.accepted, found.refused) == (cast.network.name, 1, 1)
    text(below, "/privacy/policy/", **{**version, "text": "Nantes mesure."})
    with operating():
        counts = {
            (one.owner, one.accepted, one.refused) for one in selectors.versions_of(cast.network)
        }
    assert counts == {(cast.network.name, 0, 0), (cast.nantes.name, 1, 1)}

    lines = head.get("/privacy/policy/answers.csv").content.decode("utf-8-sig").splitlines()
    assert lines[0] == "answered_at,answer,version,purposes,organisation,site,device"
    cells = [line.split(",") for line in lines[1:]]
    assert sorted(row[1] for row in cells) == ["no", "yes"]
    assert {tuple(row[4:6]) for row in cells} == {(cast.nantes.name, "Boutique")}
    assert {row[2] for row in cells} == {"2026-11"}
    assert COOKIE not in str(lines)
    assert len(signed_in(cast.diane).get("/privacy/policy/answers.csv").content.splitlines()) == 1

    token = token_of(cast.amelie, cast.network)
    told = call(token, "/privacy-policies").json()
    assert [(one["organisation"], one["accepted"]) for one in told] == [
        (cast.nantes.name, 1), (cast.network.name, 0),
    ]  # fmt: skip
    made = call(token, "/privacy-policies", "post", {**version, "name": "2026-12"})
    assert made.status_code == 201
    assert (
        call(token, "/privacy-policies", "post", {**version, "name": "2026-12"}).status_code == 409
    )
    assert len(call(token, "/privacy-policies/answers.csv").content.splitlines()) == 3


def test_an_audience_of_what_people_did_is_previewed_and_made(shop: Shop, cast: Cast) -> None:
    client = signed_in(cast.chloe, "en")
    rule = {
        "name": "Revenants", "purpose": "Relance", "expires_on": "2027-01-31", "days": "30",
        "act": "page_view", "times": "2", "then": "0", "then_act": "order",
    }  # fmt: skip
    page = text(client, "/identity/audience/", **rule, preview="1")
    assert "fewer than 30" in page
    assert "Revenants" in text(client, "/identity/audience/", **rule)


@pytest.mark.requirement("ID-13")
def test_an_audience_is_made_from_what_we_measure_and_each_is_called_by_a_name(
    shop: Shop, cast: Cast
) -> None:
    with operating():
        sold = FoundAccount("google_ads", "123-456-7890", "Great Insurance", "EUR", "Europe/Paris")
        assets.resolve_accounts(cast.nantes, [sold])
    client = signed_in(cast.chloe, "en")
    link = {"name": "A", "destination": "https://boutique.example/", "medium": "email",
            "source": "lettre", "campaign": "ete"}  # fmt: skip
    client.post("/links/new/", link)
    client.post("/codes/new/", {"name": "Salon", "code": "SALON25", "count": "1"})

    form = client.get("/identity/audience/").context["form"]

    offered = [str(name) for _key, name in form.fields["asset"].choices]
    assert offered == ["any of ours", shop.site.name, "Promo codes", "Tracked links"]
