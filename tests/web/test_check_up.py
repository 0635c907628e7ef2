"""Role check-up: the platform's list of people beside those of the manager, invited from there."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from regie.apps.access import services
from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import Grant, Promise
from regie.apps.accounts.models import User
from regie.apps.assets.models import Asset
from regie.apps.audit.models import AuditLine
from regie.apps.organisations.models import Invitation, Member, Organisation
from tests.access.given import colleague, linked
from tests.cast import Cast
from tests.postbox import Postbox, deliver
from tests.today import today
from tests.web.test_every_page import signed_in


@pytest.mark.requirement("BM-14", "BM-33")
def test_who_is_found_and_not_here_is_invited_in_one_act(cast: Cast, postbox: Postbox) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    gone = colleague("Colleague one", cast.network)
    with operating():
        yesterday = today() - timedelta(days=2)
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
    assert 'name="email-1" value="new.person@horizon.example"' in shown
    assert 'value="amelie@horizon.example"' not in shown
    assert "Lines without an e-mail address: 1." in shown
    sent = {"ticked": "1", "email-1": "new.person@horizon.example", "role": "employee",
            "role-1": "CAMPAIGN_MANAGER"}  # fmt: skip
    client.post(f"{page}invite/", sent)
    with operating():
        assert Invitation.objects.get().email == "new.person@horizon.example"
        before = Grant.objects.count()  # nothing is given before it is accepted
    again = client.post(page, {"upload": people(text)}).content.decode()
    assert "Invited, not here yet" in again

    newcomer = accepted(postbox, "new.person@horizon.example")
    with operating():
        assert Grant.objects.count() == before + 1
        grant = Grant.objects.get(user=newcomer)
        assert (grant.asset_id, grant.role, grant.granted_by) == (
            key, "CAMPAIGN_MANAGER", str(cast.amelie),
        )  # fmt: skip


def people(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("people.csv", text.encode())


def accepted(postbox: Postbox, email: str) -> User:
    """Who opens the letter's link, chooses a password and is in."""
    deliver()
    client = Client()
    client.get(postbox.link(email))
    said = {"name": "New person", "password": "une phrase facile à retenir"}
    assert client.post("/invitation/", said).status_code == 302
    return User.objects.get(email=email)


@pytest.mark.requirement("BM-24")
def test_a_promise_that_nobody_may_keep_any_more_is_broken(cast: Cast, postbox: Postbox) -> None:
    key = linked(cast.amelie, cast.network, "111111111")
    second = colleague("Colleague one", cast.network)
    with operating():
        Member.objects.filter(pk=second.pk).update(role="administrator")
        Organisation.objects.filter(pk=cast.network.pk).update(email_domains=["horizon.example"])
    sent = {"ticked": "0", "email-0": "late@horizon.example", "role": "employee",
            "role-0": "VIEWER"}  # fmt: skip
    signed_in(second.user, "en").post(f"/manager/assets/accounts/{key}/check-up/invite/", sent)
    with operating():
        Member.objects.filter(pk=second.pk).update(role="employee")
    newcomer = accepted(postbox, "late@horizon.example")
    with operating():
        assert not Grant.objects.filter(user=newcomer).exists()
        assert Promise.objects.get().kept_at is not None
        assert AuditLine.objects.filter(action="access.promise_broken").count() == 1
    with acting_as(cast.chloe):
        assert not Promise.objects.exists()


@pytest.mark.parametrize(("platform", "number", "text", "proposed"), [
    ("google_ads", "123-456-7890",
     "customer_user_access.email_address,customer_user_access.access_role\n{email},READ_ONLY\n",
     "VIEWER"),
    ("google_ads", "123-456-7890", "Utilisateur;Niveau d’accès\n{email};Administrateur\n",
     "ACCOUNT_BILLING_ADMIN"),
    ("meta_ads", "act_1020300400500", 'name,email,tasks\nX,{email},"[""ADVERTISE"",""ANALYZE""]"\n',
     "CAMPAIGN_MANAGER"),
    ("meta_ads", "act_1020300400500", "Nom;Adresse e-mail;Accès\nX;{email};Contrôle total\n",
     "ACCOUNT_BILLING_ADMIN"),
    ("linkedin_ads", "512345678", "Email,Role\n{email},CREATIVE_MANAGER\n", "CREATIVE_MANAGER"),
    ("google_ads", "123-456-7890", "User,Access level\n{email},Standard\n", "CAMPAIGN_MANAGER"),
    ("linkedin_ads", "512345678", "Email,Role\n{email},Wizard\n", ""),
])  # fmt: skip
@pytest.mark.requirement("BM-33")
def test_each_platform_s_words_become_our_nearest_role(
    cast: Cast, platform: str, number: str, text: str, proposed: str
) -> None:
    key = linked(cast.amelie, cast.network, number, platform=platform)
    shown = signed_in(cast.amelie, "en").post(
        f"/manager/assets/accounts/{key}/check-up/",
        {"upload": people(text.format(email="x@elsewhere.example"))},
    ).content.decode()  # fmt: skip

    chosen = re.findall(r'<option value="([A-Z_]*)" selected>', shown)
    assert [one for one in chosen if one != "employee"] == ([proposed] if proposed else [])
    assert ("Not a role that we know." in shown) == (not proposed)
    assert "Not an address of this organisation." in shown


@pytest.mark.requirement("BM-33")
def test_a_list_of_names_finds_those_here_and_tells_who_may_do_more_there(cast: Cast) -> None:
    """LinkedIn shows names and no addresses; what of the page’s people is not there is told too."""
    key = linked(cast.amelie, cast.network, "111111111")
    other = colleague("Colleague one", cast.network)
    third = colleague("Colleague two", cast.network)
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(members_see_all=False)
    with acting_as(cast.amelie):
        for member in (other, third):
            services.give_role(
                actor=cast.amelie, asset_id=key, member_id=member.pk,
                given=services.Given("VIEWER"),
            )  # fmt: skip
    text = "Nom;Rôle\nColleague one;Account manager\nSomebody else;Viewer\n;Viewer\n"
    shown = signed_in(cast.amelie, "en").post(
        f"/manager/assets/accounts/{key}/check-up/", {"upload": people(text)}
    ).content.decode()  # fmt: skip

    assert "May do more there than here: 1" in shown
    assert "Create campaigns" in shown
    assert 'type="email" name="email-1"' in shown
    assert "Lines without a name: 1." in shown
    missing = shown.split('id="missing-title"', 1)[1]
    assert "Colleague two" in missing
    assert "Colleague one" not in missing


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
