"""Role check-up: the platform's list of people beside those of the manager, invited from there."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from regie.apps.access.context import operating
from regie.apps.assets.models import Asset
from regie.apps.organisations.models import Invitation, Member, Organisation
from tests.access.given import colleague, linked
from tests.cast import Cast
from tests.web.test_every_page import signed_in


@pytest.mark.requirement("BM-14", "BM-33")
def test_who_is_found_and_not_here_is_invited_in_one_act(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    gone = colleague("Colleague one", cast.network)
    with operating():
        yesterday = date.today() - timedelta(days=2)  # noqa: DTZ011
        Member.objects.filter(pk=gone.pk).update(role="contractor", ends_on=yesterday)
        Organisation.objects.filter(pk=cast.network.pk).update(email_domains=["horizon.example"])
    page = f"/manager/assets/accounts/{key}/check-up/"
    client = signed_in(cast.amelie, "en")
    text = (
        "User email;Name;Access level\namelie@horizon.example;Amélie;Admin\n"
        "new.person@horizon.example;New person;Standard\n"
        "colleague.one@horizon.example;;Standard\nnobody;;\n"
    )
    upload = SimpleUploadedFile("people.csv", text.encode())
    shown = client.post(page, {"upload": upload}).content.decode()

    assert "Not in the manager" in shown
    assert "Left, and still stands there" in shown
    assert "Here as there" in shown
    assert 'value="new.person@horizon.example" checked' in shown
    assert 'value="amelie@horizon.example" checked' not in shown
    assert "Lines without an e-mail address: 1." in shown
    sent = {"email": "new.person@horizon.example", "role": "employee"}
    client.post(f"{page}invite/", sent)
    with operating():
        assert Invitation.objects.get().email == "new.person@horizon.example"


def test_only_administrators_of_the_owner_compare(cast: Cast) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    page = f"/manager/assets/accounts/{key}/check-up/"

    for person in (cast.chloe, cast.bruno, cast.diane):
        upload = SimpleUploadedFile("people.csv", b"email\na@horizon.example\n")
        assert signed_in(person).post(page, {"upload": upload}).status_code == 404


@pytest.mark.requirement("BM-6")
def test_the_proof_says_of_each_account_that_nobody_gains_or_loses(cast: Cast) -> None:
    linked(cast.amelie, cast.network, "111111111", "Marque")
    upload = SimpleUploadedFile("accounts.csv", b"platform,id\nlinkedin_ads,222222222\n")
    client = signed_in(cast.amelie, "en")
    proof = client.post("/manager/assets/accounts/bring/", {"upload": upload, "act": "proof"})
    rows = list(csv.DictReader(io.StringIO(proof.content.decode("utf-8-sig"))))

    assert [row["what"] for row in rows] == ["line: linked", "account: unchanged", "all accounts"]
    assert (rows[1]["name"], rows[1]["people_before"]) == ("Marque", "1")
    assert {(row["people_who_gain"], row["people_who_lose"]) for row in rows[1:]} == {("0", "0")}
    with operating():
        assert not Asset.objects.filter(external_id="222222222").exists()
