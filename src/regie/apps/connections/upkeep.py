"""Keeps the warehouse tidy: compaction, cleaning, interrupted imports, and what the doctor asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction

from regie.apps.access.context import operating
from regie.apps.connections import storage
from regie.apps.connections.importing import RUNNING_LOCK
from regie.apps.connections.models import Import, State
from regie.kernel import clock
from regie.warehouse import catalogue, upkeep
from regie.warehouse.engine import scratch

KEEP_DAYS = 400


def compact(*, at_least: int = upkeep.MANY_FILES) -> int:
    """Merge small files; figures do not change. Returns how many months were merged."""
    with storage.workplace() as folder, scratch(folder) as engine, transaction.atomic():
        database = connection.connection
        catalogue.lock_for_publishing(database)
        return upkeep.compact(database, storage.lake(), engine, at_least=at_least)


def clean(*, keep_days: int = KEEP_DAYS, grace_s: int = upkeep.GRACE_S) -> int:
    """Remove files that nobody needs. Returns how many."""
    lake = storage.lake()
    with operating():
        since = clock.now() - timedelta(days=keep_days)
        gone = upkeep.forget_files(connection.connection, keep_since=since)
    # Only what is committed may go: a kill between the two leaves strays, found the next time.
    for path in gone:
        lake.remove(path)
    with operating():
        stray = upkeep.strays(connection.connection, lake, grace_s=grace_s)
    for path in stray:
        lake.remove(path)
    return len(gone) + len(stray)


def mark_interrupted() -> list[int]:
    """Imports whose process died are marked as failed. Returns their numbers."""
    found = []
    with operating():
        for record in Import.objects.filter(state=State.RUNNING):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_try_advisory_xact_lock(%s, %s)", [RUNNING_LOCK, record.pk % 2**31]
                )
                row = cursor.fetchone()
            started = clock.now() - record.created_at > timedelta(seconds=1)
            if row and row[0] and record.progress > 0 and started:
                record.state = State.FAILED
                record.finished_at = clock.now()
                record.save(update_fields=["state", "finished_at"])
                found.append(record.pk)
    return found


@dataclass(frozen=True)
class Consistency:
    files: int
    missing: list[str]
    damaged: list[str]
    strays: list[str]
    interrupted: list[int]
    waiting: list[int]


def check_consistency() -> Consistency:
    """Compare every published file with its digest, and the lake with the catalogue."""
    lake = storage.lake()
    with operating():
        interrupted = [
            record.pk for record in Import.objects.filter(state=State.RUNNING, progress__gt=0)
        ]
        waiting = [record.pk for record in Import.objects.filter(state=State.ASKS)]
        with connection.cursor() as cursor:
            cursor.execute("SELECT path, digest FROM warehouse_file ORDER BY id")
            named = cursor.fetchall()
        strays = upkeep.strays(connection.connection, lake, grace_s=upkeep.GRACE_S)
    missing, damaged = [], []
    for path, digest in named:
        if not (lake.root / path).exists():
            missing.append(path)
        elif lake.digest(path) != digest:
            damaged.append(path)
    return Consistency(len(named), missing, damaged, strays, interrupted, waiting)


def home() -> str:
    return str(settings.HOME)
