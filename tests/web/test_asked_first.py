"""Whatever changes what people may do says first who would gain and lose what, and keeps nothing.

One pattern for all: the page that asks sends the same again once it is confirmed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from regie.apps.access.context import operating
from regie.apps.access.selectors import Effect
from regie.apps.organisations.models import Member, Organisation, Role
from regie.kernel import clock
from regie.web.console.effects import rows_of
from tests.access.given import colleague
from tests.cast import Cast
from tests.web.asking import (
    ACTS,
    World,
    a_world,
    giving,
    permissions,
    state,
)
from tests.web.looking import hidden_fields
from tests.web.test_every_page import signed_in


@pytest.fixture
def world(cast: Cast) -> World:
    return a_world(cast)


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


@pytest.mark.parametrize("left", ["demoted", "removed"])
@pytest.mark.parametrize("act", ACTS, ids=lambda one: one.__name__)
def test_whoever_lost_the_right_between_looking_and_confirming_changes_nothing(
    act: Callable[[World], tuple[str, dict[str, Any], list[str]]], left: str, world: World
) -> None:
    with operating():
        path, said, _words = act(world)
    colleague("Second head", world.cast.network, Role.ADMINISTRATOR)
    client = signed_in(world.cast.amelie, "en")
    client.get("/manager/")
    asked = client.post(path, said).content.decode()
    assert "Nothing is kept yet." in unescape(asked)
    with operating():
        hers = Member.objects.filter(user=world.cast.amelie)
        if left == "demoted":
            hers.update(role=Role.EMPLOYEE)
        else:
            hers.delete()
    was = state()

    done = client.post(path, {**hidden_fields(asked), "sure": "yes"})

    assert state() == was
    if done.status_code == 200:  # by a role of her own on the account she still may: shown anew
        assert "look again" in unescape(done.content.decode())
    else:
        assert done.status_code in {302, 403, 404}


def test_who_may_not_know_the_accesses_of_others_is_not_told_that_nobody_gains(
    world: World,
) -> None:
    """An employee who manages an account by a role of her own on it gives another one."""
    with operating():
        path, said, _words = giving(world)
    colleague("Second head", world.cast.network, Role.ADMINISTRATOR)
    with operating():
        Member.objects.filter(user=world.cast.amelie).update(role=Role.EMPLOYEE)
    client = signed_in(world.cast.amelie, "en")
    client.get("/manager/")

    page = unescape(client.post(path, said).content.decode())

    assert "Nothing is kept yet." in page
    assert "Nobody gains or loses anything" not in page
    assert "Only administrators know those of the others." in page


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
        sent = {"lines": lines, "sure": "yes", "seen": ""}
        answer = client.post("/manager/people/bring/", sent, follow=True)
        assert "Choose a file first." in unescape(answer.content.decode())
    refused = '[["newcomer@elsewhere.example","employee","",2]]'
    sent = {"lines": refused, "sure": "yes", "seen": ""}
    text = client.post("/manager/people/bring/", sent).content.decode()
    assert "What will not be done" in text
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
