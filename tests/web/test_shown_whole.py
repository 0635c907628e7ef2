"""What a manager promises of lists, trees, numbers and help, shown for all there is of each."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import Partnership, Share
from regie.apps.access.selectors import permissions_on
from regie.apps.accounts.models import User
from regie.apps.assets.models import Asset
from regie.apps.assets.selectors import kinds
from regie.apps.organisations import services
from regie.apps.organisations.models import Organisation
from regie.apps.requests.models import AccessRequest
from regie.domain.permissions.catalog import role as role_of
from regie.ui.platforms import platform
from tests.access.given import VIEWER, colleague, linked, partners, shared
from tests.cast import PASSWORD, Cast
from tests.web.test_every_page import signed_in

ROW = re.compile(r'<th scope="row"[^>]*><a href="/manager/assets/\w+/(\d+)/"')
PLATFORMS = kinds()["ad_account"].ids


def listed(client: Client, asked: str = "") -> set[int]:
    text = client.get(f"/manager/accounts/?{asked}").content.decode()
    return {int(key) for key in ROW.findall(text)}


@pytest.mark.requirement("BM-2")
def test_one_account_of_each_platform_is_found_by_name_by_id_and_by_every_filter(
    cast: Cast,
) -> None:
    keys = {
        one.platform: linked(
            cast.amelie, cast.network, one.example, f"Compte {one.platform}", one.platform
        )
        for one in PLATFORMS
    }
    client, diane = signed_in(cast.amelie, "en"), signed_in(cast.diane, "en")
    with operating():
        met = Asset.objects.create(
            organisation=cast.nantes,
            kind="ad_account",
            platform="google_ads",
            external_id="999-888-7777",
        ).pk
    assert listed(client) == {*keys.values(), met}
    page = client.get("/manager/accounts/").content.decode()
    for name, key in keys.items():
        with operating():
            number = Asset.objects.get(pk=key).external_id
        assert listed(client, f"text=Compte {name}") == {key}
        assert listed(client, f"text={number[-6:].lower()}") >= {key}
        assert key in listed(client, f"platform={name}")
        assert listed(client, f"platform={name}") <= {key, met}
        assert platform(name).name in page
    assert listed(client, "status=found") == {met}
    assert listed(client, "status=linked") == set(keys.values())
    assert listed(client, "text=nothing like that") == set()

    shared(cast, partners(cast), keys["meta_ads"], frozenset({"billing.view"}))
    assert listed(diane, "of=shared") == listed(diane) == {keys["meta_ads"]}
    assert listed(diane, "of=own") == set()
    taken = client.get("/manager/assets/accounts/list.csv?platform=tiktok_ads").content
    (row,) = csv.DictReader(io.StringIO(taken.decode("utf-8-sig")))
    assert row["name"] == "Compte tiktok_ads"


@pytest.mark.requirement("BM-12")
def test_of_a_tree_of_twelve_floors_each_is_found_with_its_line_and_by_its_own_alone(
    cast: Cast,
) -> None:
    floors = [cast.nantes]
    with operating():
        for n in range(12):
            floors.append(
                services.create_organisation(
                    actor=None, name=f"Étage {n:02}", slug=f"etage-{n}", parent=floors[-1]
                )
            )
    above, deep = signed_in(cast.amelie, "en"), floors[-1]
    text = above.get("/manager/organisations/").content.decode()
    for one in floors[1:]:
        assert f'href="/manager/organisations/{one.pk}/"' in text
    rows = re.findall(r"<tr>.*?</tr>", text, flags=re.DOTALL)
    (row,) = [one for one in rows if f"/organisations/{deep.pk}/" in one]
    assert "Réseau Horizon / Horizon Ouest / Horizon Nantes / Étage 00" in row, "what one looks by"

    trail = above.get(f"/manager/organisations/{deep.pk}/").content.decode()
    places = [trail.index(f"{one.name}</span>") for one in floors[:-1]]
    assert places == sorted(places)
    for person, status in ((cast.chloe, 200), (cast.bruno, 200), (cast.diane, 404)):
        answer = signed_in(person).get(f"/manager/organisations/{deep.pk}/")
        assert answer.status_code == status
    # Whoever has many switches among them by a search.
    assert 'data-narrows="organisation-list"' in above.get("/report/").content.decode()


@pytest.mark.requirement("BM-33")
@pytest.mark.parametrize(
    ("room", "platform", "number"),
    [("accounts", "linkedin_ads", "111111111"), ("pages", "linkedin_pages", "12345")],
)
def test_of_an_account_and_of_a_page_those_who_are_missing_here_are_listed_and_invited(
    cast: Cast, postbox: object, room: str, platform: str, number: str
) -> None:
    key = linked(cast.amelie, cast.network, number, platform=platform)
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(email_domains=["horizon.example"])
    client = signed_in(cast.amelie, "en")
    page = f"/manager/assets/{room}/{key}/check-up/"
    people = b"email;name;role\namelie@horizon.example;;Admin\nkestrel@horizon.example;Kestrel;\n"
    upload = SimpleUploadedFile("people.csv", people)
    shown = client.post(page, {"upload": upload}).content.decode()
    assert re.findall(r'name="email-\d+" value="([^"]+)"', shown) == ["kestrel@horizon.example"]
    assert "Not in the manager" in shown
    (role, *_rest) = re.findall(r'<option value="(\w+)"', shown[shown.index('name="role-') :])
    sent = {"ticked": "1", "email-1": "kestrel@horizon.example", "role": "employee", "role-1": role}
    assert client.post(f"{page}invite/", sent).status_code == 302
    assert "kestrel@horizon.example" in client.get("/manager/invitations/").content.decode()
    for person in (cast.diane, colleague("Colleague of Amélie", cast.network).user):
        assert signed_in(person).post(page, {"upload": upload}).status_code in {403, 404}


@pytest.mark.requirement("BM-35")
def test_the_number_is_copied_wherever_one_would_look_for_it_and_is_ones_own(cast: Cast) -> None:
    number = str(cast.network.manager_number)
    somebody = colleague("Colleague of Amélie", cast.network)
    for person in (cast.amelie, somebody.user):
        for page in ("/manager/", "/manager/partners/"):
            text = signed_in(person).get(page).content.decode()
            assert text.index("<h1>") < text.index(f'<code class="numbers">{number}</code>')
            assert f'data-copies="{number}"' in text
    for person in (cast.diane, cast.chloe):
        for page in ("/manager/", "/manager/partners/", "/manager/organisations/"):
            assert number not in signed_in(person).get(page).content.decode()
    # A branch has none until it is given one: twelve digits, of nobody else.
    assert (
        'class="row manager-number"' not in signed_in(cast.bruno).get("/manager/").content.decode()
    )
    west = f"/manager/organisations/{cast.west.pk}/"
    signed_in(cast.amelie).post(west, {"act": "number", "sure": "yes"})
    with operating():
        given = str(Organisation.objects.get(pk=cast.west.pk).manager_number)
    assert re.fullmatch("[1-9][0-9]{11}", given)
    assert given != number
    assert f'data-copies="{given}"' in signed_in(cast.bruno).get("/manager/").content.decode()


@pytest.mark.requirement("BM-50")
@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_step_of_the_set_up_and_the_page_behind_it_explain_themselves(
    cast: Cast, language: str
) -> None:
    client = signed_in(cast.amelie, language)
    text = client.get("/manager/set-up/").content.decode()
    steps = text[text.index('<ol class="set-up">') :]
    helps = re.findall(r'<p class="quiet measure">(.*?)</p>', steps, flags=re.DOTALL)
    assert len(helps) == 7
    assert all(len(one.split()) >= 10 for one in helps)
    behind = set(re.findall(r'<a class="button[^"]*" href="(/manager/[^"#]*)', steps))
    assert len(behind) >= 6
    for address in behind:
        page = client.get(address).content.decode()
        words = page[page.index('<dialog class="help"') :]
        words = words[: words.index("</dialog>")]
        assert words.count("<dt>") >= 5, address
        for meaning in re.findall(r"<dd>(.*?)</dd>", words, flags=re.DOTALL):
            assert len(meaning.split()) >= 4, (address, meaning)
        main = page[page.index("<main") :]
        for shown in re.findall(r"<(?:input|select|textarea)\b[^>]*>", main):
            if 'type="hidden"' in shown or "csrfmiddlewaretoken" in shown:
                continue
            (name,) = re.findall(r'\bid="([^"]+)"', shown) or [""]
            is_told = f'for="{name}"' in page if name else False
            is_inside = re.search(r"<label[^>]*>\s*" + re.escape(shown), page)
            assert is_told or is_inside or "aria-label=" in shown, (address, shown)


@pytest.mark.requirement("BM-1")
@pytest.mark.parametrize(
    ("room", "kind", "platform", "number", "role"),
    [
        ("accounts", "ad_account", "linkedin_ads", "11111111{}", "CAMPAIGN_MANAGER"),
        ("pages", "page", "linkedin_pages", "1234{}", "CONTENT_ADMIN"),
    ],
)
def test_what_three_levels_of_a_network_linked_is_seen_and_steered_in_one_list(
    cast: Cast, room: str, kind: str, platform: str, number: str, role: str
) -> None:
    levels = ((cast.amelie, cast.network), (cast.bruno, cast.west), (cast.chloe, cast.nantes))
    keys = [
        linked(who, place, number.format(n), platform=platform)
        for n, (who, place) in enumerate(levels)
    ]
    someone, client = colleague("Colleague of Amélie", cast.network), signed_in(cast.amelie, "en")
    text = client.get(f"/manager/{room}/").content.decode()
    assert {int(key) for key in ROW.findall(text)} == set(keys)

    client.post(f"/manager/assets/{room}/change/", {"asset": keys, "action": "give"})
    client.post("/manager/people/change/", {"member": [someone.pk], "action": "give"})
    answer = client.post("/manager/give/", {"role": role, "act": "keep"})
    assert answer.status_code == 302, answer.content.decode()
    with acting_as(someone.user):
        for key in keys:
            assert permissions_on(someone.user, key) >= role_of(kind, role).permissions


@pytest.mark.requirement("BM-8")
@pytest.mark.parametrize("act", ["detach", "delete"])
@pytest.mark.parametrize(
    ("room", "platform", "number"),
    [("accounts", "linkedin_ads", "111111111"), ("pages", "linkedin_pages", "12345")],
)
def test_whoever_owns_an_account_or_a_page_lets_it_go_on_its_own_page(
    cast: Cast, act: str, room: str, platform: str, number: str
) -> None:
    key = linked(cast.chloe, cast.nantes, number, "Vitrine", platform)
    client, page = signed_in(cast.chloe, "en"), f"/manager/assets/{room}/{key}/"
    forms = client.get(page).content.decode()
    assert f'action="{page}let-go/"' in forms
    assert re.search(rf'name="act"[^>]*value="{act}"|value="{act}"[^>]*name="act"', forms)

    asked = client.post(f"{page}let-go/", {"act": act}).content.decode()
    assert f'name="act" value="{act}"' in asked, "shown first, confirmed then"
    assert "Vitrine" in client.get(f"/manager/{room}/").content.decode()
    said = client.post(f"{page}let-go/", {"act": act, "sure": "yes"}, follow=True)

    assert ("is deleted here" if act == "delete" else "is detached") in said.content.decode()
    assert ROW.findall(client.get(f"/manager/{room}/?status=linked").content.decode()) == []
    again = {"platform": platform, "external_id": number, "name": "", "whose": "own"}
    assert client.post(f"/manager/assets/{room}/link/", again).status_code == 302


@pytest.mark.requirement("BM-29")
def test_an_owner_with_a_manager_is_led_to_a_partnership_on_both_sides(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111", "Marque")
    owner, asks = signed_in(cast.amelie, "en"), signed_in(cast.diane, "en")
    told = asks.get("/manager/requests/").content.decode()
    told = told[told.index('id="ask"') :]
    assert "has a business manager" in told
    assert 'href="/manager/partners/#propose"' in told
    assert 'id="propose"' in asks.get("/manager/partners/").content.decode()
    wanted = {"platform": "linkedin_ads", "account": "111111111", "role": "VIEWER",
              "email": "", "reason": "Noël"}  # fmt: skip
    assert asks.post("/manager/requests/ask/", wanted).status_code == 302
    with operating():
        answer = f"/manager/requests/{AccessRequest.objects.get().pk}/"

    asked = owner.post(answer, {"decision": "accept"}).content.decode()
    assert "no partnership with them yet: one is proposed" in asked
    owner.post(answer, {"decision": "accept", "sure": "yes"})
    with operating():
        number = Partnership.objects.get().pk
    assert asks.get(f"/manager/assets/accounts/{key}/").status_code == 404
    asks.post(f"/manager/partners/{number}/accept/")
    asked = owner.post(answer, {"decision": "accept"}).content.decode()
    assert "Whoever asked may do this at once" in asked
    owner.post(answer, {"decision": "accept", "sure": "yes"})

    assert "You may: Viewer" in asks.get(f"/manager/assets/accounts/{key}/").content.decode()
    assert "Accepted" in asks.get("/manager/requests/").content.decode()


@pytest.mark.requirement("BM-34", "BM-38", "BM-39", "BM-40", "BM-42")
@pytest.mark.parametrize("kind", ["freelance", "agency"])
def test_whoever_founds_a_manager_of_one_person_is_a_partner_to_the_end(
    cast: Cast, kind: str
) -> None:
    key = linked(cast.amelie, cast.network, "111111111", "Marque")
    kestrel = User.objects.create_user("kestrel@kestrel.example", PASSWORD, name="Kestrel")
    alone, brand = signed_in(kestrel, "en"), signed_in(cast.amelie, "en")
    founded = {"name": "Kestrel", "kind": kind, "currency": "EUR", "time_zone": "Europe/Paris"}
    assert alone.post("/start/", founded).status_code == 302
    with operating():
        number = str(Organisation.objects.get(name="Kestrel", kind=kind).manager_number)
    assert f'data-copies="{number}"' in alone.get("/manager/partners/").content.decode()
    # Who has no manager of his own is told so, and proposes nothing.
    without = signed_in(cast.chloe, "en")
    refused = without.post("/manager/partners/propose/", {"number": number, "side": "owner"})
    assert refused.status_code == 400
    assert "no manager number" in refused.content.decode()

    brand.post("/manager/partners/propose/", {"number": number, "side": "owner"})
    with operating():
        between = Partnership.objects.get().pk
    alone.post(f"/manager/partners/{between}/accept/")
    said = {"room": "accounts", "accounts-asset": [key], "accounts-role": "CREATIVE_MANAGER",
            "sure": "yes"}  # fmt: skip
    assert brand.post(f"/manager/partners/{between}/", said).status_code == 302

    page = f"/manager/assets/accounts/{key}/"
    assert "You may: Creative manager" in alone.get(page).content.decode(), "nobody assigns it"
    with operating():
        (share,) = Share.objects.all()
    less = {"permissions": sorted(VIEWER), "act": "keep"}
    brand.post(f"/manager/partners/shares/{share.pk}/", less)
    assert "You may: Viewer" in alone.get(page).content.decode()
    assert alone.post(f"/manager/partners/{between}/end/", {"sure": "yes"}).status_code == 302
    assert alone.get(page).status_code == 404


CALLED = {
    "en": {
        "manager": ("Administrator", "Employee", "Contractor"),
        "accounts": ("Billing admin", "Account manager", "Campaign manager", "Creative manager",
                     "Viewer"),
        "pages": ("Super admin", "Content admin", "Content editor", "Analyst",
                  "Sponsored Content poster", "Lead Gen Forms manager", "Landing Pages manager"),
    },
    "fr": {
        "manager": ("Administrateur", "Employé", "Contractuel"),
        "accounts": ("Admin de facturation", "Chargé de compte", "Gestionnaire de campagne",
                     "Gestionnaire de créations", "Lecteur"),
        "pages": ("Super admin", "Admin de contenu", "Éditeur de contenu", "Analyste",
                  "Publicateur de contenu sponsorisé", "Gestionnaire de formulaires de leads",
                  "Gestionnaire de pages d’atterrissage"),
    },
}  # fmt: skip


@pytest.mark.requirement("BM-18", "BM-19", "BM-20", "BM-21")
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_role_stands_by_its_name_where_it_is_explained_and_where_it_is_given(
    cast: Cast, language: str
) -> None:
    names, client = CALLED[language], signed_in(cast.amelie, language)
    client.post("/manager/invitations/domains/", {"entries": "horizon.example"})
    explained = unescape(client.get("/manager/roles/").content.decode())
    invited = unescape(client.get("/manager/invitations/").content.decode())
    for name in names["manager"]:
        assert f'<th scope="col">{name}</th>' in explained
        assert re.search(rf"<option [^>]*>{name}</option>", invited), name
    for room, where, number in (
        ("accounts", "linkedin_ads", "111111111"), ("pages", "linkedin_pages", "12345"),
    ):  # fmt: skip
        key = linked(cast.amelie, cast.network, number, platform=where)
        given = unescape(client.get(f"/manager/assets/{room}/{key}/").content.decode())
        for name in names[room]:
            assert f'<th scope="row">{name}</th>' in explained, name
            assert re.search(rf"<option [^>]*>{name}\s*</option>", given), name
