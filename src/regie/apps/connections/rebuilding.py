"""Rebuilds the warehouse from the kept inputs: every published file read again, in its order.

Nothing of the lake is needed for it, and readers see the old facts until the new ones are
published, all at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db import connection

from regie.apps.access.context import operating
from regie.apps.beneficiaries import services as beneficiaries
from regie.apps.connections import storage
from regie.apps.connections.book import Book
from regie.apps.connections.doubled import settle_doubles
from regie.apps.connections.importing import is_history, know_names
from regie.apps.connections.models import Import, State
from regie.apps.connections.outcome import plain_totals
from regie.apps.connections.receiving import Options
from regie.domain.facts import ENTITIES, EVENTS, TABLES
from regie.domain.privacy.masking import without_addresses
from regie.ingestion import history, orphans
from regie.ingestion.collected.deriving import DERIVED
from regie.ingestion.pipeline import FileRead, Prepared, prepare, read_file
from regie.kernel.errors import Refused
from regie.kernel.i18n import _, say
from regie.warehouse import catalogue
from regie.warehouse.appending import restate
from regie.warehouse.catalogue import Snapshot
from regie.warehouse.engine import Engine, scratch
from regie.warehouse.lake import reading
from regie.warehouse.publish import Assembly
from regie.warehouse.rollups import ROLLUPS


@dataclass(frozen=True)
class Rebuilt:
    """``differing``: imports whose totals are no longer those of the first reading."""

    imports: int
    differing: list[int]


def rebuild() -> Rebuilt:
    """Raises ``Refused``, and changes nothing, where a kept input cannot be read."""
    with storage.workplace() as folder, scratch(folder) as engine, operating():
        database = connection.connection
        catalogue.lock_for_publishing(database)
        assembly = Assembly(database, storage.lake(), engine, Snapshot(0, None, {}))
        count, differing = 0, []
        for together in _in_order():
            for record, prepared in _read_again(together, assembly):
                count += 1
                _replace(assembly, record, prepared, engine)
                if not _says_the_same(record, plain_totals(prepared.totals)):
                    differing.append(record.pk)
        _keep_events(assembly, engine)
        assembly.publish("rebuild from kept inputs", empty=(*TABLES, *ROLLUPS))
        settle_doubles(engine)
        beneficiaries.assign_again()
    return Rebuilt(count, differing)


def _says_the_same(record: Import, totals: dict[str, dict[str, str]]) -> bool:
    """What the file was known to say, it says still; what was not followed then is told now."""
    if any(totals.get(name) != known for name, known in record.totals.items()):
        return False
    if totals != record.totals:
        Import.objects.filter(pk=record.pk).update(totals=totals)
    return True


def _keep_events(assembly: Assembly, engine: Engine) -> None:
    """Events are no import: their files stay, and what follows from them is derived again.

    Of months whose events have had their time, what followed from them is copied.
    """
    database, lake = connection.connection, storage.lake()
    current = catalogue.snapshot(database)
    events = current.files(EVENTS.name)
    there = {file.month for file in events}
    for table in DERIVED:
        for month in sorted({file.month for file in current.files(table)} - there):
            paths = [lake.absolute(file.path) for file in current.files(table, [month])]
            rows = (
                f"SELECT * FROM {reading(paths, TABLES[table].schema)} WHERE origin = 'collector'"
            )
            written = lake.write(engine, table, month, rows)
            assembly.replace([], catalogue.register(database, [written] if written else []))
    assembly.replace([], events)
    for month in sorted({file.month for file in events}):
        paths = [lake.absolute(file.path) for file in events if file.month == month]
        engine.execute(
            "CREATE OR REPLACE TEMP TABLE days AS SELECT DISTINCT asset_key, date "
            f"FROM {reading(paths, EVENTS.schema)}"
        )
        restate(database, lake, engine, assembly, DERIVED)


def _in_order() -> list[list[Import]]:
    """Imports that facts come from, as they were published; those of one call side by side."""
    states = (State.PUBLISHED, State.SUPERSEDED)
    found = Import.objects.filter(state__in=states).select_related("organisation")
    ordered = found.exclude(file_ids=[]).order_by("version", "pk")
    return [list(group) for _key, group in groupby(ordered, lambda r: (r.version, r.batch))]


def _replace(assembly: Assembly, record: Import, prepared: Prepared, engine: Engine) -> None:
    stored = catalogue.register(connection.connection, prepared.files)
    windows = [one for one in prepared.windows if not one.import_id]
    if record.withdrawn:
        windows = [one for one in windows if one.asset_key not in record.withdrawn]
        assembly.replace(windows, _counting(record, stored, engine))
    else:
        assembly.replace(windows, stored)
    # The version stays: it says where in the order of publications this import stands.
    Import.objects.filter(pk=record.pk).update(
        file_ids=[file.id for file in stored],
        windows=[window.to_json() for window in prepared.windows],
    )


def _counting(
    record: Import, stored: Sequence[catalogue.StoredFile], engine: Engine
) -> list[catalogue.StoredFile]:
    """Of files of ``record``, what still counts: without the accounts that were taken back."""
    lake, keys = storage.lake(), ", ".join(str(int(one)) for one in record.withdrawn)
    written = []
    for file in stored:
        relation = reading([lake.absolute(file.path)], TABLES[file.table].schema)
        rows = f"SELECT * FROM {relation} WHERE asset_key NOT IN ({keys})"
        if (one := lake.write(engine, file.table, file.month, rows)) is not None:
            written.append(one)
    return catalogue.register(connection.connection, written)


def _read_again(records: Sequence[Import], assembly: Assembly) -> Iterator[tuple[Import, Prepared]]:
    numbers = {number for record in records for number in record.companions}
    companions = Import.objects.filter(pk__in=numbers - {record.pk for record in records})
    everything = [*records, *companions.select_related("organisation").order_by("pk")]
    with storage.workplace() as folder, scratch(folder) as engine:
        read = {record.pk: _read(record, everything, engine) for record in everything}
        tables = [table for one in read.values() for table in one.tables]
        history.load([t for one in read.values() if is_history(one) for t in one.tables], engine)
        orphans.flag(tables, engine)
        for record in records:
            know_names(engine, record.organisation, read[record.pk], assembly.files(ENTITIES.name))
            yield record, _prepare(record, read[record.pk], engine)


def _read(record: Import, beside: Sequence[Import], engine: Engine) -> FileRead:
    raw = storage.raw_folder()
    if not (raw / record.raw_path).is_file():
        raise _unreadable(record, say(_("Its kept input is missing.")))
    read = read_file(
        raw / record.raw_path, record.file_name, Options(**record.options).answers(), engine,
        default_zone=record.organisation.time_zone,
        beside=[raw / other.raw_path for other in beside if other.pk != record.pk],
    )  # fmt: skip
    if read.problem is not None:
        raise _unreadable(record, read.problem.sentence)
    return read


def _prepare(record: Import, read: FileRead, engine: Engine) -> Prepared:
    return prepare(
        read,
        answers=Options(**record.options).answers(),
        import_id=record.pk,
        organisation_id=record.organisation_id,
        imported_on=record.created_at.date(),
        engine=engine,
        lake=storage.lake(),
        book=Book(None, record.organisation, before=record),
        completes=record.completes_id is not None,
    )


def _unreadable(record: Import, why: object) -> Refused:
    return Refused(
        say(
            _("Import {number} ({file}) cannot be read again: {why} Nothing was rebuilt."),
            number=record.pk,
            file=without_addresses(record.file_name),
            why=str(why),
        ),
        hint=_("Restore the folder of kept inputs from a backup, or undo this import."),
    )
