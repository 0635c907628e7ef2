"""What nobody used for 90 days goes role by role: listed, signed, withdrawn and given back."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest

from regie.apps.access import services
from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import Grant
from regie.apps.access.services import Given
from regie.apps.organisations.models import Member, Organisation
from regie.apps.organisations.selectors import reviews_of, today_in
from tests.access.given import colleague, linked
from tests.cast import Cast
from tests.web.test_every_page import signed_in

DAYS = timedelta(days=1)


@pytest.fixture
def employee(cast: Cast) -> Member:
    """Here every day; one of two roles was last used long ago, a third was given yesterday."""
    made = colleague("Employee", cast.network)
    given = [held(cast, made, f"11111111{n}", f"Compte {n}") for n in range(3)]
    today = today_in(cast.network)
    with operating():
        Member.objects.filter(pk=made.pk).update(last_active_on=today)
        long_ago = today - 400 * DAYS
        Grant.objects.filter(pk__in=given[:2]).update(granted_at=f"{long_ago}T00:00Z")
        Grant.objects.filter(pk=given[0]).update(last_used_on=today - 90 * DAYS)
        Grant.objects.filter(pk=given[1]).update(last_used_on=today - 89 * DAYS)
    return made


def held(cast: Cast, member: Member, number: str, name: str) -> int:
    key = linked(cast.amelie, cast.network, number, name)
    with acting_as(cast.amelie):
        made = services.give_role(
            actor=cast.amelie, asset_id=key, member_id=member.pk, given=Given("VIEWER"),
            ends_on=today_in(cast.network) + 30 * DAYS,
        )  # fmt: skip
    return int(made.pk)


def roles_of(member: Member) -> list[tuple[str, date | None]]:
    with operating():
        found = Grant.objects.filter(member=member).order_by("asset__external_id")
        return list(found.values_list("asset__name", "ends_on"))


def test_a_role_is_listed_by_its_own_last_use_and_not_by_its_holders(
    cast: Cast, employee: Member
) -> None:
    client = signed_in(cast.amelie, "en")
    page = client.get("/manager/review/roles/").content.decode()
    assert "Compte 0" in page
    assert "Compte 1" not in page
    assert "Compte 2" not in page
    review = client.get("/manager/review/").content.decode()
    assert "Employee" in review
    assert "/manager/review/roles/" in review
    person = client.get(f"/manager/people/{employee.pk}/").content.decode()
    assert all(f"Compte {n}" in person for n in range(3))
    assert person.count("90 days") == 1
    text = client.get("/manager/review/roles.csv").content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["email"], row["account"]) == ("employee@horizon.example", "Compte 0")


def test_what_is_ticked_is_withdrawn_and_given_back_with_its_last_day(
    cast: Cast, employee: Member
) -> None:
    before = roles_of(employee)
    with operating():
        first = Grant.objects.get(asset__name="Compte 0", member=employee).pk
        keeper = Grant.objects.get(asset__name="Compte 0", user=cast.amelie).pk
    client = signed_in(cast.amelie, "en")
    told = client.post(
        "/manager/review/roles/withdraw/", {"role": [first, keeper], "sure": "yes"}, follow=True
    )
    assert "last billing admin" in told.content.decode()
    assert roles_of(employee) == before[1:]
    client.post("/manager/review/roles/back/")
    assert roles_of(employee) == before


def test_the_certificate_holds_each_role_beside_its_last_use(cast: Cast, employee: Member) -> None:
    client = signed_in(cast.amelie, "en")
    client.post("/manager/review/sign/")
    with operating():
        here = Organisation.objects.get(pk=cast.network.pk)
        (review,) = reviews_of(here)
    text = client.get(f"/manager/review/{review.id}.csv").content.decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["state"] == "role_kept"]
    mine = {row["account"]: row["last_used_on"] for row in rows if "employee" in row["email"]}
    today = today_in(cast.network)
    assert mine == {
        "Compte 0": str(today - 90 * DAYS), "Compte 1": str(today - 89 * DAYS), "Compte 2": "",
    }  # fmt: skip
    assert review.is_whole
    unused = [one["account"] for one in review.content["roles"] if one["is_unused"]]
    assert unused == ["Compte 0"]
    assert client.get(f"/manager/review/{review.id}.pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize("who", ["chloe", "diane", "employee"])
def test_roles_of_others_are_neither_listed_nor_withdrawn(
    cast: Cast, employee: Member, who: str
) -> None:
    person = employee.user if who == "employee" else getattr(cast, who)
    before = roles_of(employee)
    with operating():
        first = Grant.objects.get(asset__name="Compte 0", member=employee).pk
    client = signed_in(person, "en")
    assert "Compte 0" not in client.get("/manager/review/roles/").content.decode()
    client.post("/manager/review/roles/withdraw/", {"role": [first], "sure": "yes"})
    assert roles_of(employee) == before
