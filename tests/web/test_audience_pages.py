"""The pages of audiences: made, loaded, shared, taken out; hidden from who has no part in it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from regie.apps.access.context import operating
from regie.apps.assets.models import Asset
from regie.apps.audiences.models import Audience, AudienceShare
from regie.kernel import clock
from tests.cast import Cast
from tests.web.test_every_page import signed_in

LATER = clock.today() + timedelta(days=60)
DESCRIBED = {
    "name": "Clients fidèles", "source": "customers", "basis": "consent",
    "purpose": "Remercier les clients fidèles", "expires_on": LATER.isoformat(),
}  # fmt: skip
LIST = b"email;phone\nchloe@horizon.example;06 12 34 56 78\nnobody\n"


def made(cast: Cast) -> int:
    answer = signed_in(cast.amelie).post("/manager/audiences/new/", DESCRIBED)
    assert answer.status_code == 302
    with operating():
        return Audience.objects.get().pk


@pytest.mark.requirement("BM-4")
def test_a_list_is_loaded_and_each_refused_line_is_said(cast: Cast) -> None:
    audience = made(cast)
    answer = signed_in(cast.amelie, "en").post(
        f"/manager/audiences/{audience}/load/",
        {"file": SimpleUploadedFile("list.csv", LIST), "country": "FR", "replace": "on"},
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "This is not an e-mail address." in text
    with operating():
        assert Audience.objects.get().size == 1


@pytest.mark.requirement("BM-43", "BM-44")
def test_a_shared_audience_reaches_its_recipient_and_nobody_else(cast: Cast) -> None:
    audience = made(cast)
    with operating():
        place = Asset.objects.create(
            organisation=cast.nantes, kind="ad_account", platform="linkedin_ads",
            external_id="123456789",
        ).pk  # fmt: skip
        source = Asset.objects.create(organisation=cast.nantes, platform="shop").pk
    amelie, chloe = signed_in(cast.amelie), signed_in(cast.chloe, "en")
    shared = {
        "recipient": cast.nantes.pk, "rights": "targeting", "purpose": "Portes ouvertes",
        "expires_on": LATER.isoformat(),
    }  # fmt: skip
    assert amelie.post(f"/manager/audiences/{audience}/share/", shared).status_code == 302
    page = chloe.get("/manager/audiences/").content.decode()
    assert "Clients fidèles" in page
    assert "Réseau Horizon" in page
    used = chloe.post(f"/manager/audiences/{audience}/use/", {"account": source})
    assert used.status_code == 400, "campaigns run on ad accounts alone"
    used = chloe.post(f"/manager/audiences/{audience}/use/", {"account": place})
    assert used.status_code == 302
    for closed in ("load", "share", "export", "archive", "change"):
        assert chloe.post(f"/manager/audiences/{audience}/{closed}/").status_code == 404
    assert signed_in(cast.diane).get(f"/manager/audiences/{audience}/").status_code == 404
    with operating():
        share = AudienceShare.objects.get().pk
    assert chloe.post(f"/manager/audiences/shares/{share}/withdraw/").status_code in {403, 404}
    amelie.post(f"/manager/audiences/shares/{share}/withdraw/")
    assert chloe.get(f"/manager/audiences/{audience}/").status_code == 404


@pytest.mark.requirement("BM-5", "BM-43", "BM-44", "BM-45", "BM-48")
def test_one_list_that_changes_is_true_on_the_page_of_every_account_that_uses_it(
    cast: Cast,
) -> None:
    audience = made(cast)
    owner = signed_in(cast.amelie, "en")
    everyone = [(owner, cast.network), (signed_in(cast.bruno, "en"), cast.west),
                (signed_in(cast.chloe, "en"), cast.nantes)]  # fmt: skip
    pages = []
    for number, (client, place) in enumerate(everyone):
        if place != cast.network:
            owner.post(f"/manager/audiences/{audience}/share/", {
                "recipient": place.pk, "rights": "targeting_and_insights",
                "purpose": "Portes ouvertes", "expires_on": LATER.isoformat(),
            })  # fmt: skip
        with operating():
            key = Asset.objects.create(
                organisation=place, kind="ad_account", platform="linkedin_ads",
                external_id=f"11111111{number}",
            ).pk  # fmt: skip
        used = client.post(f"/manager/audiences/{audience}/use/", {"account": key})
        assert used.status_code == 302
        pages.append((client, f"/manager/assets/accounts/{key}/"))

    def told() -> set[tuple[str, str, str]]:
        texts = [client.get(page).content.decode() for client, page in pages]
        row = rf'audiences/{audience}/">(.*?)</a></th><td>(.*?)</td><td class="number">(.*?)</td>'
        return {one for text in texts for one in re.findall(row, text)}

    assert told() == {("Clients fidèles", "Réseau Horizon", "0")}
    for people, size in ((b"chloe@horizon.example\nbruno@horizon.example\n", "2"),
                         (b"bruno@horizon.example\n", "1")):  # fmt: skip
        file = SimpleUploadedFile("list.csv", b"email\n" + people)
        said = {"file": file, "country": "FR", "replace": "on"}
        assert owner.post(f"/manager/audiences/{audience}/load/", said).status_code == 200
        assert told() == {("Clients fidèles", "Réseau Horizon", size)}
    renamed = DESCRIBED | {"name": "Clients de toujours"}
    owner.post(f"/manager/audiences/{audience}/change/", renamed)
    assert told() == {("Clients de toujours", "Réseau Horizon", "1")}
    with operating():
        assert Audience.objects.count() == 1, "nobody made it again"


@pytest.mark.requirement("BM-4")
def test_a_list_is_taken_out_and_the_ledger_says_so(cast: Cast) -> None:
    audience = made(cast)
    client = signed_in(cast.amelie, "en")
    load = {"file": SimpleUploadedFile("list.csv", LIST), "country": "FR", "replace": "on"}
    client.post(f"/manager/audiences/{audience}/load/", load)
    taken = client.post(f"/manager/audiences/{audience}/export/", {"platform": "meta_ads"})
    assert taken["Content-Disposition"].endswith('meta_ads.csv"')
    assert len(taken.content.decode().splitlines()) == 2
    ledger = client.get("/manager/audiences/ledger.csv").content.decode()
    assert "Taken out" in ledger
    assert "Meta Ads" in ledger


def test_what_is_missing_is_asked_for_in_place(cast: Cast) -> None:
    answer = signed_in(cast.amelie, "en").post(
        "/manager/audiences/new/", {**DESCRIBED, "expires_on": "2020-01-01"}
    )
    assert answer.status_code == 400
    assert "The end of an audience cannot lie in the past." in answer.content.decode()
