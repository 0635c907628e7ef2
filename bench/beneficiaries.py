"""What rules cost: one account of forty franchisees, ad groups among them, against none.

The owner's page with the rules and without; and a franchisee's page, whose figures are parts of the
shared account, against that of one whose own account holds the same rows.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.access import DEARER, ROW, _client, _cost_of_one
from bench.home import environment, home
from bench.measure import Cost, in_turn
from bench.page import Line

PLACES, CAMPAIGNS, GROUPS, DAYS = 40, 5, 4, 60
FIRST = date(2026, 5, 2)
HEADER = (
    "Account,Account ID,Campaign,Campaign ID,Ad group,Ad group ID,Day,Currency code,Cost,Impr.,"
    "Clicks"
)
ADDRESS = "/report/?from=2026-06-01&to=2026-06-30&split=campaign"


def run() -> list[Line]:
    """In a process of its own, for each can serve one home only."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        return apart.submit(measure).result()


def measure() -> list[Line]:
    with home() as folder:
        os.environ.clear()
        os.environ.update(environment(folder))
        from regie.config.boot import start

        os.environ["REGIE_POOL"] = "0"
        start()
        return _measured(Path(folder))


def _measured(folder: Path) -> list[Line]:
    from regie.apps.access.context import operating
    from regie.apps.beneficiaries import services as beneficiaries
    from regie.apps.connections import services

    owner, people = _network()
    shared, own = folder / "shared.csv", folder / "own.csv"
    _export(shared, "100-000-0001", range(PLACES))
    _export(own, "100-000-0002", [0])
    services.import_files(actor=None, organisation=owner, files=[(shared, shared.name)])
    services.import_files(actor=None, organisation=people["alone"][0], files=[(own, own.name)])
    with operating():
        from regie.apps.assets.models import Asset

        key = Asset.objects.get(external_id="100-000-0001").pk
    rules = [
        beneficiaries.NewRule("campaign", "pattern", f"*place {place:02}*", f"place-{place}")
        for place in range(PLACES)
    ]
    # Of each place one campaign is told ad group by ad group.
    rules += [
        beneficiaries.NewRule("ad_group", "id", _group(place, 0, group), f"place-{place}")
        for place in range(PLACES)
        for group in range(GROUPS)
    ]

    def ruled(there: bool) -> None:
        with operating():
            if there:
                beneficiaries.add_rules(actor=None, asset_id=key, rules=rules)
            else:
                beneficiaries.add_rules(actor=None, asset_id=key, rules=[], replace=True)

    ruled(False)
    bare = _pages(people["owner"][1], people["owner"][1])[0]
    ruled(True)
    with_rules = _pages(people["owner"][1], people["owner"][1])[0]
    part, whole = _pages(people["served"][1], people["alone"][1])
    return [
        _line(f"the owner's report with rules for {PLACES} / without", with_rules, bare),
        _line("a beneficiary's report of a shared account / of an account of her own", part, whole),
    ]


def _line(what: str, one: Cost, other: Cost) -> Line:
    dearer = (one.cpu_s / other.cpu_s - 1) * 100
    return Line(
        what,
        f"{dearer:+.1f} % ({one.cpu_s * 1000:.0f} ms / {other.cpu_s * 1000:.0f} ms)",
        f"at most {DEARER} % dearer",
        dearer <= DEARER,
    )


def _network() -> tuple[Any, dict[str, tuple[Any, Any]]]:
    from regie.apps.access.context import operating
    from regie.apps.accounts.models import User
    from regie.apps.organisations import services
    from regie.apps.organisations.models import Kind, Role

    with operating():
        owner = services.create_organisation(
            actor=None, name="Maison", slug="maison", kind=Kind.FRANCHISOR
        )
        places = [
            services.create_organisation(
                actor=None, name=f"Place {n}", slug=f"place-{n}", kind=Kind.FRANCHISEE, parent=owner
            )
            for n in range(PLACES + 1)
        ]
        found = {}
        for name, here in (("owner", owner), ("served", places[0]), ("alone", places[PLACES])):
            person = User.objects.create_user(f"{name}@maison.example", "x" * 20, name=name)
            services.add_member(actor=None, organisation=here, user=person, role=Role.ADMINISTRATOR)
            found[name] = (here, person)
    return owner, found


def _group(place: int, campaign: int, group: int) -> str:
    return f"9{place:03}{campaign:02}{group:02}"


def _export(path: Path, account: str, places: Any) -> None:
    rows = [
        f"Maison,{account},Search place {place:02} no {campaign},7{place:03}{campaign:02},"
        f"Group {group},{_group(place, campaign, group)},{FIRST + timedelta(days=day)},EUR,"
        f"{1 + (place + campaign + group + day) % 40}.50,{100 + day},{day % 9}"
        for place in places
        for campaign in range(CAMPAIGNS)
        for group in range(GROUPS)
        for day in range(DAYS)
    ]
    path.write_text("\n".join(["Report", '"All time"', HEADER, *rows]) + "\n", encoding="utf-8")


def _pages(one: Any, other: Any) -> tuple[Cost, Cost]:
    clients = [_client(one), _client(other)]
    shown: list[set[tuple[str, ...]]] = [set(), set()]

    def page(number: int) -> Cost:
        cost = _cost_of_one(lambda: clients[number].get(ADDRESS))
        shown[number].add(tuple(ROW.findall(clients[number].get(ADDRESS).content.decode())))
        return cost

    page(0), page(1)
    costs = in_turn(9, lambda: page(0), lambda: page(1))
    if shown[0] != shown[1] or len(shown[0]) != 1 or not shown[0].pop():
        raise RuntimeError("the two pages do not show the same figures")
    return costs[0], costs[1]
