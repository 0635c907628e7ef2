"""Random worlds: page, API, command, warehouse, export and raw SQL say what a small model says.

The same answers must come from the engine in Python, from row security, and from the figures.
"""

from __future__ import annotations

import io
import json
import os
from collections import Counter
from contextlib import redirect_stdout
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from struct import iter_unpack

import pytest
from django.db import connection

from regie.apps.access.context import acting_as, operating
from regie.apps.access.selectors import accesses_on, people_on, permissions_on, scope_of, why
from regie.apps.accounts.models import User
from regie.apps.assets.models import Asset, Status
from regie.apps.dashboards.services import ask as ask_as_the_command
from regie.apps.organisations import selectors as organisations
from regie.apps.organisations.models import Organisation
from regie.apps.organisations.services import create_organisation
from regie.cli.main import main
from regie.domain.metrics.planning import parse
from tests.access.audience_edges import compare_audiences, compare_audiences_on_the_edges
from tests.access.happenings import Happenings
from tests.access.pages import compare_with_plain_sql, compare_with_the_pages
from tests.access.world import ALL, DAYS, World
from tests.api.test_api import call, token_of
from tests.cast import PASSWORD, ask, bring

NAMES = ("Amélie", "Bruno", "Chloé", "Diane")
ACCOUNTS = 9
PAGES_EACH = 25  # steps between two looks at the pages, which take a while
HEADER = "Account,Account ID,Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks"


def people() -> dict[str, User]:
    return {
        name: User.objects.create_user(f"person-{number}@horizon.example", PASSWORD, name=name)
        for number, name in enumerate(NAMES)
    }


def new_world(folder: Path) -> World:
    """One organisation with accounts that came in by a file.

    Each has two campaigns, and each of those has spent a power of two on a day of its own.
    """
    world = World()
    with operating():
        Organisation.objects.all().delete()
        first = create_organisation(
            actor=None, name="Maison 1", slug="maison-1", time_zone="Pacific/Auckland"
        )
    world.parents[first.pk], world.zones[first.pk] = None, first.time_zone
    world.open_to_members[first.pk] = first.members_see_all
    path = folder / "accounts.csv"
    rows = [
        f"Compte {n},100-000-000{n},Marque {m},{m + 2}0{n},{day},EUR,{2 ** (2 * n + m)}.00,10,1"
        for n in range(ACCOUNTS)
        for m, day in enumerate(DAYS)
    ]
    text = "\n".join(["Campaign report", '"All time"', HEADER, *rows])
    path.write_text(text + "\n", encoding="utf-8")
    (record,) = bring(first, path)
    assert record.state == "published"
    with operating():
        Asset.objects.update(status=Status.LINKED)
        for asset in Asset.objects.all():
            world.owners[asset.pk] = first.pk
    assert len(world.owners) == ACCOUNTS
    return world


def weights() -> dict[int, int]:
    """Which account has which number, by its key."""
    with operating():
        return {asset.pk: int(asset.external_id[-1]) for asset in Asset.objects.order_by("pk")}


def expected_of(world: World, name: str, numbers: dict[int, int]) -> int:
    """What he reads has spent: whole accounts, and single campaigns of others that work for him."""
    read = {(key, campaign) for key in world.reads(name) for campaign in (0, 1)}
    read |= world.works_for(name)
    return sum(2 ** (2 * numbers[key] + campaign) for key, campaign in read)


def compare(world: World, person: User, name: str, random: Random) -> None:
    """Row security, the scope, the engine and its explanation, for one person."""
    asset, permission = random.choice(sorted(world.owners)), random.choice(sorted(ALL))
    with acting_as(person):
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM assets_asset")
            rows = {key for (key,) in cursor.fetchall()}
            cursor.execute("SELECT unnest(regie_given(%s))", [permission])
            given = {key for (key,) in cursor.fetchall()}
            cursor.execute("SELECT asset_id, entity FROM beneficiaries_assignment")
            assigned = {(key, int(entity[0]) - 2) for key, entity in cursor.fetchall()}
            cursor.execute(
                "SELECT regie_keys(%s, %s, %s)",
                [list(world.parents), list(world.partnerships), list(world.owners)],
            )
            ((keys,),) = cursor.fetchall()
        scope = scope_of(organisations.visible_organisations())
        held, found = permissions_on(person, asset), why(person, asset)
        people = Counter(one.asset_id for one in accesses_on(sorted(rows)) if one.permissions)
        counted = people_on(sorted(rows))

    assert rows == world.sees(name)
    assert scope.assets == world.reads(name)
    parts = {
        (one.asset, int(one.entity[0]) - 2)
        for one in scope.parts
        if (one.starts or date.min) <= DAYS[int(one.entity[0]) - 2] <= (one.ends or date.max)
    }
    assert parts == {one for one in world.works_for(name) if one[0] not in scope.assets}
    assert parts <= assigned
    # Whoever asks the database for every figure there is gets his own.
    assert {key for (key,) in iter_unpack(">q", keys)} == world.reads(name)
    assert held == world.may(name, asset)
    assert counted == {key: people[key] for key in rows}
    # Single roles and shares; what a place gives by itself is not among them.
    assert given <= {one for one in world.owners if permission in world.may(name, one)}
    assert (found is None or not found.paths) <= (not held)


def compare_with_the_edges(world: World, person: User, name: str, numbers: dict[int, int]) -> None:
    """The figures themselves, wherever they leave."""
    expected = expected_of(world, name, numbers)
    answer = ask(person, "spend")
    command = ask_as_the_command(
        parse(metrics=["spend"]), organisation="", person=person.email, as_of=None
    )

    assert answer.totals["spend"].get("EUR", 0) == expected
    assert command.totals["spend"].get("EUR", 0) == expected
    compare_with_programs(world, person, name, expected)


def compare_with_programs(world: World, person: User, name: str, expected: int) -> None:
    """A token and the terminal, for each branch that he sees the head of."""
    with acting_as(person):
        visible = organisations.visible_organisations()
    ids = {one.pk for one in visible}
    spent, named, listed = 0, set(), set()
    for one in visible:
        if one.parent_id in ids or one.closed_at:
            continue
        token = token_of(person, one)
        rows = call(token, "/query", "post", {"metrics": ["spend"], "by": ["account", "campaign"]})
        for row in rows.json()["rows"]:
            spent |= int(Decimal(row["spend"] or 0))
        named |= {found["id"] for found in call(token, "/accounts?limit=1000").json()}
        listed |= accounts_in_a_terminal(person, one)

    assert spent & ~expected == 0
    assert named == listed
    assert named <= world.sees(name)
    # Nobody acts for a closed organisation, so that its figures wait until it is opened again.
    if not any(one.closed_at for one in visible):
        assert (spent, named) == (expected, world.sees(name))


def accounts_in_a_terminal(person: User, here: Organisation) -> set[int]:
    words = ["manager", "--as", person.email, "--organisation", here.slug, "--json", "accounts"]
    with redirect_stdout(io.StringIO()) as out:
        assert main(words) == 0
    return {one["account"] for one in json.loads(out.getvalue())["accounts"]}


def drive(seed: int, steps: int, folder: Path) -> None:
    random = Random(seed)  # noqa: S311 - a world, not a secret
    world, cast, numbers = new_world(folder), people(), weights()
    happenings = Happenings(world, cast, random)
    try:
        for step in range(steps):
            with operating():
                happenings.something()
            name = random.choice(NAMES)
            compare(world, cast[name], name, random)
            compare_with_plain_sql(world, cast[name], name)
            compare_audiences(world, cast[name], name, random)
            if step % 10 == 9:
                compare_with_the_edges(world, cast[name], name, numbers)
            if step % PAGES_EACH == PAGES_EACH - 1:
                expected = expected_of(world, name, numbers)
                compare_with_the_pages(world, cast[name], name, expected, random)
                compare_audiences_on_the_edges(world, cast[name], name, random)
    except Exception as error:
        error.add_note(f"seed {seed}, step {len(happenings.told)}:")
        for said in happenings.told[-12:]:
            error.add_note(f"  {said}")
        raise


@pytest.mark.requirement("BM-37", "BM-41")
@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_every_edge_says_what_the_model_says(db: None, seed: int, tmp_path: Path) -> None:
    drive(seed, 150, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 140))
def test_ten_thousand_happenings_change_nothing_of_it(db: None, seed: int, tmp_path: Path) -> None:
    drive(seed + int(os.environ.get("REGIE_SEED", "0")), 250, tmp_path)
