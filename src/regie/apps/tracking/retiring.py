"""What may be kept no longer goes: events after 25 months, devices after 13, journals in days.

Counts by day stay: they are of nobody. Each night's work leaves a line in the journal of every
organisation that it concerns, with what went and until when: the proof that it was done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from regie.apps.access.context import operating
from regie.apps.audit import services as audit
from regie.apps.tracking.models import Identifier, JournalRead
from regie.apps.tracking.publishing import journal_folder
from regie.domain.facts import EVENTS, TOUCHES
from regie.ingestion.collected.journal import is_open, journals
from regie.kernel import clock
from regie.kernel.periods import month_end
from regie.postgres.home import regie_home
from regie.warehouse import catalogue, home, thinning
from regie.warehouse.engine import scratch
from regie.warehouse.lake import reading

EVENTS_MONTHS = 25
DEVICE_MONTHS = 13  # from the first visit on: a later one does not prolong it
JOURNAL_DAYS = 7
VERSIONS_DAYS = 2


@dataclass(frozen=True)
class Retired:
    events: int
    identifiers: int
    journals: int


def retire(*, now: datetime | None = None) -> Retired:
    """Take away what has had its time at ``now``. The same call again finds nothing to do."""
    moment = now or clock.now()
    with operating():
        catalogue.lock_for_publishing(connection.connection)
        events, paths = _events(_months_before(moment.date(), EVENTS_MONTHS))
        identifiers = _identifiers(moment)
        for organisation in sorted({*events, *identifiers}):
            audit.record(
                organisation_id=organisation, action="tracking.retired",
                events=events.get(organisation, 0), identifiers=identifiers.get(organisation, 0),
                events_until=_months_before(moment.date(), EVENTS_MONTHS).isoformat(),
            )  # fmt: skip
        thinning.thin(connection.connection, before=moment - timedelta(days=VERSIONS_DAYS))
    for path in paths:
        home.lake().remove(path)
    _salts(moment.date())
    return Retired(sum(events.values()), sum(identifiers.values()), _journals(moment))


def _events(until: date) -> tuple[dict[int, int], list[str]]:
    """Whole months of events that ended before ``until``: out of every version, and of the disk."""
    database = connection.connection
    tables = catalogue.snapshot(database)
    current = tables.files(EVENTS.name)
    old = [file for file in current if month_end(file.month) < until]
    if not old:
        return {}, []
    with home.workplace() as folder, scratch(folder) as engine:
        relation = reading([home.lake().absolute(file.path) for file in old], EVENTS.schema)
        counted = dict(
            engine.execute(
                f"SELECT organisation_id, count(*) FROM {relation} GROUP BY organisation_id"
            ).fetchall()
        )
    # Touches name visitors as events do, and go with them.
    gone_months = sorted({file.month for file in old})
    kept = {
        name: [file for file in tables.files(name) if file.month not in gone_months]
        for name in (EVENTS.name, TOUCHES.name)
    }
    catalogue.publish_version(database, kept, reason="retirement of events")
    gone = database.execute(
        "DELETE FROM warehouse_file WHERE table_name = ANY (%s) AND month = ANY (%s) "
        "RETURNING path",
        (list(kept), gone_months),
    ).fetchall()
    return counted, [path for (path,) in gone]


def _identifiers(moment: datetime) -> dict[int, int]:
    """Devices by their first visit, all others by their last."""
    devices = Identifier.objects.filter(
        kind="device", first_seen__lt=_moment_before(moment, DEVICE_MONTHS)
    )
    others = Identifier.objects.exclude(kind="device").filter(
        last_seen__lt=_moment_before(moment, EVENTS_MONTHS)
    )
    counted: dict[int, int] = {}
    for found in (devices, others):
        for organisation in found.values_list("organisation_id", flat=True):
            counted[organisation] = counted.get(organisation, 0) + 1
        found.delete()
    return counted


def _journals(moment: datetime) -> int:
    """Journals of which all is published, that nobody appends to."""
    with operating():
        until = dict(JournalRead.objects.values_list("name", "until"))
    gone = 0
    oldest = (moment - timedelta(days=JOURNAL_DAYS)).timestamp()
    for path in journals(journal_folder()):
        status = path.stat()
        done = until.get(path.name, 0) >= status.st_size
        if done and status.st_mtime < oldest and not is_open(path):
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _salts(today: date) -> None:
    for path in (regie_home() / "collector" / "salts").glob("????-??-??"):
        if path.name < (today - timedelta(days=1)).isoformat():
            path.unlink(missing_ok=True)


def _months_before(day: date, months: int) -> date:
    place = day.year * 12 + day.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def _moment_before(moment: datetime, months: int) -> datetime:
    first = _months_before(moment.date(), months)
    days = min(moment.day, month_end(first).day)
    return moment.replace(year=first.year, month=first.month, day=days)
