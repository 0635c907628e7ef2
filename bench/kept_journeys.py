"""What the page of attribution costs when a day more is published, beside all of it anew.

A million touches of sixty days lie in the warehouse as the collector would have published them;
a third of the visitors who agreed are known by a login. Both ways put the same question.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

from bench.home import environment, home
from bench.page import Line

TOUCHES, TURNS = 1_000_000, 5
MOST = 0.20

_MEASURE = """
import json, sys, time
from datetime import date, timedelta
from regie.config.boot import start
start()
from django.db import connection
from regie.apps.access.context import operating
from regie.apps.access.selectors import scope_of
from regie.apps.accounts.models import User
from regie.apps.attribution import answering
from regie.apps.attribution.kept import ground
from regie.apps.beneficiaries.selectors import opened
from regie.apps.organisations import selectors as organisations
from regie.apps.organisations import services
from regie.apps.organisations.models import Organisation, Role
from regie.apps.tracking import services as tracking
from regie.apps.tracking.models import Site
from regie.domain.attribution.questions import Question
from regie.domain.facts import TOUCHES
from regie.kernel.periods import Period
from regie.warehouse import catalogue, home
from regie.warehouse.engine import scratch

COUNT, TURNS, DAYS = int(sys.argv[1]), int(sys.argv[2]), 60
FIRST = date(2026, 3, 2)
EACH, VISITORS = COUNT // DAYS, COUNT // 8
CHANNELS = "['Direct', 'Paid Search', 'Organic Search', 'Email', 'Organic Social', 'Referral']"

with operating():
    shop = Organisation.objects.get()
    person = User.objects.create_user("bench@regie.example", "bench", name="Bench")
    services.add_member(actor=None, organisation=shop, user=person, role=Role.ADMINISTRATOR)
    tracking.create_site(actor=person, organisation=shop,
                         wanted=tracking.WantedSite("Shop", ["shop.example"]))
    asset = Site.objects.get().asset_id
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tracking_identifier (organisation_id, kind, value, first_seen, last_seen) "
            "SELECT %s, CASE WHEN n < %s THEN 'device' ELSE 'login' END, n::text, now(), now() "
            "FROM generate_series(0, %s) n", [shop.pk, VISITORS, VISITORS + VISITORS // 3])
        cursor.execute("SELECT min(id) FROM tracking_identifier")
        low = cursor.fetchone()[0]
        for begin, step in ((0, 3), (VISITORS, 1)):
            cursor.execute(
                "INSERT INTO identity_membership "
                "(identifier_id, organisation_id, around, person, probable) "
                "SELECT %s + %s * n, %s, %s + 3 * n, %s + 3 * n, %s + 3 * n "
                "FROM generate_series(0, %s) n",
                [low + begin, step, shop.pk, low, low, low, VISITORS // 3 - 1])
        cursor.execute("INSERT INTO identity_solution (organisation_id, solved_at, with_probable, "
                       "threshold) VALUES (%s, now(), false, 0.95)", [shop.pk])

ROWS = f'''
    SELECT {shop.pk} AS organisation_id, {asset} AS asset_key, day AS date, 't' || i AS touch_id,
        day + (hash(i, 1) % 86400)::INTEGER * INTERVAL 1 SECOND AS happened_at,
        CASE WHEN sold THEN 'order' ELSE 'visit' END AS kind,
        CASE WHEN agreed THEN 'consented' ELSE 'exempt' END AS mode,
        CASE WHEN agreed THEN 'v' || ({low} + who) ELSE 'd' || day || who END AS visitor,
        CASE WHEN agreed AND sold AND who % 3 = 0
            THEN 'p' || ({low + VISITORS} + who // 3) END AS person,
        CASE WHEN NOT sold THEN {CHANNELS}[1 + (hash(i, 3) % 6)::INTEGER] END AS channel,
        's' || (hash(i, 3) % 6) AS source, 'm' AS medium, 'phone' AS device,
        CASE WHEN sold THEN 'o' || i END AS ref, CASE WHEN sold THEN 'EUR' END AS currency,
        CASE WHEN sold THEN 10 + (hash(i, 5) % 9000) / 100.0 END AS value,
        (NOT sold)::BIGINT AS visits, 0 AS import_id, 'collector' AS origin, false AS provisional
    FROM (SELECT range AS i, hash(range, 9) % {VISITORS} AS who,
              hash(hash(range, 9) % {VISITORS}, 7) % 10 < 6 AS agreed, hash(range, 2) % 100 < 3 AS
              sold, DATE '{FIRST}' + (range // {EACH})::INTEGER AS day
          FROM range(FROM_ROW, TO_ROW))'''

def publish(first, last):
    names = ", ".join(f"CAST({one} AS {kind}) AS {one}" for one, kind in TOUCHES.schema.items())
    empty = ", ".join(f"CAST(NULL AS {kind}) AS {one}" for one, kind in TOUCHES.schema.items())
    with operating(), home.workplace() as folder, scratch(folder) as engine:
        database = connection.connection
        catalogue.lock_for_publishing(database)
        files = list(catalogue.snapshot(database).files("touches"))
        rows = (f"SELECT {names} FROM (SELECT {empty} WHERE false UNION ALL BY NAME "
                + ROWS.replace("FROM_ROW", str(first * EACH)).replace("TO_ROW", str(last * EACH))
                + ")")
        months = engine.execute(
            f"SELECT DISTINCT date_trunc('month', date)::DATE FROM ({rows}) ORDER BY 1").fetchall()
        for (month,) in months:
            written = home.lake().write(
                engine, "touches", month,
                f"SELECT * FROM ({rows}) WHERE date_trunc('month', date) = DATE '{month}'")
            files += catalogue.register(database, [written])
        catalogue.publish_version(database, {"touches": files}, reason="events")

def asked(day):
    end = FIRST + timedelta(days=day)
    with operating():
        scope = scope_of(organisations.visible_organisations())
        session = opened(scope)
        begun = time.process_time()
        found = answering._answered(
            session, scope, Question(period=Period(end - timedelta(days=29), end)))
        return time.process_time() - begun, found

publish(0, DAYS)
asked(DAYS - 1)
new, whole = [], []
for day in range(DAYS, DAYS + TURNS):
    publish(day, day + 1)
    cost, kept = asked(day)
    ground.forget_all()
    again, full = asked(day)
    assert kept.rests == full.rests
    for name, credit in full.credits.items():
        assert abs(credit.value - kept.credits[name].value).max() < 1e-6 * credit.value.sum()
    new.append(cost)
    whole.append(again)
print(json.dumps([new, whole]))
"""


def run() -> Iterator[Line]:
    with home() as folder:
        done = subprocess.run(
            [sys.executable, "-c", _MEASURE, str(TOUCHES), str(TURNS)], env=environment(folder),
            check=True, capture_output=True, text=True,
        )  # fmt: skip
    new, whole = (sorted(one)[TURNS // 2] for one in json.loads(done.stdout.splitlines()[-1]))
    yield Line(
        f"the page of attribution once a day more is published ({TOUCHES / 1e6:g} M touches in 60 "
        "days, a question of 30) / all of it anew",
        f"{new / whole:.0%} ({new:.2f} s / {whole:.2f} s)",
        f"at most {MOST:.0%}",
        new / whole <= MOST,
    )
