"""The console's accounts, pages and partners: found, linked, shared and ended through the pages."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from regie.apps.access import services
from regie.apps.access.context import acting_as
from regie.apps.access.models import Grant, Partnership, Share
from regie.apps.assets.models import Asset
from regie.apps.audiences import services as audiences
from regie.cli.main import main
from regie.kernel import clock
from tests.access.given import (
    CREATIVE,
    VIEWER,
    colleague,
    figures_of,
    linked,
    partners,
    rows_of,
    shared,
)
from tests.api.test_api import call, token_of
from tests.cast import Cast, bring
from tests.web.test_every_page import signed_in


def text_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.requirement("BM-2")
def test_accounts_of_all_platforms_are_listed_found_and_taken_away(cast: Cast) -> None:
    client = signed_in(cast.amelie, "en")
    for platform, written, name in (
        ("linkedin_ads", "012345678", "Marque B2B"),
        ("google_ads", "1234567890", "Marque Recherche"),
        ("meta_ads", "1020300400500", "Marque Vidéo"),
    ):
        said = {"platform": platform, "external_id": written, "name": name}
        assert client.post("/manager/assets/accounts/link/", said).status_code == 302

    listed = text_of(client, "/manager/accounts/")
    found = text_of(client, "/manager/accounts/?text=recherche")
    taken = client.get("/manager/assets/accounts/list.csv").content.decode("utf-8-sig")

    assert all(name in listed for name in ("Marque B2B", "Marque Recherche", "Marque Vidéo"))
    assert "3 of 1,000" in listed
    assert "Marque Recherche" in found
    assert "Marque Vidéo" not in found
    assert "linkedin_ads,012345678,Marque B2B" in taken


def test_a_wrong_id_is_said_beside_its_field(cast: Cast) -> None:
    said = {"platform": "linkedin_ads", "external_id": "12345678a", "name": ""}

    answer = signed_in(cast.amelie, "en").post("/manager/assets/accounts/link/", said)

    assert answer.status_code == 400
    assert "Exactly 9 digits" in answer.content.decode()


@pytest.mark.requirement("BM-6")
def test_a_list_is_tried_then_linked_and_twice_is_once(cast: Cast) -> None:
    linked(cast.amelie, cast.network, "111111111")
    client = signed_in(cast.amelie, "en")
    lines = "Plateforme;ID;Nom\r\nlinkedin_ads;012345678;A\r\nlinkedin_ads;12345678;B\r\n" + (
        "linkedin_ads;111111111;C\r\nlinkedin_ads;012345678;A\r\n"
    )

    def bring(act: str) -> str:
        file = SimpleUploadedFile("comptes.csv", lines.encode("utf-8-sig"))
        sent = {"upload": file, "act": act}
        return client.post("/manager/assets/accounts/bring/", sent).content.decode()

    tried = bring("try")
    with acting_as(cast.amelie):
        assert Asset.objects.count() == 1
    done, again = bring("link"), bring("link")

    assert "nothing was kept" in tried
    assert "nobody’s access" in tried
    assert "dropped the zero" in tried
    assert "Newly linked: 1" in done
    assert "Newly linked: 0" in again
    with acting_as(cast.amelie):
        assert set(Asset.objects.values_list("external_id", flat=True)) == {
            "111111111", "012345678",
        }  # fmt: skip


@pytest.mark.requirement("BM-1", "BM-2")
def test_an_account_with_a_role_that_opens_bills_alone_is_listed_everywhere_without_a_figure(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By page, export, API, terminal and plain SQL; whose figures she reads is another thing."""
    day = clock.today() - timedelta(days=2)
    path = tmp_path / "google.csv"
    row = f"Marque,123-456-7890,Soldes,201,{day},EUR,10.50,100,5"
    head = "Account,Account ID,Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks"
    path.write_text("\n".join(["Campaign report", "All time", head, row, ""]), "utf-8")
    bring(cast.network, path)
    key = linked(cast.amelie, cast.network, "123-456-7890", platform="google_ads")
    hidden = linked(cast.amelie, cast.network, "234-567-8901", platform="google_ads")
    share = shared(cast, partners(cast), key, frozenset({"billing.view"}))
    client, token = signed_in(cast.diane, "en"), token_of(cast.diane, cast.studio)

    def named() -> list[set[int]]:
        page = text_of(client, "/manager/accounts/")
        taken = client.get("/manager/assets/accounts/list.csv").content.decode("utf-8-sig")
        words = ["manager", "--as", cast.diane.email, "--organisation", cast.studio.slug, "--json"]
        assert main([*words, "accounts"]) == 0
        return [
            {int(one) for one in re.findall(r'/manager/assets/accounts/(\d+)/"', page)},
            {key for line in taken.splitlines()[1:] if "1234567890" in line.replace("-", "")},
            {one["id"] for one in call(token, "/accounts").json()},
            {one["account"] for one in json.loads(capsys.readouterr().out)["accounts"]},
            rows_of(cast.diane),
        ]

    def spent() -> list[bool]:
        asked = {"metrics": ["spend"]}
        by_token = call(token, "/query", "post", asked).json()["totals"]["spend"]
        by_page = "Soldes" in text_of(client, "/report/?split=campaign")
        return [bool(by_token), by_page, figures_of(cast.diane) == {key}]

    assert named() == [{key}] * 5
    assert call(token, f"/accounts/{key}").json()["permissions"] == ["billing.view"]
    assert call(token, f"/accounts/{hidden}").status_code == 404
    assert spent() == [False] * 3
    with acting_as(cast.amelie):
        services.set_ceiling(actor=cast.amelie, share_id=share.pk, ceiling=sorted(VIEWER))
    assert named() == [{key}] * 5
    assert spent() == [True] * 3


@pytest.mark.requirement("BM-3", "BM-34", "BM-39", "BM-40", "BM-42")
def test_a_partnership_goes_its_whole_way_through_the_pages(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111", "Marque")
    colleague("Colleague of Diane", cast.studio)
    amelie, diane = signed_in(cast.amelie, "en"), signed_in(cast.diane, "en")
    number = str(cast.studio.manager_number)
    amelie.post("/manager/partners/propose/", {"number": number, "side": "owner"})
    with acting_as(cast.amelie):
        one = Partnership.objects.get().pk
    assert "Accept" in text_of(diane, "/manager/partners/")
    diane.post(f"/manager/partners/{one}/accept/")
    assert "Nothing is shared" in text_of(diane, f"/manager/partners/{one}/")

    shared_now = {
        "room": "accounts",
        "accounts-asset": [key],
        "accounts-role": "CREATIVE_MANAGER",
        "sure": "yes",
    }
    assert amelie.post(f"/manager/partners/{one}/", shared_now).status_code == 302
    assert "Marque" in text_of(diane, "/manager/accounts/?of=shared")
    page = text_of(diane, f"/manager/assets/accounts/{key}/")
    assert "CREATIVE_MANAGER" in page
    assert 'value="CAMPAIGN_MANAGER"' not in page
    with acting_as(cast.amelie):
        share = Share.objects.get().pk
    tried = amelie.post(
        f"/manager/partners/shares/{share}/", {"permissions": sorted(VIEWER), "act": "try"}
    ).content.decode()
    assert "Diane" in tried
    assert "Edit new and existing ads" in tried
    with acting_as(cast.amelie):
        assert set(Share.objects.get().ceiling) == CREATIVE
    kept = {"permissions": sorted(VIEWER), "act": "keep"}
    amelie.post(f"/manager/partners/shares/{share}/", kept)
    with acting_as(cast.amelie):
        assert set(Share.objects.get().ceiling) == VIEWER

    assert "Diane" in amelie.post(f"/manager/partners/{one}/end/").content.decode()
    assert figures_of(cast.diane) == {key}
    amelie.post(f"/manager/partners/{one}/end/", {"sure": "yes"})
    assert figures_of(cast.diane) == set()
    assert diane.get(f"/manager/assets/accounts/{key}/").status_code == 404


@pytest.mark.requirement("BM-42")
def test_the_audiences_that_end_with_a_partnership_are_named_before_it_ends(cast: Cast) -> None:
    number = partners(cast).pk
    with acting_as(cast.amelie):
        later = clock.today() + timedelta(days=90)
        said = audiences.Described("Clients fidèles", "customers", "consent", "Soirée", later)
        made = audiences.create_audience(actor=cast.amelie, organisation=cast.network, said=said)
        audiences.share_audience(
            actor=cast.amelie, audience_id=made, recipient_id=cast.studio.pk, rights="targeting",
            purpose="Soirée", expires_on=later,
        )  # fmt: skip
    amelie = signed_in(cast.amelie, "en")
    for asking in (amelie, signed_in(cast.diane, "en")):
        page = asking.post(f"/manager/partners/{number}/end/").content.decode()
        assert "Audiences that are no longer shared" in page
        assert "Clients fidèles" in page
        assert "Nobody gains or loses anything" not in page

    amelie.post(f"/manager/partners/{number}/end/", {"sure": "yes"})

    assert "The partnership ended" in text_of(amelie, f"/manager/audiences/{made}/")
    assert "The partnership ended" in text_of(amelie, "/manager/audiences/ledger.csv")


@pytest.mark.requirement("BM-3")
def test_a_role_is_given_and_withdrawn_on_the_page_of_an_account(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111", "Marque")
    ana = colleague("Colleague of Amélie", cast.network)
    client = signed_in(cast.amelie, "en")
    page = f"/manager/assets/accounts/{key}/"

    client.post(
        f"{page}give/", {"member": ana.pk, "role": "CAMPAIGN_MANAGER", "ends_on": "", "sure": "yes"}
    )
    shown = text_of(client, page)
    with acting_as(cast.amelie):
        grant = Grant.objects.get(user=ana.user)
    client.post(f"{page}withdraw/{grant.pk}/", {"sure": "yes"})

    assert "Campaign manager, given in Réseau Horizon." in shown
    assert "Administrator of Réseau Horizon." in shown
    with acting_as(cast.amelie):
        assert not Grant.objects.filter(user=ana.user).exists()


def test_letting_go_shows_first_who_would_lose_what(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111", "Marque")
    shared(cast, partners(cast), key, VIEWER)
    client = signed_in(cast.amelie, "en")

    asked = client.post(f"/manager/assets/accounts/{key}/let-go/", {"act": "detach"})
    assert "Diane" in asked.content.decode()
    assert figures_of(cast.diane) == {key}
    client.post(f"/manager/assets/accounts/{key}/let-go/", {"act": "detach", "sure": "yes"})

    assert figures_of(cast.diane) == set()


def test_what_is_of_others_answers_like_what_is_not(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111", "Marque")
    partnership = partners(cast)
    share = shared(cast, partnership, key, VIEWER)
    chloe = signed_in(cast.chloe)

    for path in (
        "/manager/assets/accounts/{}/", "/manager/assets/accounts/{}/people.csv",
        "/manager/partners/{}/", "/manager/partners/shares/{}/",
    ):  # fmt: skip
        number = {"partners/{}": partnership.pk, "shares/{}": share.pk}
        known = next((v for k, v in number.items() if k in path), key)
        hidden, absent = chloe.get(path.format(known)), chloe.get(path.format(987_654))
        assert hidden.status_code == absent.status_code == 404
        assert told(hidden, known) == told(absent, 987_654)


def told(answer, number: int) -> str:
    """The page without what is of the request: its token, and its own address."""
    text = answer.content.decode().replace(f"/{number}", "/N")
    return re.sub(r"[0-9A-Za-z]{64}", "", text)


@pytest.mark.requirement("BM-36")
def test_employees_read_the_lists_and_change_nothing(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111", "Marque")
    partnership = partners(cast)
    client = signed_in(colleague("Colleague of Amélie", cast.network).user)

    assert "Marque" in text_of(client, "/manager/accounts/")
    for path in (
        "/manager/assets/accounts/link/", "/manager/assets/accounts/change/",
        "/manager/partners/propose/", f"/manager/partners/{partnership.pk}/end/",
        f"/manager/assets/accounts/{key}/let-go/",
    ):  # fmt: skip
        assert client.post(path, {"sure": "yes", "act": "detach"}).status_code == 403


def test_the_rail_says_which_room_one_is_in(cast: Cast) -> None:
    for address in ("/manager/accounts/", "/manager/locations/"):
        page = signed_in(cast.amelie).get(address).content.decode()
        assert re.search(r'<a class="room" href="/manager/"[^>]*aria-current="page"', page)
