"""Runs a batch of received files: read together, written durably, published in one transaction.

A kill at any moment leaves either nothing of the batch or all of it. A record that stays
"running" without a process behind it is an interrupted import; sending the file again is safe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

from django.db import connection

from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.assets import services as assets
from regie.apps.beneficiaries import services as beneficiaries
from regie.apps.connections import storage
from regie.apps.connections.beside import published_since, tell_owners
from regie.apps.connections.book import Book
from regie.apps.connections.context import context_of
from regie.apps.connections.described import read_described
from regie.apps.connections.doubled import settle_doubles
from regie.apps.connections.models import Import, State
from regie.apps.connections.naming import completing, give_way, take_place, whose
from regie.apps.connections.outcome import Piece, accept, describe, nothing_taken, refuse
from regie.apps.connections.receiving import Options, options_digest
from regie.apps.connections.stopping import Stopped, stoppable
from regie.apps.organisations.models import Organisation
from regie.domain.facts import ENTITIES
from regie.ingestion import history, orphans
from regie.ingestion.files.refusal import UnreadableFile
from regie.ingestion.format import WITHOUT_FACTS
from regie.ingestion.pipeline import (
    Answers,
    FileRead,
    prepare,
    read_file,
)
from regie.kernel import clock
from regie.kernel.i18n import _, say
from regie.warehouse import catalogue
from regie.warehouse.engine import Engine, scratch
from regie.warehouse.familiar import strangers
from regie.warehouse.lake import reading
from regie.warehouse.publish import publish
from regie.warehouse.windows import Window

RUNNING_LOCK = 7_003
BEGUN = 0.01  # somebody works on it; what waits for a worker has made no progress


def run_batch(batch: str, *, actor: User | None) -> list[Import]:
    """Import what was received as ``batch``; returns its records in their order.

    A file that repeats what is published gives back the record of the first time.
    """
    return run_batches([batch], actor=actor)


def run_batches(
    batches: Sequence[str],
    *,
    actor: User | None,
    progress: Callable[[int], None] = lambda files: None,
) -> list[Import]:
    """Import several batches, of any organisations, with one publication for all of them.

    ``progress`` hears how many files have been read. Names and currencies resolve inside a batch.
    """
    with claimed(batches, actor):
        found = [_records(batch, actor) for batch in batches]
        running = [[r for r in records if r.state == State.RUNNING] for records in found]
        if not any(running):
            return [record for records in found for record in records]
        return _run(running, actor, progress)


def _records(batch: str, actor: User | None) -> list[Import]:
    with context_of(actor):
        found = Import.objects.filter(batch=batch).select_related("organisation")
        return list(found.order_by("pk"))


def _run(
    running: list[list[Import]], actor: User | None, progress: Callable[[int], None]
) -> list[Import]:
    with storage.workplace() as folder, scratch(folder) as engine:
        pieces: list[Piece] = []
        for records in filter(None, running):
            pieces += _ready(records, engine, actor)
            progress(len(pieces))
        with context_of(actor):
            _publish(pieces, engine)
    return [piece.repeats or piece.record for piece in pieces]


@contextmanager
def claimed(batches: Sequence[str], actor: User | None) -> Iterator[None]:
    """Locks held by a living import, and by no dead one: PostgreSQL lets go with the process.

    Who comes second waits, and then finds the batch done.
    """
    with context_of(actor):
        mine = Import.objects.filter(batch__in=batches, state=State.RUNNING)
        numbers = sorted(mine.values_list("pk", flat=True))
        mine.filter(progress=0).update(progress=BEGUN, started_at=clock.now())
    _lock("pg_advisory_lock", numbers)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _lock("pg_advisory_unlock", numbers)


def _lock(function: str, numbers: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {function}(%s, n) FROM unnest(%s::integer[]) n",
            [RUNNING_LOCK, [number % 2**31 for number in numbers]],
        )


def _ready(records: list[Import], engine: Engine, actor: User | None) -> list[Piece]:
    """The files of one batch, read together, their facts written."""
    organisation = records[0].organisation
    pieces = [_read(record, records, engine, organisation, actor) for record in records]
    tables = [table for piece in pieces for table in piece.read.tables]
    history.load([one for one in tables if one.table.format.fact == "history"], engine)
    orphans.flag(tables, engine)
    companions = [p.read.digest for p in pieces if is_history(p.read)]
    for piece in pieces:
        _prepare(piece, engine, organisation, actor, companions)
    return pieces


def is_history(read: FileRead) -> bool:
    return read.format is not None and read.format.fact == "history"


def _read(
    record: Import,
    batch: list[Import],
    engine: Engine,
    organisation: Organisation,
    actor: User | None,
) -> Piece:
    answers = Options(**record.options).answers()
    folder = storage.raw_folder()
    beside = [folder / other.raw_path for other in batch if other.pk != record.pk]

    def attempt(answers: Answers) -> FileRead:
        return read_file(
            folder / record.raw_path, record.file_name, answers, engine,
            digest=record.file_digest, default_zone=organisation.time_zone, beside=beside,
            check=check,
        )  # fmt: skip

    try:
        with stoppable(record, engine, actor) as check:
            read = attempt(answers)
            if read.completes and record.completes_id is None:
                with context_of(actor):
                    answers = completing(record, read.completes)
                read = attempt(answers)
            read, answers = read_described(record, read, answers, attempt, actor)
    except Stopped as problem:
        path = folder / record.raw_path
        stopped = FileRead(path, record.file_name, record.file_digest, problem=problem)
        return Piece(record, stopped, answers)
    piece = Piece(record, read, answers)
    if read.format is not None:
        with context_of(actor):
            whose(piece)
    _show_progress(record, 0.5, actor)
    return piece


def _show_progress(record: Import, share: float, actor: User | None) -> None:
    with context_of(actor):
        Import.objects.filter(pk=record.pk).update(progress=share)


def _prepare(
    piece: Piece,
    engine: Engine,
    organisation: Organisation,
    actor: User | None,
    companions: list[str],
) -> None:
    record = piece.record
    options = Options(**{**record.options, "account": piece.answers.account})
    others = [] if is_history(piece.read) else companions
    record.options = asdict(options)
    record.options_digest = options_digest(options, others)
    if piece.read.problem is not None:
        return
    with context_of(actor):
        piece.repeats = _published_before(record, piece.read)
    if piece.repeats is not None:
        return
    with context_of(actor):
        entities = catalogue.snapshot(connection.connection).files(ENTITIES.name)
        know_names(engine, organisation, piece.read, entities)
    try:
        with stoppable(record, engine, actor):
            piece.prepared = prepare(
                piece.read,
                answers=piece.answers,
                import_id=record.pk,
                organisation_id=organisation.pk,
                imported_on=clock.today(),
                engine=engine,
                lake=storage.lake(),
                book=Book(actor, organisation),
                completes=record.completes_id is not None,
            )
            piece.read.problem = piece.prepared.problem
    except UnreadableFile as problem:
        piece.read.problem = problem
    _show_progress(record, 0.9, actor)


def know_names(
    engine: Engine,
    organisation: Organisation,
    read: FileRead,
    entities: Sequence[catalogue.StoredFile],
) -> None:
    """Names of this organisation's entities on the platform, for files that give no ids."""
    lake, platform = storage.lake(), read.format.platform if read.format else ""
    relation = reading([lake.absolute(file.path) for file in entities], ENTITIES.schema)
    history.load_names(engine, relation, assets.keys_of(organisation, platform))


def _published_before(record: Import, read: FileRead) -> Import | None:
    """The same file under the same options, unless others have replaced some of it since."""
    before = Import.objects.filter(
        organisation_id=record.organisation_id,
        file_digest=record.file_digest,
        options_digest=record.options_digest,
        state=State.PUBLISHED,
    ).first()
    if before is None or before.withdrawn:
        return None  # of what was taken back, sending the file again is saying it again
    if not before.windows and read.format and read.format.fact not in WITHOUT_FACTS:
        return None  # it was only counted then, and says something now
    if before.version is None:
        return before
    mine = [Window.from_json(window) for window in before.windows]
    for later in published_since(before):
        theirs = [Window.from_json(window) for window in later.windows]
        if any(a.overlaps(b) and not a.import_id for a in mine for b in theirs):
            return None
    return before


def _publish(pieces: list[Piece], engine: Engine) -> None:
    """One transaction: new versions of all tables, and the record of every file."""
    database = connection.connection
    catalogue.lock_for_publishing(database)
    ready: list[Piece] = []
    for piece in pieces:
        if piece.prepared is not None:
            # Another process may have published the same file while this one was reading it.
            piece.repeats = _published_before(piece.record, piece.read)
        if piece.repeats is not None:
            give_way(piece.record, piece.repeats, engine)
            piece.record.delete()
        elif piece.read.problem is not None:
            refuse(piece)
        elif not _asks(piece, engine):
            ready.append(piece)
    for group in _together(ready):
        _publish_group(group, engine)
    for piece in ready:
        piece.record.companions = _companions(piece, pieces)
        accept(piece)
        take_place(piece.record, engine)
        tell_owners(piece.record, "connections.figures_brought")


def _companions(piece: Piece, pieces: list[Piece]) -> list[int]:
    """Imports whose tables said what the rows of ``piece`` mean."""
    batch = piece.record.batch
    beside = [p for p in pieces if p is not piece and p.record.batch == batch]
    known = [p.repeats or p.record for p in beside if is_history(p.read)]
    return [record.pk for record in known if record.pk is not None]


def _together(pieces: list[Piece]) -> list[list[Piece]]:
    """Pieces that can be published at once: where two speak of the same days, the later waits."""
    groups: list[list[Piece]] = []
    taken: list[Window] = []
    for piece in pieces:
        windows = [w for w in piece.prepared.windows if not w.import_id] if piece.prepared else []
        if not groups or any(a.overlaps(b) for a in windows for b in taken):
            groups.append([])
            taken = []
        groups[-1].append(piece)
        taken += windows
    return groups


def _publish_group(pieces: list[Piece], engine: Engine) -> None:
    database = connection.connection
    files: list[catalogue.StoredFile] = []
    windows: list[Window] = []
    for piece in pieces:
        if piece.prepared is None:
            continue
        stored = catalogue.register(database, piece.prepared.files)
        piece.record.file_ids = [file.id for file in stored]
        files += stored
        windows += [window for window in piece.prepared.windows if not window.import_id]
    if not files:
        return
    published = publish(
        database, storage.lake(), engine, windows=windows, new_files=files,
        reason=f"import {', '.join(str(piece.record.pk) for piece in pieces)}"[:200],
    )  # fmt: skip
    for piece in pieces:
        piece.record.version = published.version
        piece.record.rows_replaced = published.rows_replaced
    told = {w.asset_key for one in pieces if one.prepared for w in one.prepared.windows}
    settle_doubles(engine, told)
    with operating():
        beneficiaries.assign_again(told)  # new campaigns find whom they work for


def _asks(piece: Piece, engine: Engine) -> bool:
    """A file that names no account and speaks of other entities is not taken for the same."""
    prepared = piece.prepared
    if prepared is None or piece.record.completes_id:
        return False
    if prepared.names_account and not piece.from_earlier:
        return False
    found = strangers(
        catalogue.snapshot(connection.connection), storage.lake(), engine, prepared.windows,
        prepared.files,
    )  # fmt: skip
    if found is None:
        return False
    question = say(
        _("This file names no account, and only {again} of the {known} entries already there for "
          "these days come again: is it of another account? Nothing was replaced. Say which "
          "account it is of."),
        again=found[1],
        known=found[0],
    )  # fmt: skip
    describe(piece)
    nothing_taken(piece.record, question)
    piece.record.state = State.ASKS
    piece.record.needs = ["account"]
    piece.record.finished_at = clock.now()
    piece.record.save()
    return True
