"""What is confirmed is what was shown: other ticks, or another state, are shown anew first."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import Grant, Share
from regie.apps.organisations.models import Organisation
from regie.apps.organisations.services import create_below
from tests.access.given import VIEWER, colleague
from tests.cast import Cast
from tests.web.asking import (
    ACTS,
    World,
    a_world,
    bringing,
    detaching,
    giving,
    permissions,
    removing,
    sharing,
    state,
)
from tests.web.looking import hidden_fields
from tests.web.test_every_page import signed_in


@pytest.fixture
def world(cast: Cast) -> World:
    return a_world(cast)


ANEW = "It is not as you saw it any more: look again"
TICKED = {
    "ceiling": lambda world: f"/manager/partners/shares/{world.share}/",
    "policy": lambda world: "/manager/roles/allowed/",
}


def seen_in(page: Any) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page.content.decode())
    assert found is not None
    return found[1]


@pytest.mark.requirement("BM-41")
@pytest.mark.parametrize("page", TICKED)
def test_other_ticks_than_those_that_were_looked_at_are_shown_first(
    page: str, world: World
) -> None:
    client, path = signed_in(world.cast.amelie, "en"), TICKED[page](world)
    client.get(path)
    was = state()
    tried = client.post(path, {"permissions": ["billing.view"], "act": "try"})
    other = {"permissions": ["billing.view", "figures.view"], "act": "keep"}
    again = client.post(path, {**other, "seen": seen_in(tried)})
    assert ANEW in unescape(again.content.decode())
    assert state() == was
    kept = client.post(path, {**other, "seen": seen_in(again)})
    assert kept.status_code == 302
    assert state() != was


@pytest.mark.requirement("BM-41")
@pytest.mark.parametrize(
    "act", [giving, detaching, removing, sharing], ids=lambda one: one.__name__
)
def test_what_changes_meanwhile_is_shown_before_it_is_kept(
    act: Callable[[World], tuple[str, dict[str, Any], list[str]]], world: World
) -> None:
    """Between the look and the yes somebody else opened the network to all its members, and let
    the partner have more."""
    client = signed_in(world.cast.amelie, "en")
    with operating():
        path, said, _words = act(world)
    asked = client.post(path, said)
    with operating():
        Organisation.objects.filter(pk=world.cast.network.pk).update(members_see_all=True)
        Share.objects.filter(pk=world.share).update(ceiling=sorted(VIEWER | {"ads.edit"}))
        Grant.objects.filter(pk=world.given).update(permissions=["figures.view", "ads.edit"])
        if act is sharing:
            colleague("Partner of Amélie", world.cast.studio, "administrator")
    was = state()
    again = client.post(path, {**hidden_fields(asked.content.decode()), "sure": "yes"})
    assert ANEW in unescape(again.content.decode())
    assert state() == was


@pytest.mark.requirement("BM-41")
@pytest.mark.parametrize("seen", ["", "0" * 64, "another’s"])
@pytest.mark.parametrize("act", ACTS, ids=lambda one: one.__name__)
def test_nothing_is_kept_that_was_not_looked_at(
    act: Callable[[World], tuple[str, dict[str, Any], list[str]]], seen: str, world: World
) -> None:
    with operating():
        path, said, _words = act(world)
    client = signed_in(world.cast.amelie, "en")
    client.get("/manager/")
    if seen == "another’s":
        seen = seen_in(client.post(f"/manager/people/{world.other.pk}/remove/"))
        if act is bringing:
            said["upload"].seek(0)
    was = state()
    answer = client.post(path, {**said, "sure": "yes", "seen": seen})
    assert answer.status_code == 200
    assert ANEW in unescape(answer.content.decode())
    assert state() == was


@pytest.mark.requirement("BM-10", "BM-S1")
def test_a_manager_number_changes_nothing_and_says_so_before(world: World) -> None:
    client = signed_in(world.cast.amelie, "en")
    client.get("/manager/")
    with acting_as(world.cast.amelie):
        place = create_below(
            actor=world.cast.amelie, parent=world.cast.network, name="Horizon Vannes",
            base="horizon-vannes", kind="franchisee", is_manager=False,
        )  # fmt: skip
    path, was, held = f"/manager/organisations/{place.pk}/", state(), permissions(world)
    asked = client.post(path, {"act": "number"})
    page = unescape(asked.content.decode())
    assert "Give Horizon Vannes a manager number?" in page
    assert "Nobody gains or loses anything." in page
    assert "looked at, on accounts that are there already" in page
    assert state() == was
    assert client.post(path, {"act": "number", "sure": "yes", "seen": "0"}).status_code == 200
    assert state() == was
    client.post(path, {**hidden_fields(asked.content.decode()), "sure": "yes"})
    with operating():
        assert Organisation.objects.get(pk=place.pk).manager_number is not None
    assert permissions(world) == held


@pytest.mark.requirement("BM-10")
def test_another_manager_shows_that_it_changes_nothing_in_the_first(world: World) -> None:
    client = signed_in(world.cast.amelie, "en")
    client.get("/manager/")
    was = state()
    page = unescape(client.get("/start/").content.decode())
    assert "What changes in your other organisations" in page
    assert "Nobody gains or loses anything." in page
    assert "on accounts that are there already (2)" in page
    assert state() == was
