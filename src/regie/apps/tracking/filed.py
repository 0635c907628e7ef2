"""Codes that orders of files name: their uses follow from the orders as they stand.

Nothing is pushed when a file comes in: uses are derived from the orders that are published, again
whenever these, the codes or what else is told of codes have changed. So a file that is sent twice,
replaced or taken back leaves the uses that its orders have, and a code that somebody registers
later finds its orders. Of single-use codes it is noted who used them up.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import connection, transaction
from django.db.models import Count, Max, Q

from regie.apps.access.context import operating
from regie.apps.organisations.models import Organisation
from regie.apps.tracking.knowing import origin_of
from regie.apps.tracking.models import PromoCode, Redemption
from regie.apps.tracking.redeeming import (
    last_day,
    lineage,
    nearest,
    outside_its_days,
    used,
)
from regie.domain.facts import ORDERS
from regie.domain.traffic.codes import fold, several
from regie.ingestion.collected.filed import FILED, FOLLOWS, NAMING, named, uses
from regie.postgres.home import regie_home
from regie.warehouse import catalogue, home
from regie.warehouse.catalogue import Snapshot
from regie.warehouse.engine import Engine, scratch
from regie.warehouse.lake import reading
from regie.warehouse.publish import Assembly
from regie.warehouse.settling import settle_rows
from regie.warehouse.twice import left_aside

# Counts up whenever what follows from the same orders and codes becomes something else.
RULES = 1
REASON = "codes of orders in files"
_MATCHED = pa.schema([
    ("organisation_id", pa.int64()), ("promo_code", pa.string()), ("typed", pa.string()),
    ("folded", pa.string()), ("code_id", pa.int64()), ("is_single", pa.bool_()),
    ("is_spent", pa.bool_()), ("starts", pa.date32()), ("ends", pa.date32()),
    ("channel", pa.string()), ("source", pa.string()), ("medium", pa.string()),
    ("campaign", pa.string()),
])  # fmt: skip
_TOLD = pa.schema([
    ("organisation_id", pa.int64()), ("order_id", pa.string()), ("folded", pa.string()),
    ("date", pa.date32()),
])  # fmt: skip


@dataclass(frozen=True)
class Stamp:
    """``orders`` are the files of orders; ``rest`` is the same for the same codes, uses told by
    others, organisations and choices."""

    rest: str
    orders: tuple[str, ...]


def settle_files() -> bool:
    """Bring the uses of codes up to date with the orders of files; safe to call at any time.

    Returns whether any changed.
    """
    with operating():
        if not PromoCode.objects.exists():
            return False
        if _noted() == _stamp(catalogue.snapshot(connection.connection)):
            return False
    with home.workplace() as folder, scratch(folder) as engine, operating():
        database = connection.connection
        catalogue.lock_for_publishing(database)
        current = catalogue.snapshot(database)
        stamp = _stamp(current)
        changed = _concerns_codes(engine, _noted(), stamp) and _settle(engine, current)
        transaction.on_commit(lambda: _note(stamp))
    return changed


def _concerns_codes(engine: Engine, before: Stamp, now: Stamp) -> bool:
    """Whether orders that came or went since name codes, or have the number of one that does.

    Orders that we measure come by the minute, and to derive all uses again costs seconds for
    millions of orders.
    """
    paths = [home.lake().absolute(path) for path in before.orders]
    if before.rest != now.rest or not all(Path(path).is_file() for path in paths):
        return True
    gone, new = (
        reading([home.lake().absolute(path) for path in sorted(those)], ORDERS.schema)
        for those in ({*before.orders} - {*now.orders}, {*now.orders} - {*before.orders})
    )
    engine.execute(
        f"CREATE TEMP TABLE news AS (SELECT * FROM {new} EXCEPT ALL SELECT * FROM {gone}) "
        f"UNION ALL (SELECT * FROM {gone} EXCEPT ALL SELECT * FROM {new})"
    )
    every = reading([home.lake().absolute(path) for path in now.orders], ORDERS.schema)
    return engine.execute(
        f"SELECT 1 FROM news WHERE {NAMING} UNION ALL SELECT 1 FROM {every} o "
        f"SEMI JOIN news n USING (organisation_id, order_id) WHERE {NAMING} LIMIT 1"
    ).fetchone() is not None  # fmt: skip


def _settle(engine: Engine, current: Snapshot) -> bool:
    database, lake = connection.connection, home.lake()
    orders = reading(
        [lake.absolute(file.path) for file in current.files(ORDERS.name)], ORDERS.schema
    )
    aside = left_aside(current.counting, ORDERS.name, alias="o")
    engine.execute(f"CREATE TEMP TABLE named AS {named(orders, aside)}")
    engine.register("matched", _matched(engine))
    engine.register("told", _told())
    engine.execute(f"CREATE TEMP TABLE uses AS {uses('named', orders)}")
    assembly = Assembly(database, lake, engine, current)
    changed = [
        settle_rows(database, lake, engine, assembly, table, select("uses"))
        for table, select in FOLLOWS.items()
    ]
    if any(changed):
        assembly.publish(REASON)
    return _keep_single(engine) or any(changed)


def _matched(engine: Engine) -> pa.Table:
    """Which code each text names, for each organisation whose orders name it."""
    known: dict[str, list[PromoCode]] = defaultdict(list)
    for one in PromoCode.objects.all():
        known[one.folded].append(one)
    above = {key: lineage(path) for key, path in Organisation.objects.values_list("pk", "path")}
    spent = set(_of_others().filter(uses_up=True).values_list("code_id", flat=True))
    rows: list[dict[str, Any]] = []
    texts = engine.execute("SELECT DISTINCT organisation_id, promo_code FROM named").fetchall()
    for organisation, text in texts:
        line = above.get(organisation, [])
        for typed in several(text):
            near = [one for one in known[fold(typed)] if one.organisation_id in line]
            code = nearest(near, line)
            if code is not None:
                rows.append(
                    {"organisation_id": organisation, "promo_code": text, "typed": typed,
                     "is_spent": code.pk in spent} | _known(code)
                )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=_MATCHED)


def _known(code: PromoCode) -> dict[str, Any]:
    came = origin_of(code)
    return {
        "folded": code.folded, "code_id": code.pk, "is_single": code.is_single_use,
        "starts": code.starts_on, "ends": last_day(code), "channel": came.channel or None,
        "source": came.source or None, "medium": came.medium or None,
        "campaign": came.campaign or None,
    }  # fmt: skip


def _of_others() -> Any:
    """Uses that the till, a server or a measured order told of."""
    return Redemption.objects.exclude(event_id__startswith=FILED)


def _told() -> pa.Table:
    found = _of_others().exclude(order_id="").filter(code__isnull=False)
    rows = found.values_list("organisation_id", "order_id", "typed", "at")
    return pa.Table.from_pylist(
        [
            {"organisation_id": organisation, "order_id": order, "folded": fold(typed),
             "date": at.date()}
            for organisation, order, typed, at in rows
        ], schema=_TOLD,
    )  # fmt: skip


def _keep_single(engine: Engine) -> bool:
    """Note who used single-use codes up, and who came too late; let those go that no order says."""
    found = engine.execute(
        "SELECT organisation_id, code_id, typed, happened_at, coalesce(location, ''), order_id, "
        "use_id, NOT (is_outside OR is_used_up), date FROM uses WHERE is_single ORDER BY use_id"
    ).fetchall()
    codes = PromoCode.objects.in_bulk({row[1] for row in found})
    wanted = {row[6]: _record(row, codes[row[1]]) for row in found}
    before = {one.event_id: one for one in Redemption.objects.filter(event_id__startswith=FILED)}
    gone = [one for key, one in before.items() if _other(one, wanted.get(key))]
    Redemption.objects.filter(pk__in=[one.pk for one in gone]).delete()
    kept = before.keys() - {one.event_id for one in gone}
    new = [one for key, one in wanted.items() if key not in kept]
    Redemption.objects.bulk_create(new, batch_size=1_000)
    return bool(gone or new)


def _record(row: Sequence[Any], code: PromoCode) -> Redemption:
    organisation, _code, typed, at, location, order, use, is_accepted, day = row
    reason = None if is_accepted else outside_its_days(code, day) or used(typed)
    return Redemption(
        organisation_id=organisation, code=code, typed=typed[:100], at=at.replace(tzinfo=UTC),
        location=location[:80], order_id=order[:100], event_id=use, is_accepted=is_accepted,
        uses_up=is_accepted, reason=reason.to_json() if reason else {}, actor="",
        is_published=True,
    )  # fmt: skip


def _other(one: Redemption, wanted: Redemption | None) -> bool:
    names = ("organisation_id", "code_id", "typed", "at", "location", "order_id", "is_accepted")
    return wanted is None or any(getattr(one, name) != getattr(wanted, name) for name in names)


def _stamp(current: Snapshot) -> Stamp:
    said = [
        RULES,
        repr(current.counting),
        PromoCode.objects.aggregate(Count("pk"), Max("pk")),
        sorted(PromoCode.objects.exclude(archived_on=None).values_list("pk", "archived_on")),
        _of_others().aggregate(Count("pk"), Max("pk"), up=Count("pk", filter=Q(uses_up=True))),
        sorted(Organisation.objects.values_list("pk", "path")),
    ]
    rest = hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()
    return Stamp(rest, tuple(sorted(file.path for file in current.files(ORDERS.name))))


def _path() -> Path:
    return regie_home() / "collector" / "codes-of-files.json"


def _noted() -> Stamp:
    path = _path()
    if not path.is_file():
        return Stamp("", ())
    noted: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return Stamp(noted.get("rest", ""), tuple(noted.get("orders", ())))


def _note(stamp: Stamp) -> None:
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("w", encoding="utf-8") as file:
        json.dump(asdict(stamp), file)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
