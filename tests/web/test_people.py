"""The people page: found, changed, taken out and back in, brought and taken as lists."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.organisations.models import Invitation, Member, Organisation
from tests.cast import Cast
from tests.today import today
from tests.web.test_every_page import signed_in

TODAY = today()


@pytest.fixture
def many(cast: Cast) -> Cast:
    """Two thousand people in the region, every tenth of them a contractor."""
    with operating():
        users = User.objects.bulk_create(
            User(email=f"p{n:04}@horizon.example", name=f"Personne {n:04}") for n in range(2000)
        )
        Member.objects.bulk_create(
            Member(
                organisation=cast.west, user=user,
                role="contractor" if n % 10 == 0 else "employee",
                ends_on=TODAY + timedelta(days=5 + n) if n % 10 == 0 else None,
            )
            for n, user in enumerate(users)
        )  # fmt: skip
    return cast


def member(person: User, organisation: Organisation) -> Member:
    with operating():
        return Member.objects.get(user=person, organisation=organisation)


def text_of(answer) -> str:
    return answer.content.decode().replace("\u202f", " ").replace("\xa0", " ")


@pytest.mark.slow
def test_two_thousand_people_are_found_by_name_role_and_state(many: Cast) -> None:
    client = signed_in(many.amelie, "en")

    text = text_of(client.get("/manager/people/"))
    assert "2,003 people" in text
    assert text.count('name="member"') == 50
    assert "Personne 0042" in text_of(client.get("/manager/people/?text=0042"))
    assert "200 people" in text_of(client.get("/manager/people/?role=contractor"))
    assert "3 people" in text_of(client.get("/manager/people/?state=ending"))
    assert "3 people" in text_of(client.get("/manager/people/?role=administrator&text=horizon"))
    assert "Nobody like that" in text_of(client.get("/manager/people/?text=diane"))


@pytest.mark.slow
def test_several_change_at_once_whatever_the_page(many: Cast) -> None:
    client = signed_in(many.bruno)
    until = TODAY + timedelta(days=60)

    client.post(
        "/manager/people/change/",
        {"text": "p00", "role": "employee", "all": "1", "action": "contractor",
         "until": str(until), "sure": "yes"},
    )  # fmt: skip

    with operating():
        changed = Member.objects.filter(ends_on=until)
        assert {one.user.name[:11] for one in changed.select_related("user")} == {"Personne 00"}
        assert changed.count() == 90


def test_people_taken_out_are_taken_back_in_with_one_click(cast: Cast) -> None:
    client = signed_in(cast.amelie)
    ids = [member(cast.bruno, cast.west).pk, member(cast.chloe, cast.nantes).pk]

    client.post("/manager/people/change/", {"member": ids, "action": "remove", "sure": "yes"})
    assert signed_in(cast.chloe).get("/manager/").status_code == 302
    client.post("/manager/people/restore/")

    for person, place in ((cast.bruno, cast.west), (cast.chloe, cast.nantes)):
        assert member(person, place).role == "administrator"
    client.post("/manager/people/restore/")  # a second time finds nothing to do


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ({"action": "remove"}, "dernier administrateur"),
        ({"action": "employee"}, "dernier administrateur"),
        ({"action": "contractor", "until": str(TODAY)}, "dernier administrateur"),
        ({"action": "administrator", "until": str(TODAY)}, "pas de dernier jour"),
    ],
)
def test_the_last_administrator_stays_and_the_others_are_changed(cast: Cast, act, said) -> None:
    with operating():
        employee = Member.objects.create(organisation=cast.network, user=cast.diane)
    client = signed_in(cast.amelie)
    amelie = member(cast.amelie, cast.network)

    wanted = {"member": [amelie.pk, employee.pk], "sure": "yes", **act}
    text = text_of(client.post("/manager/people/change/", wanted, follow=True))

    assert said in text
    assert member(cast.amelie, cast.network).role == "administrator"
    with operating():
        employee.refresh_from_db()
    if act["action"] == "remove":
        assert employee.removed_at is not None
    elif act["action"] != "administrator":
        assert employee.role == act["action"]


def test_one_administrator_is_warned_about_and_two_are_not(cast: Cast) -> None:
    client = signed_in(cast.amelie, "en")
    assert "Only one administrator" in text_of(client.get("/manager/people/"))
    assert "Only one administrator" not in text_of(signed_in(cast.chloe).get("/manager/people/"))

    with operating():
        Member.objects.create(organisation=cast.network, user=cast.bruno, role="administrator")

    assert "Only one administrator" not in text_of(client.get("/manager/people/"))


@pytest.mark.requirement("BM-18")
def test_nobody_but_administrators_changes_people(cast: Cast) -> None:
    with operating():
        Member.objects.create(organisation=cast.west, user=cast.diane)
    client = signed_in(cast.diane)
    client.post("/organisation/", {"organisation": cast.west.slug})
    chloe = member(cast.chloe, cast.nantes)

    assert client.get("/manager/people/").status_code == 200
    assert client.get(f"/manager/people/{chloe.pk}/").status_code == 403
    for path in ("change/", "bring/", "restore/", f"{chloe.pk}/remove/"):
        said = {"member": [chloe.pk], "action": "remove", "sure": "yes"}
        assert client.post(f"/manager/people/{path}", said).status_code == 403
    assert member(cast.chloe, cast.nantes).role == "administrator"


def test_a_person_elsewhere_answers_like_one_who_does_not_exist(cast: Cast) -> None:
    above = member(cast.bruno, cast.west)
    client = signed_in(cast.chloe)

    for number in (above.pk, member(cast.diane, cast.studio).pk, 99_999_999):
        assert client.get(f"/manager/people/{number}/").status_code == 404
        assert client.post(f"/manager/people/{number}/remove/").status_code == 404
    client.post(
        "/manager/people/change/", {"member": [above.pk], "action": "remove", "sure": "yes"}
    )
    assert member(cast.bruno, cast.west).role == "administrator"


def csv_file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("people.csv", text.encode("utf-8-sig"), content_type="text/csv")


@pytest.mark.requirement("BM-14", "BM-23")
def test_a_french_list_is_brought_line_by_line_and_twice_is_once(cast: Cast) -> None:
    with operating():
        Organisation.objects.filter(pk=cast.west.pk).update(email_domains=["horizon.example"])
        Member.objects.create(organisation=cast.west, user=cast.diane)
    day = TODAY + timedelta(days=30)
    text = (
        "Nom;Courriel;Rôle;Date de fin\n"
        f"Diane;diane@horizon.example;contractuel;{day:%d/%m/%Y}\n"
        "Newcomer;newcomer@horizon.example;employé;\n"
        "\n"
        "Second;second@ailleurs.example;employé;\n"
        "Third;third@horizon.example;contractuel;31/02/2027\n"
        "Fourth;fourth@horizon.example;chef;\n"
        "Newcomer;newcomer@horizon.example;employé;\n"
        "Bruno;bruno@horizon.example;employé;\n"
    )
    client = signed_in(cast.bruno, "en")

    asked = text_of(client.post("/manager/people/bring/", {"upload": csv_file(text)}))
    said = text_of(client.post("/manager/people/bring/", {"upload": csv_file(text), "sure": "yes"}))

    assert 'What will not be done <span class="badge bad">4<' in asked
    assert "“31/02/2027” is not a day" in asked
    assert "There is no role “chef”" in asked
    assert "Invited: 1" in said
    assert "Changed: 2" in said, "Diane and Bruno: Amélie above him is left"
    assert "Refused: 2" in said, "lines that say nothing clear were told before"
    assert "ailleurs.example is not a domain" in said
    diane = member(cast.diane, cast.west)
    assert (diane.role, diane.ends_on) == ("contractor", day)
    assert signed_in(cast.bruno).post("/manager/people/bring/").status_code == 403
    with operating():
        assert Invitation.objects.count() == 1
        Member.objects.filter(user=cast.bruno).update(role="administrator")
    again = text_of(
        client.post("/manager/people/bring/", {"upload": csv_file(text), "sure": "yes"})
    )
    assert "Invited: 0" in again
    with operating():
        assert Invitation.objects.count() == 1


def test_the_list_that_leaves_can_come_back(cast: Cast) -> None:
    with operating():
        User.objects.filter(pk=cast.chloe.pk).update(name="=HYPERLINK(1)")
    client = signed_in(cast.bruno, "en")

    text = client.get("/manager/people.csv").content.decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["email"] for row in rows] == ["chloe@horizon.example", "bruno@horizon.example"]
    assert rows[0]["name"] == "'=HYPERLINK(1)"
    own = "\n".join([text.splitlines()[0], text.splitlines()[2]])
    said = text_of(client.post("/manager/people/bring/", {"upload": csv_file(own), "sure": "yes"}))
    assert "As before: 1" in said


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_words_of_the_business_manager_are_explained_on_its_pages(
    cast: Cast, language: str
) -> None:
    said = {
        "en": ("Ceiling", "no role of theirs goes beyond it"),
        "fr": ("Plafond", "aucun de leurs rôles ne va au-delà"),
    }
    word, meaning = said[language]
    for page in ("", "set-up/", "people/", "accounts/", "partners/"):
        text = signed_in(cast.amelie, language).get(f"/manager/{page}").content.decode()
        assert 'data-opens="help"' in text
        assert f"<dt>{word}</dt>" in text
        assert meaning in text
