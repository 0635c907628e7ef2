"""Whose is it? One’s own is linked, another’s is asked for; of accounts, pages and what comes."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from regie.apps.access.context import acting_as, operating
from regie.apps.access.selectors import permissions_on
from regie.apps.assets.catalog import _by_platform, kinds
from regie.apps.assets.forms_of_ids import IdForm, Kind
from regie.apps.assets.models import Asset, PageAccount
from regie.apps.organisations.models import Organisation
from regie.apps.requests.models import AccessRequest
from regie.domain.permissions.catalog import families, role
from regie.domain.permissions.definitions import VIEW, Family, Permission, Role
from regie.web.console.navigation import PAGES
from tests.access.given import CAMPAIGNS, colleague, linked, partners, rows_of, shared
from tests.api.test_api import call, token_of
from tests.cast import Cast, bring, total
from tests.connections.test_shared_accounts import export
from tests.today import today
from tests.web.test_every_page import signed_in

pytestmark = pytest.mark.slow


@pytest.mark.requirement("BM-13", "BM-16", "BM-31")
@pytest.mark.parametrize(
    ("room", "platform", "number", "wanted"),
    [
        ("accounts", "linkedin_ads", "123456789", "CAMPAIGN_MANAGER"),
        ("pages", "linkedin_pages", "1337420", "CONTENT_ADMIN"),
    ],
)
def test_of_each_it_is_asked_whose_it_is(
    room: str, platform: str, number: str, wanted: str, cast: Cast
) -> None:
    client = signed_in(cast.amelie, "en")
    page, link = f"/manager/assets/{room}/", f"/manager/assets/{room}/link/"
    said = {"platform": platform, "external_id": number, "name": ""}
    asked = client.get(page).content.decode()
    assert "whose is it?" in asked
    assert 'value="own"' in asked
    assert 'value="other"' in asked

    answer = client.post(link, said | {"whose": "other"}, follow=True).content.decode()
    with operating():
        assert not Asset.objects.exists()
    assert f'value="{number}"' in answer
    assert re.search(rf'<option value="{platform}" selected>', answer)
    form = {"platform": platform, "account": number, "role": wanted, "email": "", "reason": ""}
    client.post("/manager/requests/ask/", form)
    with operating():
        assert AccessRequest.objects.get().role == wanted

    client.post(link, said | {"whose": "own"})
    with operating():
        assert Asset.objects.get().external_id == number


@pytest.mark.requirement("BM-13")
def test_of_an_account_that_an_import_met_it_is_asked_too(cast: Cast, tmp_path: Path) -> None:
    bring(cast.nantes, export(tmp_path, "10.00"), account="123-456-7890")
    with operating():
        key = Asset.objects.get().pk
    client = signed_in(cast.chloe, "en")
    page = client.get(f"/manager/assets/accounts/{key}/").content.decode()
    assert "Whose is it?" in page
    said = {"platform": "google_ads", "external_id": "123-456-7890", "whose": "own"}
    assert all(f'value="{one}"' in page for one in said.values())

    client.post("/manager/assets/accounts/link/", said)

    assert "Whose is it?" not in client.get(f"/manager/assets/accounts/{key}/").content.decode()
    with operating():
        assert Asset.objects.get().status == "linked"


@pytest.mark.requirement("BM-6", "BM-10")
def test_neither_a_manager_nor_a_link_changes_what_anybody_may_or_reads(
    cast: Cast, tmp_path: Path
) -> None:
    bring(cast.nantes, export(tmp_path, "10.00"), account="123-456-7890")
    with operating():
        key = Asset.objects.get().pk
    people = (cast.amelie, cast.bruno, cast.diane, colleague("Colleague", cast.west).user)

    def state() -> list[tuple[frozenset[str], set[int], object]]:
        found = []
        for person in people:
            with acting_as(person):
                may = permissions_on(person, key)
            found.append((may, rows_of(person), total(person, "spend")))
        return found

    before = state()
    client = signed_in(cast.chloe)
    client.post(f"/manager/organisations/{cast.nantes.pk}/", {"act": "number", "sure": "yes"})
    signed_in(cast.bruno).post(
        f"/manager/organisations/{cast.nantes.pk}/", {"act": "number", "sure": "yes"}
    )
    said = {"platform": "google_ads", "external_id": "123-456-7890", "whose": "own"}
    client.post("/manager/assets/accounts/link/", said)

    with operating():
        assert Organisation.objects.get(pk=cast.nantes.pk).manager_number
        assert Asset.objects.get().status == "linked"
    assert state() == before


@pytest.mark.requirement("BM-30")
def test_a_page_is_told_which_of_the_ad_accounts_speak_in_its_name(cast: Cast) -> None:
    client, program = signed_in(cast.amelie, "en"), token_of(cast.amelie, cast.network)
    said = {"platform": "linkedin_pages", "external_id": "1337420", "name": "Marque"}
    page = f"/manager/assets/pages/{linked_page(client, said)}/"
    assert "Link the ad accounts first" in client.get(page).content.decode()
    keys = [linked(cast.amelie, cast.network, f"11111111{n}", f"Compte {n}") for n in range(2)]
    theirs = linked(cast.diane, cast.studio, "222222222")

    client.post(f"{page}attach/", {"account": keys[:1]})

    for_programs = f"/accounts/{page.split('/')[-2]}/attached"
    assert [one["name"] for one in call(program, for_programs).json()] == ["Compte 0"]
    account = f"/manager/assets/accounts/{keys[0]}/"
    assert "Pages in whose name it speaks" in client.get(account).content.decode()
    assert call(program, for_programs, "put", {"account_ids": keys}).status_code == 204
    assert len(call(program, for_programs).json()) == 2
    for stranger in ({"account_ids": [theirs]}, {"account_ids": [999_999]}):
        assert call(program, for_programs, "put", stranger).status_code == 404
    one = colleague("Colleague of Amélie", cast.network)
    assert signed_in(one.user).post(f"{page}attach/", {}).status_code == 403
    assert signed_in(cast.diane).post(f"{page}attach/", {}).status_code == 404
    with acting_as(cast.diane):
        assert not PageAccount.objects.exists()
    client.post(f"{account}let-go/", {"act": "detach", "sure": "yes"})
    assert [one["name"] for one in call(program, for_programs).json()] == ["Compte 1"]


def linked_page(client: Client, said: dict[str, str]) -> int:
    client.post("/manager/assets/pages/link/", said)
    with operating():
        return Asset.objects.get(external_id=said["external_id"]).pk


def test_an_id_that_is_all_the_name_there_is_stands_once(cast: Cast) -> None:
    client = signed_in(cast.amelie, "en")
    key = linked(cast.amelie, cast.network, "123456789", name="123456789")
    page = f"/manager/assets/accounts/{key}/"
    client.post(f"{page}rename/", {"name": "Horizon", "location": ""})

    head = client.get(page).content.decode().split("<h1>")[1].split("</p>")[0]
    assert re.sub(r"<[^>]+>", " ", head).count("123456789") == 1


@pytest.mark.requirement("BM-7")
def test_the_report_of_an_account_is_one_click_from_its_page(cast: Cast, tmp_path: Path) -> None:
    for number, (account, cost) in enumerate(
        (("123-456-7890", "4321.00"), ("987-654-3210", "765.00"))
    ):
        bring(cast.nantes, export(tmp_path, cost, f"{number}.csv"), account=account)
    with operating():
        key = Asset.objects.get(external_id="987-654-3210").pk
    client = signed_in(cast.chloe, "en")
    page = client.get(f"/manager/assets/accounts/{key}/").content.decode()
    (address,) = re.findall(r'href="(/report/\?only_account[^"]*)"', page)

    year = "&from=2026-01-01&to=2026-11-01"
    table = client.get(address.replace("/report/", "/report/table.csv") + year).content.decode()

    assert "765" in table
    assert "4321" not in table
    assert "5086" not in table


@pytest.mark.requirement("BM-46", "BM-48")
def test_the_page_of_an_account_offers_its_audiences_to_campaigns(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    client = signed_in(cast.amelie, "en")
    client.post("/manager/audiences/new/", {
        "name": "Ont répondu", "source": "interactions", "basis": "consent", "purpose": "Noël",
        "expires_on": str(today() + timedelta(days=30)),
    })  # fmt: skip
    page = f"/manager/assets/accounts/{key}/"
    assert "None yet" in client.get(page).content.decode()
    (one,) = re.findall(
        r"/manager/audiences/([0-9]+)/", client.get("/manager/audiences/").content.decode()
    )
    client.post(f"/manager/audiences/{one}/use/", {"account": key})
    assert "Ont répondu" in client.get(page).content.decode()


@pytest.mark.requirement("BM-17")
def test_a_role_in_one_layer_gives_nothing_in_another(cast: Cast) -> None:
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(members_see_all=False)
    client = signed_in(cast.amelie, "en")
    one = colleague("Colleague of Amélie", cast.network)
    account = linked(cast.amelie, cast.network, "111111111")
    said = {"platform": "linkedin_pages", "external_id": "1337420", "name": "", "is_keeper": "on"}
    client.post("/manager/assets/pages/link/", said)
    with operating():
        page = Asset.objects.get(kind="page").pk

    def may() -> tuple[frozenset[str], frozenset[str], int]:
        with acting_as(one.user):
            on_account, on_page = permissions_on(one.user, account), permissions_on(one.user, page)
        invites = signed_in(one.user).get("/manager/invitations/").status_code
        return on_account, on_page, invites

    nothing = frozenset[str]()
    assert may() == (nothing, nothing, 403)
    given = {"member": one.pk, "ends_on": "", "sure": "yes"}
    client.post(f"/manager/assets/accounts/{account}/give/", given | {"role": "CAMPAIGN_MANAGER"})
    assert may() == (CAMPAIGNS, nothing, 403)
    client.post(f"/manager/assets/pages/{page}/give/", given | {"role": "CONTENT_ADMIN"})
    assert may() == (CAMPAIGNS, role("page", "CONTENT_ADMIN").permissions, 403)
    text = client.get("/manager/roles/").content.decode()
    for layer in ("Roles in the manager", "Ready-made roles: Ad account", "Ready-made roles: Page"):
        assert layer in text


@pytest.mark.requirement("BM-50")
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_of_the_console_says_what_it_is_for(language: str, cast: Cast) -> None:
    client = signed_in(cast.amelie, language)
    for page in PAGES:
        text = client.get(reverse(page.name)).content.decode()
        (head,) = re.findall(r'<div class="said">(.*?)</header>', text, flags=re.DOTALL)
        said = [
            re.sub(r"<[^>]+>", "", one).strip()
            for one in re.findall(r"<p[^>]*>(.*?)</p>", head, flags=re.DOTALL)
        ]
        assert any(len(one.split()) >= 6 and one[-1] in ".?" for one in said), (page.name, said)


@pytest.mark.requirement("FR-28")
def test_of_a_location_each_is_given_what_he_answers_for(cast: Cast) -> None:
    client = signed_in(cast.chloe, "en")
    with operating():
        Organisation.objects.filter(pk=cast.nantes.pk).update(members_see_all=False)
    said = {"platform": "google_business_profile", "external_id": "GI-NTE", "name": "Nantes"}
    client.post("/manager/assets/locations/link/", said)
    with operating():
        key = Asset.objects.get(kind="location").pk
    page = f"/manager/assets/locations/{key}/give/"
    for name in ("photos", "hours"):
        said = {"name": name, "permissions": [f"location.{name}"], "act": "keep"}
        client.post("/manager/roles/new/location/", said)
    form = client.get(page.removesuffix("give/")).content.decode()
    own = {name: code for code, name in re.findall(r'value="(own-[0-9]+)"[^>]*>\s*(\w+)', form)}
    for code, allowed in (
        ("REVIEW_RESPONDER", {VIEW, "reviews.answer"}),
        (own["photos"], {"location.photos"}),
        (own["hours"], {"location.hours"}),
        ("LOCATION_MANAGER", {VIEW, "location.hours", "location.photos", "reviews.answer"}),
    ):
        one = colleague(f"Colleague with {code}", cast.nantes)
        client.post(page, {"member": one.pk, "role": code, "ends_on": "", "sure": "yes"})
        with acting_as(one.user):
            assert permissions_on(one.user, key) == allowed


@pytest.mark.requirement("INF-38")
def test_a_kind_that_is_declared_is_shared_one_by_one_like_all_the_others(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaigns = Kind(
        name="creator_campaign", label="Creator campaign", plural="Creator campaigns",
        family="creator_campaign", room="campaigns",
        ids=(IdForm("creators", "[A-Z]{2}-[0-9]+", "Letters and digits.", "NO-1"),),
    )  # fmt: skip
    work = frozenset({VIEW, "creators.brief"})
    family = Family(
        name="creator_campaign", label="Creator campaign", approving="creators.brief",
        permissions=(Permission(VIEW, "View"), Permission("creators.brief", "Brief creators")),
        roles=(Role("CREATORS", "Works with the creators", work),),
    )  # fmt: skip
    monkeypatch.setattr("regie.apps.assets.kinds.pages.DECLARED", campaigns, raising=False)
    monkeypatch.setattr("regie.domain.permissions.families.pages.ALSO", family, raising=False)
    for found in (kinds, _by_platform, families):
        found.cache_clear()
    try:
        _walk_single_campaigns(cast)
    finally:
        monkeypatch.undo()
        for found in (kinds, _by_platform, families):
            found.cache_clear()


def _walk_single_campaigns(cast: Cast) -> None:
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(members_see_all=False)
    client = signed_in(cast.amelie, "en")
    room = "/manager/assets/campaigns/"
    for number in range(3):
        said = {"platform": "creators", "external_id": f"NO-{number}", "name": f"Noël {number}"}
        assert client.post(f"{room}link/", said).status_code == 302
    with operating():
        keys = list(Asset.objects.order_by("external_id").values_list("pk", flat=True))
    one = colleague("Colleague of Amélie", cast.network)
    client.post(
        f"{room}{keys[0]}/give/",
        {"member": one.pk, "role": "CREATORS", "ends_on": "", "sure": "yes"},
    )
    shared(cast, partners(cast), keys[1], frozenset({VIEW, "creators.brief"}))

    for person, key in ((one.user, keys[0]), (cast.diane, keys[1])):
        assert rows_of(person) == {key}
        shown = signed_in(person, "en").get(room).content.decode()
        assert re.findall(r">(Noël [0-9])<", shown) == [f"Noël {keys.index(key)}"]
        others = [other for other in keys if other != key]
        assert {signed_in(person).get(f"{room}{other}/").status_code for other in others} == {404}


@pytest.mark.requirement("DASH-22", "FR-2")
def test_the_same_report_shows_each_level_its_own(cast: Cast, tmp_path: Path) -> None:
    for number, (place, cost) in enumerate(
        ((cast.network, "1000.00"), (cast.nantes, "200.00"), (cast.rennes, "30.00"))
    ):
        bring(place, export(tmp_path, cost, f"{number}.csv"), account=f"123-456-789{number}")
    year = "/report/table.csv?split=organisation&from=2026-01-01&to=2026-11-01"

    def lines(person) -> list[str]:
        text = signed_in(person, "en").get(year).content.decode("utf-8-sig")
        return [line.split(",")[0] for line in text.splitlines()[1:]]

    everything = {"Réseau Horizon", "Horizon Nantes", "Horizon Rennes"}
    assert everything & set(lines(cast.amelie)) == everything
    assert everything & set(lines(cast.bruno)) == {"Horizon Nantes", "Horizon Rennes"}
    assert everything & set(lines(cast.chloe)) == {"Horizon Nantes"}
    assert everything & set(lines(cast.diane)) == set()


@pytest.mark.requirement("DASH-22", "FR-2")
def test_each_level_changes_its_own_branch_and_nothing_beside_or_above(cast: Cast) -> None:
    places = (cast.network, cast.west, cast.nantes, cast.rennes, cast.studio)
    keys = {
        place.pk: linked(who, place, f"11111111{n}")
        for n, (who, place) in enumerate(
            ((cast.amelie, cast.network), (cast.bruno, cast.west), (cast.chloe, cast.nantes),
             (cast.bruno, cast.rennes), (cast.diane, cast.studio))
        )
    }  # fmt: skip
    for person, own in (
        (cast.amelie, (cast.network, cast.west, cast.nantes, cast.rennes)),
        (cast.bruno, (cast.west, cast.nantes, cast.rennes)),
        (cast.chloe, (cast.nantes,)),
        (cast.diane, (cast.studio,)),
    ):
        client, token = signed_in(person), token_of(person, own[0])
        for place in places:
            of_it, account = f"/manager/organisations/{place.pk}/", keys[place.pk]
            called, given = f"{place.name} by {person.name}", f"Account by {person.name}"
            answers = [
                client.post(of_it, {"act": "rename", "name": called}),
                client.post(f"/manager/assets/accounts/{account}/rename/", {"name": given}),
                call(token, f"/accounts/{account}"),
            ]
            right = [302, 302, 200] if place in own else [404, 404, 404]
            assert [one.status_code for one in answers] == right, (person.name, place.name)
            with operating():
                place_now = Organisation.objects.get(pk=place.pk).name == called
                account_now = Asset.objects.get(pk=account).called == given
            assert place_now == account_now == (place in own)
