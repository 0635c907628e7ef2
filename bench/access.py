"""What it costs to know who may: 200 organisations, 100,000 assets and shares, 20,000 people.

The processor time of the database's own process counts, beside that of ours.
"""

from __future__ import annotations

import gc
import os
import re
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import psycopg

from bench import google_ads
from bench.home import environment, home, workplace
from bench.measure import Cost, in_turn, inside
from bench.network import Network
from bench.page import Line

if TYPE_CHECKING:
    from regie.apps.accounts.models import User

ORGANISATIONS, NETWORKS, AGENCY_PEOPLE, PEOPLE = 200, 4, 5_000, 20_000
ASSETS, SHARES = 100_000, 100_000
SCOPE_MS, LIST_MS, CEILING_S, DEARER = 20, 100, 1.0, 10
TIMES, REPORT_ROWS = 9, 200_000
ROW = re.compile(r"<t[dh][^>]*>([^<]*)")  # what stands in the cells of tables
TICKS = os.sysconf("SC_CLK_TCK")

# Four networks of seven regions and forty-two places; the last organisation is a large agency.
WORLD = f"""
INSERT INTO organisations_organisation
    (name, slug, kind, path, time_zone, currency, location, manager_number, members_see_all,
     parent_id)
SELECT 'Maison ' || n, 'maison-' || n, 'brand', '', 'Europe/Paris', 'EUR', 'L' || n,
       (100000000000 + n)::text, n <= {NETWORKS}, NULL
FROM generate_series(1, {ORGANISATIONS}) n;
UPDATE organisations_organisation o SET parent_id = up.id
FROM organisations_organisation up
WHERE o.slug <> 'default' AND up.slug = 'maison-' || CASE
    WHEN substr(o.slug, 8)::int <= {NETWORKS} OR o.slug = 'maison-{ORGANISATIONS}' THEN 0
    WHEN substr(o.slug, 8)::int <= {NETWORKS * 8} THEN (substr(o.slug, 8)::int - 1) % {NETWORKS} + 1
    ELSE {NETWORKS} + 1 + (substr(o.slug, 8)::int - 1) % {NETWORKS * 7} END
  AND o.slug LIKE 'maison-%';
CREATE TEMP TABLE place AS SELECT id, path, substr(slug, 8)::int AS n
FROM organisations_organisation WHERE slug LIKE 'maison-%';
INSERT INTO accounts_user (password, is_superuser, first_name, last_name, is_staff, is_active,
    date_joined, email, name, language)
SELECT '!', false, '', '', false, true, now(), 'person-' || n || '@maison.example',
       'Person ' || n, 'fr' FROM generate_series(1, {PEOPLE}) n;
INSERT INTO organisations_member (organisation_id, user_id, role)
SELECT place.id, u.id,
       CASE WHEN row_number() OVER (PARTITION BY place.id ORDER BY u.id) <= 2
            THEN 'administrator' ELSE 'employee' END
FROM (SELECT id, substr(email, 8, position('@' IN email) - 8)::int AS n FROM accounts_user
      WHERE email LIKE 'person-%') u
JOIN place ON place.n = CASE WHEN u.n <= {AGENCY_PEOPLE} THEN {ORGANISATIONS}
                             ELSE 1 + u.n % ({ORGANISATIONS} - 1) END;
INSERT INTO assets_asset (organisation_id, kind, platform, external_id, name, currency, time_zone,
    location, status, created_at)
SELECT place.id, 'ad_account', 'linkedin_ads', (100000000 + k)::text, 'Compte ' || k, 'EUR', '',
       '', 'linked', now()
FROM generate_series(1, {ASSETS}) k JOIN place ON place.n = 1 + k % {ORGANISATIONS};
INSERT INTO access_partnership (owner_id, partner_id, state, proposed_by, proposed_at)
SELECT a.id, b.id, 'active', 'owner', now() FROM place a JOIN place b
  ON b.n IN (SELECT 1 + (a.n + k * 7) % {ORGANISATIONS} FROM generate_series(1, 10) k)
  AND a.id <> b.id;
INSERT INTO access_share (partnership_id, asset_id, owner_id, partner_id, ceiling, shared_at,
    shared_by)
SELECT p.id, a.id, p.owner_id, p.partner_id,
       '{{figures.view,ads.edit,notifications.receive,billing.view}}', now(), ''
FROM (SELECT *, row_number() OVER (PARTITION BY owner_id ORDER BY id) AS nth
      FROM access_partnership) p
JOIN (SELECT *, row_number() OVER (PARTITION BY organisation_id ORDER BY id) AS nth
      FROM assets_asset) a
  ON a.organisation_id = p.owner_id AND (a.nth - 1) / 50 = p.nth - 1;
INSERT INTO access_grant (asset_id, owner_id, organisation_id, member_id, user_id, role,
    permissions, granted_by, granted_at)
SELECT a.id, a.organisation_id, m.organisation_id, m.id, m.user_id, 'VIEWER',
       '{{figures.view,notifications.receive,billing.view}}', '', now()
FROM (SELECT *, row_number() OVER (PARTITION BY organisation_id ORDER BY id) AS nth
      FROM organisations_member WHERE role = 'employee') m
JOIN (SELECT *, row_number() OVER (PARTITION BY organisation_id ORDER BY id) AS nth
      FROM assets_asset) a
  ON a.organisation_id = m.organisation_id AND a.nth % 100 = m.nth % 100;
INSERT INTO access_grant (asset_id, owner_id, organisation_id, member_id, user_id, share_id, role,
    permissions, granted_by, granted_at)
SELECT s.asset_id, s.owner_id, m.organisation_id, m.id, m.user_id, s.id, 'CREATIVE_MANAGER',
       '{{figures.view,ads.edit,notifications.receive,billing.view}}', '', now()
FROM (SELECT s.* FROM access_share s JOIN place ON place.id = s.partner_id
      WHERE place.n = {ORGANISATIONS} ORDER BY s.id LIMIT 1) s
JOIN organisations_member m ON m.organisation_id = s.partner_id AND m.role = 'employee';
VACUUM (ANALYZE);
"""


def run() -> list[Line]:
    """In a process of its own, for each can serve one home only."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        return apart.submit(measure).result()


def measure() -> list[Line]:
    with home() as folder:
        os.environ.clear()
        os.environ.update(environment(folder))
        from regie.config.boot import start
        from regie.postgres.urls import access

        os.environ["REGIE_POOL"] = "0"
        start()
        with psycopg.connect(access("owner").dsn(), autocommit=True) as owner:
            owner.execute("SET synchronous_commit = off")
            for statement in WORLD.split(";\n"):
                if statement.strip():
                    owner.execute(statement)
            return [*_scopes(), *_list_pages(), _ceiling(), _report_page(owner)]


def _person(organisation: int, role: str) -> User:
    from regie.apps.access.context import operating
    from regie.apps.organisations.models import Member

    with operating():
        found = Member.objects.filter(organisation__slug=f"maison-{organisation}", role=role)
        return found.select_related("user").order_by("pk")[0].user


def _scopes() -> list[Line]:
    from regie.apps.access.context import acting_as
    from regie.apps.access.selectors import scope_of
    from regie.apps.organisations.selectors import visible_organisations

    lines = []
    for what, person in (
        ("an administrator of a network", _person(1, "administrator")),
        ("an administrator of one place", _person(40, "administrator")),
        ("an employee with single roles", _person(40, "employee")),
    ):
        with acting_as(person):
            visible = visible_organisations()
            held = len(scope_of(visible).assets)
            spent = median(
                _cost_of_one(lambda: scope_of(visible)).cpu_s  # noqa: B023
                for _time in range(TIMES)
            )
        lines.append(
            Line(
                f"effective scope of {what} ({held:,} assets)",
                f"{spent * 1000:.1f} ms of processor time",
                f"under {SCOPE_MS} ms",
                spent * 1000 < SCOPE_MS,
            )
        )
    return lines


def _list_pages() -> list[Line]:
    client = _client(_person(1, "administrator"))
    client.get("/manager/accounts/")
    lines = []
    for what, query in (
        ("of the list of accounts", "text=Compte"),
        ("of those that few words find", "text=Compte+4242"),
    ):
        address = f"/manager/accounts/?{query}"
        spent = median(_cost_of_one(lambda: client.get(address)).cpu_s for _time in range(TIMES))  # noqa: B023
        lines.append(
            Line(
                f"a page {what}, for an administrator of a network",
                f"{spent * 1000:.0f} ms of processor time",
                f"under {LIST_MS} ms",
                spent * 1000 < LIST_MS,
            )
        )
    return lines


def _ceiling() -> Line:
    from regie.apps.access import services
    from regie.apps.access.context import acting_as, operating
    from regie.apps.access.models import Share
    from regie.apps.organisations.models import Member
    from regie.domain.permissions.catalog import role

    with operating():
        share = Share.objects.filter(partner__slug=f"maison-{ORGANISATIONS}").order_by("pk")[0]
        actor = Member.objects.filter(organisation_id=share.owner_id, role="administrator")[0].user
    ceilings = [role("ad_account", code).permissions for code in ("VIEWER", "CREATIVE_MANAGER")]
    touched, costs = 0, []
    for turn in range(6):
        with acting_as(actor):
            wanted = ceilings[turn % 2]

            def lower(wanted: frozenset[str] = wanted) -> None:
                nonlocal touched
                touched = len(services.set_ceiling(actor=actor, share_id=share.pk, ceiling=wanted))

            costs.append(_cost(lower))
    spent, wall = median(c.cpu_s for c in costs), median(c.wall_s for c in costs)
    return Line(
        f"setting a ceiling that touches {touched:,} people, a line in the journal for each",
        f"{spent:.2f} s of processor time ({wall:.2f} s on the clock)",
        f"under {CEILING_S:.0f} s",
        spent < CEILING_S,
    )


def _report_page(owner: psycopg.Connection[Any]) -> Line:
    """The same page for the same person, with row security and with none on any table."""
    from regie.apps.connections import services
    from regie.apps.organisations.models import Organisation

    path = workplace() / f"google-ads-{REPORT_ROWS}.csv"
    if not path.exists():
        google_ads.write_export(Network(REPORT_ROWS), path)
    from regie.apps.access.context import operating

    with operating():
        here = Organisation.objects.get(slug="maison-40")
    services.import_files(actor=None, organisation=here, files=[(Path(path), path.name)])
    client = _client(_person(40, "administrator"))
    # Without walls everybody sees every organisation: who is not told acts for the first of them.
    client.post("/organisation/", {"organisation": "maison-40"})
    address = "/report/?from=2026-06-01&to=2026-06-30&split=campaign"
    shown: set[tuple[str, ...]] = set()

    def page() -> Cost:
        cost = _cost_of_one(lambda: client.get(address))
        shown.add(tuple(ROW.findall(client.get(address).content.decode())))
        return cost

    def open_page() -> Cost:
        with _without_walls(owner):
            return page()

    page()
    walled, bare = in_turn(9, page, open_page)
    if len(shown) != 1 or not shown.pop():
        raise RuntimeError("the two pages do not show the same figures")
    dearer = (walled.cpu_s / bare.cpu_s - 1) * 100
    return Line(
        "the report page with row security / without",
        f"{dearer:+.1f} % ({walled.cpu_s * 1000:.0f} ms / {bare.cpu_s * 1000:.0f} ms)",
        f"at most {DEARER} % dearer",
        dearer <= DEARER,
    )


@contextmanager
def _without_walls(owner: psycopg.Connection[Any]) -> Iterator[None]:
    """Nothing between a statement and the rows; but the organisations to choose from stay the same,
    or another page would be measured: of two hundred of them and not of one."""
    rows = owner.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relrowsecurity AND c.relkind = 'r' "
        "AND c.relname <> 'organisations_organisation'"
    ).fetchall()
    for (table,) in rows:
        owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    try:
        yield
    finally:
        for (table,) in rows:
            owner.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


def _client(person: User) -> Any:
    from django.test import Client

    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _cost(work: Callable[[], object]) -> Cost:
    """Processor time of this process and of its backend in the database, and the clock."""
    before = _backend_s()
    ours = inside(work)
    return Cost(ours.cpu_s + _backend_s() - before, ours.wall_s)


def _cost_of_one(work: Callable[[], object]) -> Cost:
    """What one of ten costs: the database's clock ticks a hundred times a second, too coarse for
    a single page. Each leaves what it made to be forgotten, which is a part of its cost."""
    gc.collect()
    ten = _cost(lambda: deque((work() for _time in range(10)), maxlen=0))
    return Cost(ten.cpu_s / 10, ten.wall_s / 10)


def _backend_s() -> float:
    """What the database's processes have used, all of them: a pool gives any of its connections."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        ((number,),) = cursor.fetchall()
    _parent, server, *_used = _stat(number)
    running = [_stat(one.name) for one in Path("/proc").iterdir() if one.name.isdecimal()]
    used = sum(
        int(user) + int(kernel) for _state, parent, user, kernel in running if parent == server
    )
    ended = Path(f"/proc/{server}/stat").read_text().rsplit(")", 1)[1].split()[13:15]
    return (used + sum(map(int, ended))) / TICKS


def _stat(number: object) -> tuple[str, str, str, str]:
    """State, parent, and the ticks of a process outside and inside the kernel; none once ended."""
    try:
        fields = Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return "", "", "0", "0"
    return fields[0], fields[1], fields[11], fields[12]
