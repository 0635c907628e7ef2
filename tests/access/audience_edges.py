"""Who sees which audience, wherever one asks: SQL, pages, API, command and the campaign screen."""

from __future__ import annotations

import io
import json
import re
from contextlib import redirect_stdout
from random import Random

from django.db import connection
from django.test import Client

from regie.apps.access.context import acting_as, operating
from regie.apps.accounts.models import User
from regie.apps.audiences.selectors import usable_on
from regie.apps.organisations.models import Organisation
from regie.cli.main import main
from tests.access.world import World
from tests.api.test_api import call, token_of
from tests.web.test_every_page import signed_in

LINK = re.compile(r'<th scope="row"><a href="/manager/audiences/(\d+)/"')


def compare_audiences(world: World, person: User, name: str, random: Random) -> None:
    """Row security, and what campaigns of one account are offered."""
    asset = random.choice(sorted(world.owners))
    with acting_as(person):
        assert _column("SELECT id FROM audiences_audience") == world.audiences.sees(name)
        inside = _column("SELECT DISTINCT audience_id FROM audiences_audiencemember")
        assert inside == world.audiences.seen_as_own(name)
        offered = {one.id for one in usable_on(asset)}
    assert offered == world.audiences.offered_to(name, asset)


def compare_audiences_on_the_edges(world: World, person: User, name: str, random: Random) -> None:
    """The list, and single audiences, of one organisation that he acts for."""
    places = world.acts_for(name)
    if not places or not world.audiences.listed:
        return
    here = random.choice(sorted(places))
    with operating():
        organisation = Organisation.objects.get(pk=here)
    known = world.audiences.own(here) | world.audiences.received(here)
    branch = {one for one in world.visible(name) if here in world.line(one)}
    of_branch = set[int]().union(*(world.audiences.own(one) for one in branch))
    client, token = signed_in(person), token_of(person, organisation)

    client.post("/organisation/", {"organisation": organisation.slug})
    page = client.get("/manager/audiences/").content.decode()
    assert {int(key) for key in LINK.findall(page)} == known
    assert {one["id"] for one in call(token, "/audiences").json()} == known
    assert _in_a_terminal(person, organisation) == known
    some = random.sample(sorted(world.audiences.listed), min(2, len(world.audiences.listed)))
    for key in some:
        received = key in world.audiences.received(here)
        is_shown = received or key in world.audiences.seen_as_own(name)
        assert _status(client, f"/manager/audiences/{key}/") == (200 if is_shown else 404)
        told = call(token, f"/audiences/{key}").status_code
        assert told == (200 if received or key in of_branch else 404)
    _compare_one_account(world, client, token, name, random)


def _compare_one_account(
    world: World, client: Client, token: str, name: str, random: Random
) -> None:
    asset = random.choice(sorted(world.owners))
    found = call(token, f"/accounts/{asset}/audiences")
    if found.status_code == 200:
        assert {one["id"] for one in found.json()} == world.audiences.offered_to(name, asset)
    page = client.get(f"/manager/assets/accounts/{asset}/")
    if page.status_code == 200:
        shown = set(re.findall(r'href="/manager/audiences/(\d+)/"', page.content.decode()))
        assert {int(key) for key in shown} == world.audiences.offered_to(name, asset)


def _in_a_terminal(person: User, here: Organisation) -> set[int]:
    words = ["manager", "--as", person.email, "--organisation", here.slug, "--json", "audiences"]
    with redirect_stdout(io.StringIO()) as out:
        assert main(words) == 0
    return {one["audience"] for one in json.loads(out.getvalue())["audiences"]}


def _status(client: Client, path: str) -> int:
    return int(client.get(path).status_code)


def _column(statement: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {key for (key,) in cursor.fetchall()}
