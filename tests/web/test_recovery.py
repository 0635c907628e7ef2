"""A sealed recovery: two of three people let somebody in, once; guessing is stopped."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.audit.models import AuditLine
from regie.apps.organisations.models import Member
from regie.domain.two_of_three import new_secret, split
from tests.cast import Cast
from tests.postbox import Postbox, deliver
from tests.web.test_every_page import signed_in

HOLDERS = ("Owner", "Notary", "Accountant")


@pytest.fixture(autouse=True)
def nobody_has_tried_too_often() -> None:
    cache.clear()


def seal(client: Client, postbox: Postbox) -> dict[str, str]:
    """The part of each holder, from his letter."""
    form = {}
    for number, name in enumerate(HOLDERS, start=1):
        form[f"holder-{number}-name"] = name
        form[f"holder-{number}-email"] = f"{name.lower()}@elsewhere.example"
    answer = client.post("/manager/recovery/", form)
    assert answer.status_code == 302
    deliver()
    found = {}
    for name in HOLDERS:
        text = postbox.to(f"{name.lower()}@elsewhere.example")[-1].get_content()
        part = re.search(r"^([0-9A-Z]{5}(?:-[0-9A-Z]{5}){5})\r?$", text, flags=re.MULTILINE)
        assert part is not None, text
        found[name] = part[1]
    return found


def recover(client: Client, first: str, second: str):
    return client.post("/recovery/", {"first": first, "second": second})


def test_two_of_three_let_somebody_back_in_once(cast: Cast, postbox: Postbox) -> None:
    parts = seal(signed_in(cast.amelie), postbox)
    newcomer = User.objects.create_user("newcomer@horizon.example", name="Newcomer")
    client = signed_in(newcomer, "en")
    postbox.messages.clear()

    assert recover(client, parts["Notary"], parts["Accountant"]).status_code == 302

    with operating():
        assert Member.objects.get(user=newcomer).role == "administrator"
        line = AuditLine.objects.get(action="organisations.seal_broken")
    assert (line.organisation_id, line.details["email"]) == (cast.network.pk, newcomer.email)
    deliver()
    assert {one["To"] for one in postbox.messages} >= {
        "owner@elsewhere.example", "amelie@horizon.example", "newcomer@horizon.example",
    }  # fmt: skip
    assert recover(signed_in(cast.diane), parts["Owner"], parts["Notary"]).status_code == 400


def test_a_new_seal_makes_the_former_parts_worthless(cast: Cast, postbox: Postbox) -> None:
    client = signed_in(cast.amelie)
    former, parts = seal(client, postbox), seal(client, postbox)

    for first, second in (
        (former["Owner"], former["Notary"]), (former["Owner"], parts["Notary"]),
        (parts["Owner"], parts["Owner"]), (parts["Owner"], ""),
    ):  # fmt: skip
        assert recover(signed_in(cast.diane), first, second).status_code == 400
    with operating():
        assert Member.objects.filter(user=cast.diane).count() == 1


def test_nobody_sees_the_parts_but_the_three(cast: Cast, postbox: Postbox) -> None:
    client = signed_in(cast.amelie)
    parts = seal(client, postbox)

    page = client.get("/manager/recovery/").content.decode()
    with operating(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(m::text, ' ') FROM notifications_mail m UNION ALL "
            "SELECT string_agg(s::text, ' ') FROM organisations_seal s UNION ALL "
            "SELECT string_agg(a::text, ' ') FROM audit_auditline a"
        )
        written = " ".join(str(row[0]) for row in cursor.fetchall())
    for part in parts.values():
        assert part not in page
        assert part not in written
    assert "Owner" in page


def test_guessing_is_stopped(cast: Cast) -> None:
    client = signed_in(cast.diane)
    first, second, _third = split(new_secret())

    answers = [recover(client, first, second).status_code for _try in range(7)]

    assert answers == [400, 400, 400, 400, 400, 429, 429]


def test_three_different_people_are_named_by_an_administrator(cast: Cast) -> None:
    same = {f"holder-{n}-{key}": "a@b.example" for n in (1, 2, 3) for key in ("name", "email")}

    assert signed_in(cast.amelie).post("/manager/recovery/", same).status_code == 400
    with operating():
        Member.objects.create(organisation=cast.network, user=cast.diane)
    client = signed_in(cast.diane)
    client.post("/organisation/", {"organisation": cast.network.slug})
    assert client.get("/manager/recovery/").status_code == 403
