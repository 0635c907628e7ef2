"""Keeps the warehouse tidy: compaction, cleaning, interrupted imports, and what the doctor asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from regie.apps.access.context import operating
from regie.apps.connections import storage
from regie.apps.connections.importing import RUNNING_LOCK
from regie.apps.connections.models import Import, State
from regie.kernel import clock
from regie.warehouse import catalogue, sums_kept, upkeep
from regie.warehouse.engine import scratch

KEEP_DAYS = 400


def compact(*, at_least: int = upkeep.MANY_FILES) -> int:
    """Merge small files; figures do not change. Returns how many months were merged."""
    with storage.workplace() as folder, scratch(folder) as engine, transaction.atomic():
        database = connection.connection
        catalogue.lock_for_publishing(database)
        return upkeep.compact(database, storage.lake(), engine, at_least=at_least)


def clean(*, keep_days: int = KEEP_DAYS, grace_s: int = upkeep.GRACE_S) -> int:
    """Forget files that nobody needs, remove those forgotten before. Returns how many went."""
    lake = storage.lake()
    with operating():
        since = clock.now() - timedelta(days=keep_days)
        gone = upkeep.forget_files(connection.connection, keep_since=since)
    # From now on nobody can come to them; who has just come may still be reading, so that they
    # go only after the grace, as strays.
    for path in gone:
        lake.touch(path)
    with operating():
        stray = upkeep.strays(connection.connection, lake, grace_s=grace_s)
    for path in stray:
        lake.remove(path)
    return len(stray) + storage.sweep(_kept_inputs(), grace_s=grace_s)


def _kept_inputs() -> set[str]:
    with operating():
        return set(Import.objects.values_list("raw_path", flat=True))


def mark_interrupted() -> list[int]:
    """Imports whose process died are marked as failed. Returns their numbers."""
    with operating():
        found = _interrupted()
        for record in found:
            record.state = State.FAILED
            record.finished_at = clock.now()
            record.save(update_fields=["state", "finished_at"])
    return [record.pk for record in found]


def _interrupted() -> list[Import]:
    """Begun, not finished, and nobody holds its lock."""
    begun = Import.objects.filter(state=State.RUNNING, progress__gt=0).order_by("pk")
    return [record for record in begun if _is_free(record)]


def _is_free(record: Import) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(%s, %s)", [RUNNING_LOCK, record.pk % 2**31]
        )
        row = cursor.fetchone()
    record.refresh_from_db(fields=["state"])  # it may have ended since it was read
    return bool(row and row[0]) and record.state == State.RUNNING


@dataclass(frozen=True)
class Consistency:
    files: int
    missing: list[str]
    damaged: list[str]
    strays: list[str]
    interrupted: list[int]
    waiting: list[int]
    differing: list[str]  # sums that are not those of the facts: "performance_by_account 2026-09"


def sum_again() -> int:
    """Make the sums kept beside the facts anew; the facts do not change. Returns the version."""
    with storage.workplace() as folder, scratch(folder) as engine, transaction.atomic():
        database = connection.connection
        catalogue.lock_for_publishing(database)
        return sums_kept.sum_again(database, storage.lake(), engine)


def check_consistency() -> Consistency:
    """Compare every published file with its digest, the lake with the catalogue, and the sums
    of the latest months with their facts."""
    lake = storage.lake()
    with operating():
        interrupted = [record.pk for record in _interrupted()]
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
    return Consistency(
        len(named), missing, damaged, strays, interrupted, waiting, _differing_sums()
    )  # fmt: skip


def _differing_sums() -> list[str]:
    with storage.workplace() as folder, scratch(folder) as engine, operating():
        now = catalogue.snapshot(connection.connection)
        catalogue.pin(connection.connection, now.version)
        found = sums_kept.differing(now, storage.lake(), engine)
    return [f"{rollup} {month:%Y-%m}" for rollup, month in found]
