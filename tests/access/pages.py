"""What the pages of a random world show, read as a browser gets them, beside what the model says.

A page speaks of the organisation that one acts for and of its branch: over all those that a person
may act for it comes to what he sees, or reads, at all.
"""

from __future__ import annotations

import csv
import io
import re
from random import Random

from django.db import connection
from django.test import Client

from regie.apps.access.context import acting_as, operating
from regie.apps.accounts.models import User
from regie.apps.assets.models import Asset
from regie.apps.connections.models import Import
from regie.apps.organisations.models import Organisation
from tests.access.world import World
from tests.web.test_every_page import signed_in

ROW = re.compile(r'<th scope="row"[^>]*><a href="/manager/assets/accounts/(\d+)/"')
SPENT = re.compile(r"figure=spend&amp;of=table&amp;split=account&amp;row=[^>]*>€([\d,]+)\.00<")
PERIOD = "split=account&from=2026-10-01&to=2026-10-02"


def compare_with_the_pages(
    world: World, person: User, name: str, expected: int, random: Random
) -> None:
    """Everything that is listed or totalled, for each organisation that he may act for."""
    client = signed_in(person, "en")
    visible, here = world.visible(name), world.acts_for(name)
    if not here:
        assert client.get("/manager/accounts/")["Location"] == "/start/"
        return
    looked_at = random.choice(sorted(here))
    listed, spent = set(), 0
    for one in sorted(here):
        _act_for(client, one)
        found, read = _listed(client), _spent_as_exported(client)
        listed |= found
        spent |= read
        if one == looked_at:
            assert _listed_on_pages(client) == found
            assert _spent_on_the_page(client) == read
            _compare_one_place(world, client, name, one, random)
    assert listed <= world.sees(name)
    assert spent & ~expected == 0
    # Nobody acts for a closed organisation, so that what is its own waits until it is open again.
    if not visible & world.closed:
        assert (listed, spent) == (world.sees(name), expected)


def compare_with_plain_sql(world: World, person: User, name: str) -> None:
    """The organisations, the journal and the jobs, as the database gives them by itself."""
    with operating():
        told = _column("SELECT DISTINCT organisation_id FROM audit_auditline")
        brought = _column("SELECT DISTINCT organisation_id FROM connections_import")
    with acting_as(person):
        assert _column("SELECT id FROM organisations_organisation") == world.visible(name)
        others = "SELECT DISTINCT organisation_id FROM audit_auditline WHERE actor_id IS DISTINCT "
        read = _column(f"{others} FROM {person.pk}")
        imports = _column("SELECT DISTINCT organisation_id FROM connections_import")
    administered = {one for one in world.parents if world.administers(name, one)}
    assert read == {one for one in administered if one in told}
    assert imports == {one for one in brought if world.reads_all_of(name, one)}


def _compare_one_place(world: World, client: Client, name: str, here: int, random: Random) -> None:
    """Single pages, search and the journal, acting for ``here``."""
    branch = {one for one in world.visible(name) if here in world.line(one)}
    for key in random.sample(sorted(world.owners), 2):
        status = client.get(f"/manager/assets/accounts/{key}/").status_code
        assert status == (200 if key in world.sees(name) else 404), key

    with operating():
        record = Import.objects.get()
        names = dict(Organisation.objects.values_list("pk", "name"))
    is_read = world.reads_all_of(name, record.organisation_id)
    assert (client.get(f"/imports/{record.pk}/").status_code == 200) == is_read
    is_here = is_read and record.organisation_id in branch
    assert (record.file_name in client.get("/imports/").content.decode()) == is_here
    palette = client.get("/commands/").content.decode()
    assert (record.file_name in palette) == (is_read and record.organisation_id == here)

    heads = world.administers(name, here)
    assert client.get("/manager/journal/").status_code == (200 if heads else 403)
    journal = client.get("/manager/journal.csv")
    assert journal.status_code == (200 if heads else 403)
    if heads:
        with operating():
            told = _column("SELECT DISTINCT organisation_id FROM audit_auditline")
        lines = csv.DictReader(io.StringIO(journal.content.decode("utf-8-sig")))
        assert {line["organisation"] for line in lines} == {names[one] for one in told & branch}


def _act_for(client: Client, organisation: int) -> None:
    with operating():
        slug = Organisation.objects.get(pk=organisation).slug
    assert client.post("/organisation/", {"organisation": slug}).status_code == 302


def _listed(client: Client) -> set[int]:
    """The list of accounts as it is exported."""
    rows = _exported(client, "/manager/assets/accounts/list.csv")
    ids = {row["id"].replace("-", "") for row in rows}
    with operating():
        found = {key: one.replace("-", "") for key, one in _ids()}
    return {key for key, one in found.items() if one in ids}


def _listed_on_pages(client: Client) -> set[int]:
    """As it is shown; what a search for one account finds is that one or nothing."""
    text = client.get("/manager/accounts/").content.decode()
    found = {int(key) for key in ROW.findall(text)}
    with operating():
        sought = Asset.objects.order_by("pk")[3].pk
    hits = client.get("/manager/accounts/?text=Compte 3").content.decode()
    assert {int(key) for key in ROW.findall(hits)} == found & {sought}
    return found


def _spent_as_exported(client: Client) -> int:
    spent = 0
    for row in _exported(client, f"/report/table.csv?{PERIOD}"):
        spent |= int(float(row["spend"] or 0))
    return spent


def _spent_on_the_page(client: Client) -> int:
    spent = 0
    for figure in SPENT.findall(client.get(f"/report/?{PERIOD}").content.decode()):
        spent |= int(figure.replace(",", ""))
    return spent


def _exported(client: Client, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(path).content.decode("utf-8-sig"))))


def _ids() -> list[tuple[int, str]]:
    return list(Asset.objects.values_list("pk", "external_id"))


def _column(statement: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {key for (key,) in cursor.fetchall()}
