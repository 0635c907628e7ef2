"""Whatever changes what people may do says first who would gain and lose what, and keeps nothing.

One pattern for all: the page that asks sends the same again once it is confirmed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import Grant, Share
from regie.apps.access.selectors import Effect, permissions_on
from regie.apps.access.services import Given, give_role
from regie.apps.assets.models import Asset
from regie.apps.audit.models import AuditLine
from regie.apps.notifications.models import Mail
from regie.apps.organisations.models import Invitation, Member, Organisation
from regie.apps.requests import services as requests
from regie.kernel import clock
from regie.web.console.effects import rows_of
from tests.access.given import VIEWER, colleague, linked, partners, shared
from tests.cast import Cast
from tests.web.test_every_page import signed_in

LOSES_ONE, GAINS_ONE = (
    "1 person loses something, on 1 account or page.",
    ("1 person gains something, on 1 account or page."),
)


@dataclass(frozen=True)
class World:
    cast: Cast
    account: int
    second: int
    share: int
    given: int  # the role of the second colleague
    holder: Member
    other: Member


@pytest.fixture
def world(cast: Cast) -> World:
    account = linked(cast.amelie, cast.network, "111111111", "Marque")
    second = linked(cast.amelie, cast.network, "222222222", "Filiale")
    share = shared(cast, partners(cast), account, VIEWER).pk
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(
            members_see_all=False, email_domains=["horizon.example"]
        )
    holder = colleague("Colleague of Amélie", cast.network)
    other = colleague("Second colleague of Amélie", cast.network)
    with acting_as(cast.amelie):
        role = give_role(
            actor=cast.amelie, asset_id=account, member_id=holder.pk, given=Given("VIEWER")
        )
    return World(cast, account, second, share, role.pk, holder, other)


def giving(world: World) -> tuple[str, dict[str, Any], list[str]]:
    said = {"member": world.other.pk, "role": "VIEWER", "ends_on": ""}
    return (
        f"/manager/assets/accounts/{world.account}/give/",
        said,
        ["Give the role “Viewer”?", "Second colleague of Amélie", GAINS_ONE],
    )


def withdrawing(world: World) -> tuple[str, dict[str, Any], list[str]]:
    path = f"/manager/assets/accounts/{world.account}/withdraw/{world.given}/"
    return path, {}, ["Withdraw this role?", "Colleague of Amélie", LOSES_ONE]


def unsharing(world: World) -> tuple[str, dict[str, Any], list[str]]:
    return (
        f"/manager/partners/shares/{world.share}/stop/",
        {},
        ["Stop sharing Marque with Atelier Diane?", "Diane", LOSES_ONE],
    )


def detaching(world: World) -> tuple[str, dict[str, Any], list[str]]:
    said = {"asset": [world.account, world.second], "action": "detach"}
    return (
        "/manager/assets/accounts/change/",
        said,
        ["Detach 2 accounts?", "Diane", "2 people lose something, on 1 account or page."],
    )


def promoting(world: World) -> tuple[str, dict[str, Any], list[str]]:
    return (
        f"/manager/people/{world.other.pk}/",
        {"role": "administrator", "ends_on": ""},
        [
            "Change what Second colleague of Amélie is?",
            "1 person gains something, on 2 accounts and pages.",
        ],
    )


def removing(world: World) -> tuple[str, dict[str, Any], list[str]]:
    return (
        f"/manager/people/{world.holder.pk}/remove/",
        {},
        ["Take Colleague of Amélie out?", LOSES_ONE],
    )


def removing_several(world: World) -> tuple[str, dict[str, Any], list[str]]:
    amelie = Member.objects.get(user=world.cast.amelie).pk
    said = {"member": [world.holder.pk, world.other.pk, amelie], "action": "remove"}
    return (
        "/manager/people/change/",
        said,
        ["Take 3 people out?", LOSES_ONE, "What will not be done", "last administrator"],
    )


def changing_several(world: World) -> tuple[str, dict[str, Any], list[str]]:
    said = {"all": "1", "text": "colleague", "action": "administrator", "until": ""}
    return (
        "/manager/people/change/",
        said,
        ["Change what 2 people are?", "2 people gain something, on 2 accounts and pages."],
    )


def bringing(world: World) -> tuple[str, dict[str, Any], list[str]]:
    text = (
        "email,role,ends_on\nsecond.colleague.of.amélie@horizon.example,administrator,\n"
        "newcomer@horizon.example,employee,\nstranger@elsewhere.example,employee,\n"
    )
    said = {"upload": SimpleUploadedFile("people.csv", text.encode())}
    return (
        "/manager/people/bring/",
        said,
        [
            "1 member changes.",
            "1 person is invited, and gains nothing before accepting.",
            "1 person gains something, on 2 accounts and pages.",
            "stranger@elsewhere.example",
        ],
    )


def opening(world: World) -> tuple[str, dict[str, Any], list[str]]:
    return (
        "/manager/rules/access/",
        {"see_all": "on", "until": ""},
        ["Change what members see?", "2 people gain something, on 2 accounts and pages."],
    )


def reviewing(world: World) -> tuple[str, dict[str, Any], list[str]]:
    return (
        "/manager/review/roles/withdraw/",
        {"role": [world.given]},
        ["Withdraw 1 role?", LOSES_ONE],
    )


def sharing(world: World) -> tuple[str, dict[str, Any], list[str]]:
    partnership = Share.objects.get(pk=world.share).partnership_id
    said = {"room": "accounts", "accounts-asset": [world.second], "accounts-role": "VIEWER"}
    path = f"/manager/partners/{partnership}/"
    return path, said, ["Share with Atelier Diane?", "Diane", GAINS_ONE]


def accepting(world: World) -> tuple[str, dict[str, Any], list[str]]:
    with acting_as(world.cast.diane):
        number = requests.ask(
            actor=world.cast.diane, organisation=world.cast.studio,
            wanted=requests.asked_by_hand(
                platform="linkedin_ads", account="222222222", role="VIEWER",
                email="", reason="",
            ),
        )  # fmt: skip
    path = f"/manager/requests/{number}/"
    return path, {"decision": "accept"}, ["Accept this request?", "Diane", GAINS_ONE]


ACTS = (
    sharing,
    accepting,
    giving,
    withdrawing,
    unsharing,
    detaching,
    promoting,
    removing,
    removing_several,
    changing_several,
    bringing,
    opening,
    reviewing,
)


def state() -> list[Any]:
    with operating():
        return [
            list(model.objects.order_by("pk").values())  # type: ignore[attr-defined]
            for model in (Grant, Share, Asset, Member, Organisation, Invitation, Mail, AuditLine)
        ]


def permissions(world: World) -> dict[tuple[str, int], frozenset[str]]:
    people = (world.cast.diane, world.holder.user, world.other.user)
    found = {}
    for person in people:
        with acting_as(person):
            for key in (world.account, world.second):
                found[str(person), key] = permissions_on(person, key)
    return found


def hidden_fields(page: str) -> dict[str, Any]:
    """What the page that asks sends again: its last form."""
    form = page[page.rindex("<form", 0, page.index('name="sure"')) :]
    fields: dict[str, Any] = {}
    for name, value in re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', form):
        if name != "csrfmiddlewaretoken":
            fields.setdefault(name, []).append(unescape(value))
    return fields


@pytest.mark.requirement("BM-S3", "BM-41")
@pytest.mark.parametrize("act", ACTS, ids=lambda one: one.__name__)
def test_it_is_asked_first_and_kept_once_confirmed(
    act: Callable[[World], tuple[str, dict[str, Any], list[str]]], world: World
) -> None:
    with operating():
        path, said, words = act(world)
    client = signed_in(world.cast.amelie, "en")
    client.get("/manager/")
    was, held = state(), permissions(world)

    asked = client.post(path, said)
    page = unescape(asked.content.decode())
    assert asked.status_code == 200
    assert state() == was, "nothing is kept by asking"
    assert [word for word in words if word not in page] == []
    assert "Nothing is kept yet." in page

    done = client.post(path, {**hidden_fields(asked.content.decode()), "sure": "yes"})
    assert done.status_code in {200, 302}
    assert permissions(world) != held
    assert state() != was


@pytest.mark.requirement("BM-41")
@pytest.mark.parametrize("page", ["ceiling", "policy", "give"])
def test_what_is_ticked_is_looked_at_before_it_can_be_confirmed(page: str, world: World) -> None:
    client = signed_in(world.cast.amelie, "en")
    client.post("/manager/assets/accounts/change/", {"asset": [world.second], "action": "give"})
    client.post("/manager/people/change/", {"member": [world.other.pk], "action": "give"})
    path, said = {
        "ceiling": (f"/manager/partners/shares/{world.share}/", {"permissions": "billing.view"}),
        "policy": ("/manager/roles/allowed/", {"permissions": "billing.view"}),
        "give": ("/manager/give/", {"role": "VIEWER", "ends_on": ""}),
    }[page]  # fmt: skip
    before, was = client.get(path).content.decode(), state()
    tried = unescape(client.post(path, {**said, "act": "try"}).content.decode())
    assert 'value="keep"' not in before
    assert 'value="keep"' in tried
    assert re.search(r"\d (person|people) (loses?|gains?) something, on \d account", tried)
    assert state() == was


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_to_gain_or_lose_is_said_too(world: World, language: str) -> None:
    client = signed_in(world.cast.amelie, language)
    page = client.post(f"/manager/people/{world.other.pk}/remove/").content.decode()
    words = {"en": "Nobody gains or loses anything.", "fr": "Personne ne gagne ni ne perd rien."}
    assert words[language] in unescape(page)


def test_a_day_to_come_is_tried_as_it_will_be(world: World) -> None:
    client = signed_in(world.cast.amelie, "en")
    with operating():
        Organisation.objects.filter(pk=world.cast.network.pk).update(members_see_all=True)
    client.get("/manager/")
    day = clock.today() + timedelta(days=30)
    was = state()
    page = client.post("/manager/rules/access/", {"see_all": "on", "until": str(day)})
    text = unescape(page.content.decode())
    assert "2 people get a letter." in text
    assert "2 people lose something, on 2 accounts and pages." in text
    assert state() == was


def test_lines_that_were_changed_on_the_way_are_no_more_than_a_file(world: World) -> None:
    """Who confirms sends the lines again; what is no list is asked for as a file."""
    client = signed_in(world.cast.amelie, "en")
    client.get("/manager/")
    was = state()
    for lines in ("", "null", "[[1]]", '[["a@horizon.example\\u0000","employee","",1]]', "[1"):
        answer = client.post("/manager/people/bring/", {"lines": lines, "sure": "yes"}, follow=True)
        assert "Choose a file first." in unescape(answer.content.decode())
    refused = '[["newcomer@elsewhere.example","employee","",2]]'
    text = client.post("/manager/people/bring/", {"lines": refused, "sure": "yes"}).content.decode()
    assert "Refused: 1" in text
    assert state() == was


def test_only_the_first_of_very_many_changes_are_listed_and_all_are_counted(world: World) -> None:
    gained = frozenset({"figures.view"})
    many = [
        Effect(number, f"Person {number}", "", world.account, gained, frozenset())
        for number in range(1, 1_001)
    ]
    with operating():
        rows = rows_of(many)
    assert (len(rows), rows.number) == (200, 1_000)


def test_a_last_administrator_is_told_so_instead_of_asked(world: World) -> None:
    with operating():
        amelie = Member.objects.get(user=world.cast.amelie).pk
    client = signed_in(world.cast.amelie, "en")
    answer = client.post(f"/manager/people/{amelie}/remove/", follow=True)
    assert "Make somebody else an administrator first." in unescape(answer.content.decode())
    changed = client.post(f"/manager/people/{amelie}/", {"role": "employee", "ends_on": ""})
    assert changed.status_code == 400
    assert "Make somebody else an administrator first." in unescape(changed.content.decode())


def test_an_employee_tries_nothing(world: World) -> None:
    client = signed_in(world.other.user, "en")
    for act in ACTS:
        with operating():
            path, said, _words = act(world)
        assert client.post(path, said).status_code in {302, 403, 404}, path
