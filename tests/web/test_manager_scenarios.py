"""Seven walks through the business manager, from start to end, by its pages and its API alone."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from regie.apps.access.context import operating
from regie.apps.access.models import Grant, Partnership, Share
from regie.apps.accounts.models import User
from regie.apps.assets.models import Asset
from regie.apps.audit.models import AuditLine
from regie.apps.organisations.models import Invitation, Member, Organisation, Role
from regie.apps.organisations.services import create_organisation
from regie.apps.requests.models import AccessRequest
from regie.kernel import clock
from tests.access.given import CAMPAIGNS, CREATIVE, VIEWER, colleague, rows_of
from tests.api.test_api import call, token_of
from tests.assets.test_linking import filled
from tests.cast import Cast
from tests.web.test_every_page import signed_in

pytestmark = pytest.mark.slow

LINKED_BY = "/manager/assets/accounts/link/"
NUMBERS = {"linkedin_ads": "accounts", "linkedin_pages": "pages"}


def text_of(answer) -> str:
    return answer.content.decode().replace("\u202f", " ").replace("\xa0", " ")


def link(client: Client, written: str, platform: str = "linkedin_ads", **said: str):
    form = {"platform": platform, "external_id": written, "name": "", **said}
    return client.post(f"/manager/assets/{NUMBERS[platform]}/link/", form)


def listed(client: Client, text: str, act: str = "link", room: str = "accounts") -> str:
    file = SimpleUploadedFile("list.csv", text.encode("utf-8-sig"))
    return text_of(client.post(f"/manager/assets/{room}/bring/", {"upload": file, "act": act}))


def key_of(external_id: str) -> int:
    with operating():
        return Asset.objects.get(external_id=external_id).pk


def agreed(owner: Client, partner: Client, number: str) -> int:
    """A partnership, proposed by the owner and accepted by the partner; its number."""
    owner.post("/manager/partners/propose/", {"number": number, "side": "owner"})
    with operating():
        made = Partnership.objects.latest("pk").pk
    partner.post(f"/manager/partners/{made}/accept/")
    return made


def share(owner: Client, partnership: int, keys: list[int], role: str, room="accounts") -> int:
    said = {"room": room, f"{room}-asset": keys, f"{room}-role": role, "sure": "yes"}
    assert owner.post(f"/manager/partners/{partnership}/", said).status_code == 302
    with operating():
        return Share.objects.latest("pk").pk


def lowered(owner: Client, share_id: int, permissions: frozenset[str]) -> None:
    said = {"permissions": sorted(permissions), "act": "keep"}
    assert owner.post(f"/manager/partners/shares/{share_id}/", said).status_code == 302


@pytest.mark.requirement("BM-10", "BM-11", "BM-12", "BM-27", "BM-S1")
def test_the_thousandth_account_of_a_region_is_linked_and_one_more_is_refused_whole(
    cast: Cast,
) -> None:
    client = signed_in(cast.amelie, "en")
    for name in ("Canada", "Québec"):
        grown = {"name": name, "kind": "region", "is_manager": "on", "sure": "yes"}
        assert client.post("/manager/organisations/", grown).status_code == 302
        with operating():
            below = Organisation.objects.get(name=name)
        client.post("/organisation/", {"organisation": below.slug})
    with operating():
        filled(below, 979)
    lines = "\n".join(f"linkedin_ads;{300_000_000 + n}" for n in range(20))
    assert "Newly linked: 20" in listed(client, f"platform;id\n{lines}\n")

    assert link(client, "123456789").status_code == 302
    assert "1,000 of 1,000" in text_of(client.get("/manager/accounts/"))
    refused = link(client, "123456790")
    assert refused.status_code == 400
    assert "at most 1,000" in text_of(refused)
    both = listed(client, "platform;id\nlinkedin_ads;123456789\nlinkedin_ads;123456790\n")

    assert "Newly linked: 0" in both
    with operating():
        held = Asset.objects.filter(organisation=below)
        assert held.count() == 1_000
        assert not Asset.objects.filter(external_id="123456790").exists()
        assert Grant.objects.filter(asset__in=held).count() == 21, "who linked them answers"
        assert not AuditLine.objects.filter(details__external_id="123456790").exists()


@pytest.mark.requirement("BM-S2", "BM-26")
def test_of_six_ways_to_write_an_id_two_are_taken_and_a_zero_stays_wherever_it_goes(
    cast: Cast,
) -> None:
    client = signed_in(cast.amelie, "en")
    wrong = ("12345678", "1234567890", "12345678a", "０１２３４５６７８")
    for written in wrong:
        answer = link(client, written)
        assert answer.status_code == 400
        assert "Exactly 9 digits" in text_of(answer)
    for written in (" 123456789 ", "012345678"):
        assert link(client, written).status_code == 302

    taken = client.get("/manager/assets/accounts/list.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(taken)))
    assert sorted(row["id"] for row in rows) == ["012345678", "123456789"]
    told = call(token_of(cast.amelie, cast.network), "/accounts").json()
    assert sorted(one["external_id"] for one in told) == ["012345678", "123456789"]
    assert "Newly linked: 0" in listed(client, taken), "what left comes back as it was"


@pytest.mark.requirement("BM-S3", "BM-3", "BM-40", "BM-41")
def test_a_ceiling_refuses_then_allows_then_takes_away_in_the_same_session(cast: Cast) -> None:
    brand, agency = signed_in(cast.amelie, "en"), signed_in(cast.diane, "en")
    ana = colleague("Colleague of Diane", cast.studio)
    link(brand, "111111111")
    key = key_of("111111111")
    partnership = agreed(brand, agency, str(cast.studio.manager_number))
    share_id = share(brand, partnership, [key], "CREATIVE_MANAGER")
    page, wanted = (
        f"/manager/assets/accounts/{key}/",
        {"member": ana.pk, "ends_on": "", "sure": "yes"},
    )
    program = token_of(cast.diane, cast.studio)

    def give(role: str, **who: int) -> int:
        return int(agency.post(f"{page}give/", wanted | who | {"role": role}).status_code)

    asked = {"member_id": ana.pk, "role": "CAMPAIGN_MANAGER"}
    assert give("CAMPAIGN_MANAGER") == 400
    refused = call(program, f"/accounts/{key}/roles", "post", asked)
    assert (refused.status_code, refused.json()["code"]) == (409, "above_ceiling")
    lowered(brand, share_id, CAMPAIGNS)
    assert give("CAMPAIGN_MANAGER") == 302

    anas, anas_program = signed_in(ana.user, "en"), token_of(ana.user, cast.studio)
    assert "You may: Campaign manager" in text_of(anas.get(page))
    assert set(call(anas_program, f"/accounts/{key}").json()["permissions"]) == CAMPAIGNS
    with operating():
        before = AuditLine.objects.latest("pk").pk
    lowered(brand, share_id, VIEWER)
    assert "You may: Viewer" in text_of(anas.get(page))
    assert set(call(anas_program, f"/accounts/{key}").json()["permissions"]) == VIEWER

    later = {"member": colleague("Second colleague of Diane", cast.studio).pk}
    with operating():
        lines = AuditLine.objects.filter(pk__gt=before, action="access.changed")
        told = [(one.details["person"], sorted(one.details["lost"])) for one in lines]
    assert sorted(told) == [
        ("Colleague of Diane", sorted(CAMPAIGNS - VIEWER)), ("Diane", sorted(CAMPAIGNS - VIEWER)),
    ]  # fmt: skip
    assert CREATIVE - VIEWER < CAMPAIGNS - VIEWER
    # Whoever is assigned from now on is held by it too; then the account is shared no more.
    assert [give("CREATIVE_MANAGER", **later), give("VIEWER", **later)] == [400, 302]
    assert (
        brand.post(f"/manager/partners/shares/{share_id}/stop/", {"sure": "yes"}).status_code == 302
    )
    assert anas.get(page).status_code == agency.get(page).status_code == 404


@pytest.mark.requirement("BM-S4", "BM-37", "BM-39")
def test_a_partner_finds_nothing_then_the_one_shared_of_forty_wherever_he_looks(cast: Cast) -> None:
    brand, agency = signed_in(cast.amelie, "en"), signed_in(cast.diane, "en")
    accounts = "\n".join(f"linkedin_ads;1111111{n:02};Compte {n:02}" for n in range(40))
    pages = "\n".join(f"linkedin_pages;13374{n:02};Compte page {n:02}" for n in range(40))
    assert "Newly linked: 40" in listed(brand, f"platform;id;name\n{accounts}\n")
    assert "Newly linked: 40" in listed(brand, f"platform;id;name\n{pages}\n", room="pages")
    partnership = agreed(brand, agency, str(cast.studio.manager_number))
    program = token_of(cast.diane, cast.studio)

    def found() -> list[set[str]]:
        texts = [text_of(agency.get(f"/manager/{path}")) for path in (
            "accounts/", "accounts/?text=compte", "assets/accounts/list.csv", "pages/",
            "assets/pages/list.csv",
        )]  # fmt: skip
        texts.append(json.dumps(call(program, "/accounts?limit=1000").json()))
        return [set(re.findall(r"Compte (?:page )?[0-9]{2}", text)) for text in texts]

    assert found() == [set()] * 6
    assert rows_of(cast.diane) == set()
    key = key_of("111111107")
    share(brand, partnership, [key], "VIEWER")

    one, none = {"Compte 07"}, set[str]()
    assert found() == [one, one, one, none, none, one]
    assert rows_of(cast.diane) == {key}


@pytest.mark.requirement("BM-S5", "BM-16", "BM-31", "BM-32")
def test_a_page_is_asked_for_once_it_has_a_super_admin_and_he_alone_answers(cast: Cast) -> None:
    brand, outsider = signed_in(cast.amelie, "en"), signed_in(cast.diane, "en")
    hired = colleague("Colleague of Amélie", cast.network)
    link(brand, "1337420", "linkedin_pages", name="Page")  # nobody says that he is its super admin
    wanted = {"platform": "linkedin_pages", "account": "1337420", "role": "CONTENT_ADMIN",
              "email": "", "reason": "Noël"}  # fmt: skip
    refused = outsider.post("/manager/requests/ask/", wanted)
    assert refused.status_code == 400
    assert "no super admin" in text_of(refused)
    key = key_of("1337420")
    assert "No super admin" in text_of(brand.get(f"/manager/assets/pages/{key}/"))
    brand.post(
        f"/manager/assets/pages/{key}/give/",
        {"member": hired.pk, "role": "ADMINISTRATOR", "ends_on": "", "sure": "yes"},
    )
    assert outsider.post("/manager/requests/ask/", wanted).status_code == 302

    with operating():
        number = AccessRequest.objects.get().pk
    answer = f"/manager/requests/{number}/"
    hers = signed_in(hired.user, "en")
    shown = text_of(hers.get("/manager/requests/"))
    assert "1337420" in shown
    assert "Content admin" in shown
    for other in (brand, signed_in(cast.bruno, "en"), signed_in(cast.chloe, "en")):
        assert "1337420" not in text_of(other.get("/manager/requests/"))
        assert other.post(answer, {"decision": "accept", "sure": "yes"}).status_code == 404

    # Partners are up to administrators: she is told so, and the request goes on waiting.
    said = text_of(hers.post(answer, {"decision": "accept", "sure": "yes"}, follow=True))
    assert "only administrators open one" in said
    agreed(brand, outsider, str(cast.studio.manager_number))
    assert rows_of(cast.diane) == set()
    hers.post(answer, {"decision": "accept", "sure": "yes"})
    assert rows_of(cast.diane) == {key}
    assert "You may: Content admin" in text_of(outsider.get(f"/manager/assets/pages/{key}/"))


@pytest.mark.requirement("BM-S6", "BM-36", "BM-47")
def test_employees_and_contractors_neither_partner_share_nor_invite_and_nothing_is_passed_on(
    cast: Cast,
) -> None:
    brand, agency = signed_in(cast.amelie, "en"), signed_in(cast.diane, "en")
    soon = str(clock.today() + timedelta(days=30))
    brand.post("/manager/audiences/new/", {
        "name": "Clients", "source": "customers", "basis": "consent", "purpose": "Noël",
        "expires_on": soon,
    })  # fmt: skip
    link(brand, "111111111")
    key, number = key_of("111111111"), str(cast.studio.manager_number)
    for role in (Role.EMPLOYEE, Role.CONTRACTOR):
        person = colleague(f"Some {role}", cast.network).user
        if role == Role.CONTRACTOR:
            with operating():
                Member.objects.filter(user=person).update(role=role, ends_on=soon)
        client, program = signed_in(person, "en"), token_of(person, cast.network)
        audience = call(program, "/audiences").json()[0]["id"]
        onward = {"recipient": cast.west.pk, "rights": "targeting", "purpose": "x",
                  "expires_on": soon}  # fmt: skip
        invited = {"emails": "newcomer@horizon.example", "role": "employee", "language": "fr"}
        for path, said in (
            ("partners/propose/", {"number": number, "side": "owner"}),
            (f"audiences/{audience}/share/", onward),
            ("invitations/", invited),
        ):
            assert client.post(f"/manager/{path}", said).status_code == 403, path
        people = {"people": [{"email": "newcomer@horizon.example", "role": "employee"}]}
        share_it = {"recipient_id": cast.west.pk, "purpose": "x", "expires_on": soon}
        for path, body in (
            ("/partnerships", {"number": number}),
            (f"/audiences/{audience}/shares", share_it),
            ("/invitations", people),
        ):
            assert call(program, path, "post", body).status_code == 403, path
    with operating():
        assert not Partnership.objects.exists()
        assert not Invitation.objects.exists()
        third = create_organisation(actor=None, name="Third", slug="third")
        boss = User.objects.create_user("third@third.example", name="Third’s administrator")
        Member.objects.create(organisation=third, user=boss, role=Role.ADMINISTRATOR)

    share(brand, agreed(brand, agency, number), [key], "CAMPAIGN_MANAGER")
    onward_to = agreed(agency, signed_in(boss), str(third.manager_number))
    said = {"room": "accounts", "accounts-asset": [key], "accounts-role": "VIEWER"}
    assert agency.post(f"/manager/partners/{onward_to}/", said).status_code == 400
    by_program = {"account_ids": [key], "ceiling": sorted(VIEWER)}
    path = f"/partnerships/{onward_to}/shares"
    assert call(token_of(cast.diane, cast.studio), path, "post", by_program).status_code == 404
    assert rows_of(boss) == set()


@pytest.mark.requirement("BM-S7", "BM-28")
def test_a_list_of_250_requests_makes_240_and_explains_ten_and_makes_none_again(cast: Cast) -> None:
    client = signed_in(cast.diane, "en")
    good = [f"{number:09d};Gestionnaire de campagne;Été" for number in range(240)]
    wrong = ["12345678;Lecteur;", "1234567890;Lecteur;", "12345678a;Lecteur;",
             "900000001;Empereur;", "900000002;Reine;"]  # fmt: skip
    lines = ["ID du compte;Rôle;Motif", *good[:120], *wrong, *good[120:], *good[:5]]
    text = "\r\n".join(lines).encode("utf-8-sig")

    def bring() -> list[tuple[int, str]]:
        said = {"platform": "linkedin_ads", "file": SimpleUploadedFile("demandes.csv", text)}
        page = text_of(client.post("/manager/requests/list/", said))
        told = re.findall(r'class="number">([0-9]+)</th><td class="wraps">(.*?)</td>', page)
        return [(int(line), reason.strip()) for line, reason in told]

    refused = bring()
    assert [line for line, _reason in refused] == [122, 123, 124, 125, 126, *range(247, 252)]
    reasons = [reason for _line, reason in refused]
    assert reasons[0] == (
        "“12345678” is not an ID of this kind. "
        "Spreadsheets drop leading zeros: perhaps it is 012345678."
    )
    for reason, role in zip(reasons[3:5], ("Empereur", "Reine"), strict=True):
        assert reason.startswith(f"There is no role “{role}” for this kind of account.")
    assert set(reasons[5:]) == {"This was asked before and is still pending."}
    made = call(token_of(cast.diane, cast.studio), "/requests").json()
    assert len(made) == 240
    assert {"external_id": "000000007", "role": "CAMPAIGN_MANAGER"}.items() <= next(
        one for one in made if one["external_id"] == "000000007"
    ).items()
    assert len(bring()) == 250
    with operating():
        assert AccessRequest.objects.count() == 240
