"""Publishes what the collector heard: every acknowledged event once, in one transaction.

How far each journal was read is written in the transaction that publishes what was read. After a
kill either both stand or neither does, so that nothing is lost and nothing counts twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import connection

from regie.apps.access.context import operating
from regie.apps.beneficiaries import services as beneficiaries
from regie.apps.tracking import knowing, leading, redeeming, states, used
from regie.apps.tracking.identifying import identify, withdrawing
from regie.apps.tracking.models import ConsentLine, JournalRead, Redemption
from regie.domain.facts import EVENTS
from regie.ingestion.collected import journal
from regie.ingestion.collected.deriving import DERIVED
from regie.ingestion.collected.reading import Event, Known, read_event
from regie.kernel import clock
from regie.postgres.home import regie_home
from regie.warehouse import appending, catalogue, home
from regie.warehouse.engine import Engine, scratch

ONE_AT_A_TIME = 7_004
MOST = 200_000  # records of one publication
_ARROW = {"BIGINT": pa.int64(), "DATE": pa.date32(), "VARCHAR": pa.string(),
          "TIMESTAMP": pa.timestamp("us"), "BOOLEAN": pa.bool_(),
          "DECIMAL(20,9)": pa.decimal128(20, 9)}  # fmt: skip
_SCHEMA = pa.schema([(name, _ARROW[type_]) for name, type_ in EVENTS.schema.items()])


@dataclass(frozen=True)
class PublishedEvents:
    """``duplicates`` had been counted before. ``is_behind`` says that more waits."""

    events: int = 0
    duplicates: int = 0
    version: int | None = None
    is_behind: bool = False


def journal_folder() -> Path:
    return regie_home() / "collector" / "journal"


def publish_events(*, most: int = MOST) -> PublishedEvents:
    """Publish what stands in the journals, ``most`` records at a time; safe to call at any time."""
    with home.workplace() as folder, scratch(folder) as engine, operating():
        _lock()
        known = knowing.load()
        stretches = _read(most)
        records = [record for one in stretches.values() for record in one.records]
        read = (read_event(record, known) for record in records)
        events = _redemptions(_without_repeats(one for one in read if one is not None), known)
        result = _publish(events, engine) if events else PublishedEvents()
        _note(stretches, result)
    return PublishedEvents(result.events, result.duplicates, result.version, len(records) >= most)


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [ONE_AT_A_TIME])


def _read(most: int) -> dict[str, journal.Stretch]:
    """What each journal holds beyond what was published of it."""
    until = dict(JournalRead.objects.values_list("name", "until"))
    found: dict[str, journal.Stretch] = {}
    for path in journal.journals(journal_folder()):
        start = until.get(path.name, 0)
        if path.stat().st_size > start and most > 0:
            found[path.name] = journal.read(path, start, most=most)
            most -= len(found[path.name].records)
    return found


def _note(stretches: dict[str, journal.Stretch], result: PublishedEvents) -> None:
    duplicates = result.duplicates
    for name, one in stretches.items():
        known, _created = JournalRead.objects.get_or_create(
            name=name, defaults={"read_at": clock.now()}
        )
        known.until, known.read_at = one.end, clock.now()
        known.records += len(one.records)
        known.duplicates += duplicates
        duplicates = 0
        known.save()


def _without_repeats(events: Iterable[Event]) -> list[Event]:
    seen: dict[tuple[int, str], Event] = {}
    for event in events:
        seen.setdefault((event.organisation, event.row["event_id"]), event)
    return list(seen.values())


def _redemptions(events: Sequence[Event], known: Known) -> list[Event]:
    """Settle codes that servers and orders name; each is known by its event."""
    kept = [one for event in events for one in used.settled(event)]
    return kept + _settled_by_people(known)


def _settled_by_people(known: Known) -> list[Event]:
    """Codes taken at the till, on our own page: they wait in their table to become facts."""
    waiting = Redemption.objects.filter(is_published=False).select_related("code", "organisation")
    events = [
        leading.redemption_event(one, redeeming.account(one.organisation))
        for one in waiting if one.code is not None
    ]  # fmt: skip
    waiting.update(is_published=True)
    return events


def _publish(events: list[Event], engine: Engine) -> PublishedEvents:
    devices = identify(events) | withdrawing(events)
    rows = [dict.fromkeys(EVENTS.schema) | _OURS | event.row for event in events]
    database = connection.connection
    catalogue.lock_for_publishing(database)
    rows += states.that_waited(rows, engine)
    states.date_states(rows, engine)
    # Registered for the statement that follows: the engine reads it where it lies.
    engine.register("incoming", pa.Table.from_pylist(rows, schema=_SCHEMA))
    appended = appending.append(database, home.lake(), engine, derived=DERIVED)
    if appended is None:
        return PublishedEvents(0, len(events))
    fresh = {(row[0], row[1]) for row in appended.fresh}
    new = [one for one in events if (one.organisation, one.row["event_id"]) in fresh]
    _keep_consents(new, devices)
    leading.keep_sources(new, engine, appended.events)
    told = [one.row for one in new if one.row.get("campaign") or one.row.get("location")]
    if told:
        beneficiaries.assign_again({row["asset_key"] for row in told})
    return PublishedEvents(len(new), len(events) - len(new), appended.version)


_OURS: dict[str, Any] = {"import_id": 0, "origin": "collector", "provisional": False}


def _keep_consents(events: Sequence[Event], devices: dict[str, int]) -> None:
    ConsentLine.objects.bulk_create(
        [
            ConsentLine(
                organisation_id=event.organisation, device_id=devices.get(event.row["event_id"]),
                site_id=event.consent["site"], is_granted=event.consent["is_granted"],
                purposes=event.consent["purposes"], text=event.consent["text"],
                at=event.row["happened_at"].replace(tzinfo=clock.now().tzinfo),
                event_id=event.row["event_id"],
            )
            for event in events
            if event.consent is not None
        ],
        ignore_conflicts=True,
    )  # fmt: skip
