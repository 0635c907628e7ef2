"""The leaver check and the review that ends in a certificate; the guided set-up."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction

from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.assets.models import Asset
from regie.apps.organisations import services
from regie.apps.organisations.models import Member, Organisation, Review, Role
from regie.web.console.certificate import pdf
from tests.cast import Cast
from tests.web.test_every_page import signed_in

NOW = datetime.now(ZoneInfo("Europe/Paris"))
TODAY = NOW.date()


def hire(cast: Cast, name: str, *, joined: int, **fields) -> Member:
    with operating():
        person = User.objects.create_user(f"{name.lower()}@horizon.example", name=name)
        made = Member.objects.create(organisation=cast.west, user=person, **fields)
        Member.objects.filter(pk=made.pk).update(joined_at=NOW - timedelta(days=joined))
        return made


def test_the_leaver_check_finds_unused_ending_and_ended_accesses(cast: Cast) -> None:
    day = timedelta(days=1)
    hire(cast, "Unused", joined=400, last_active_on=TODAY - 90 * day)
    hire(cast, "Nearly", joined=400, last_active_on=TODAY - 89 * day)
    hire(cast, "Never", joined=91)
    hire(cast, "Fresh", joined=3)
    hire(cast, "Ending", joined=3, role="contractor", ends_on=TODAY + 30 * day)
    hire(cast, "Ended", joined=400, role="contractor", ends_on=TODAY - day)
    client = signed_in(cast.bruno, "en")

    def found(state: str) -> set[str]:
        text = client.get(f"/manager/people/?state={state}").content.decode()
        return set(re.findall(r'aria-label="(\w+)"', text)) & {
            "Unused", "Nearly", "Never", "Fresh", "Ending", "Ended",
        }  # fmt: skip

    assert found("unused") == {"Unused", "Never"}
    assert found("ending") == {"Ending"}
    assert found("ended") == {"Ended"}
    page = client.get("/manager/review/").content.decode()
    assert "is not signed yet" in page
    assert "Never" in page


def test_a_review_is_signed_once_and_certified_in_pdf_and_csv(cast: Cast) -> None:
    client = signed_in(cast.bruno, "fr")
    chloe = Member.objects.filter(user=cast.chloe)
    with operating():
        number = chloe.get().pk
    client.post(f"/manager/people/{number}/remove/", {"sure": "yes"})
    client.post("/manager/review/sign/")

    with operating():
        signed = Review.objects.get()
    assert [one["email"] for one in signed.content["people"]] == ["bruno@horizon.example"]
    assert [one["email"] for one in signed.content["taken_out"]] == ["chloe@horizon.example"]
    paper = client.get(f"/manager/review/{signed.pk}.pdf")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")
    assert paper.content.count(b"/Type /Page\n") == 1
    rows = list(csv.DictReader(io.StringIO(
        client.get(f"/manager/review/{signed.pk}.csv").content.decode("utf-8-sig")
    )))  # fmt: skip
    assert [(row["state"], row["email"]) for row in rows] == [
        ("kept", "bruno@horizon.example"), ("taken_out", "chloe@horizon.example"),
    ]  # fmt: skip
    assert {row["digest"] for row in rows} == {signed.digest}
    client.post("/manager/review/sign/")
    with operating():
        assert Review.objects.order_by("-pk")[0].content["taken_out"] == []


@pytest.mark.parametrize("statement", ["UPDATE organisations_review SET digest = 'x'",
                                       "DELETE FROM organisations_review"])  # fmt: skip
def test_what_was_signed_is_never_changed(cast: Cast, statement: str) -> None:
    def act() -> None:
        with transaction.atomic(), operating(), connection.cursor() as cursor:
            cursor.execute(statement)

    with pytest.raises(DatabaseError):
        act()


def test_a_review_of_others_is_not_there(cast: Cast) -> None:
    signed_in(cast.bruno).post("/manager/review/sign/")
    with operating():
        number = Review.objects.get().pk

    for person in (cast.diane, cast.chloe):
        for kind in ("pdf", "csv"):
            assert signed_in(person).get(f"/manager/review/{number}.{kind}").status_code == 404


@pytest.mark.slow
def test_hundreds_of_people_fit_a_certificate(cast: Cast) -> None:
    with operating():
        users = User.objects.bulk_create(
            User(email=f"p{n}@horizon.example", name=f"<b>Ł {n} & Cie") for n in range(700)
        )
        Member.objects.bulk_create(Member(organisation=cast.west, user=user) for user in users)
        here = Organisation.objects.get(pk=cast.west.pk)
        card = services.sign_review(actor=cast.bruno, organisation=here)

    assert pdf(card).count(b"/Type /Page\n") > 20


@pytest.mark.requirement("BM-22", "BM-49")
def test_the_set_up_goes_in_this_order_and_explains_itself(cast: Cast) -> None:
    client = signed_in(cast.amelie, "en")
    text = client.get("/manager/set-up/").content.decode()

    steps = text[text.index('<ol class="set-up">') : text.index("</main>")]
    titles = re.findall(r"<h2>(.*?)(?: <span|</h2>)", steps)
    assert titles == [
        "The manager", "The administrators", "The ad accounts", "The pages", "The other people",
        "The partners", "The audiences",
    ]  # fmt: skip
    assert text.count('class="quiet measure"') == 7
    # Amélie is alone: a second administrator is what comes next.
    assert re.search(r'aria-current="step".*?The administrators', text, flags=re.DOTALL)
    # Whoever follows it invites an administrator, and further down an employee.
    client.post("/manager/invitations/domains/", {"entries": "horizon.example"})
    first, later = re.findall(r'href="(/manager/invitations/[^"#]*)"', steps)
    for address, role in (
        (first, "administrator"), (later, "employee"), (f"{later}?role=emperor", "employee"),
    ):  # fmt: skip
        form = client.get(address).content.decode()
        assert re.findall(r'<option value="([a-z]{4,})" selected>', form) == [role]


@pytest.mark.requirement("BM-49")
def test_the_set_up_comes_to_its_end_and_the_rest_is_optional(cast: Cast) -> None:
    amelie = signed_in(cast.amelie, "en")

    def walked() -> str:
        return amelie.get("/manager/set-up/").content.decode()

    assert "The set-up is finished" not in walked()
    with operating():
        here = Organisation.objects.get(pk=cast.network.pk)
        services.add_member(actor=None, organisation=here, user=cast.bruno, role=Role.ADMINISTRATOR)
        services.add_member(actor=None, organisation=here, user=cast.chloe, role=Role.EMPLOYEE)
        for kind in ("ad_account", "page"):
            Asset.objects.create(
                organisation=here, platform="linkedin_ads", kind=kind, external_id=f"1{kind}"
            )

    finished = walked()
    assert "The set-up is finished" in finished
    assert "What is left is optional" in finished
    assert finished.count('class="badge">Optional') == 2
    assert "5 of 7 are done" in finished
    described = {
        "name": "Clients", "source": "customers", "basis": "consent", "purpose": "Remercier",
        "expires_on": (TODAY + timedelta(days=60)).isoformat(),
    }  # fmt: skip
    assert amelie.post("/manager/audiences/new/", described).status_code == 302
    assert "6 of 7 are done" in walked()
