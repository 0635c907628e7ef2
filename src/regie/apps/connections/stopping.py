"""Stops an import that a person no longer wants: before it begins, or in the middle of a query.

Nothing is published before the last step, so that whatever was read until then leaves no trace.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from regie.apps.access import policies
from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.connections.context import context_of
from regie.apps.connections.models import Import, State
from regie.domain.privacy.masking import without_addresses
from regie.ingestion.files.refusal import UnreadableFile
from regie.kernel import clock
from regie.kernel.errors import NotFound, Refused
from regie.kernel.i18n import _, say
from regie.warehouse.engine import Engine, failure, was_interrupted

LONG = 8 << 20  # bytes: what is shorter is over before anybody could press a button
LOOKS_EVERY_S = 0.5


class Stopped(UnreadableFile):
    """Somebody asked for it; nothing was taken."""

    code = "stopped"

    def __init__(self) -> None:
        super().__init__(_("This import was stopped on request. Nothing was taken."))


def ask_to_stop(*, actor: User | None, import_id: int) -> Import:
    """Raises ``NotFound`` for a hidden import, ``Refused`` for one that is over already."""
    with context_of(actor):
        record = Import.objects.select_for_update().filter(pk=import_id).first()
        if record is None:
            raise NotFound(say(_("There is no import {number}."), number=import_id))
        policies.check_can_import(actor=actor, organisation=record.organisation)
        if record.state != State.RUNNING:
            raise Refused(
                say(_("Import {number} is over: there is nothing to stop."), number=import_id),
                hint=_("What it published can be undone."),
            )
        record.stop_asked = True
        if record.progress == 0:  # nobody works on it yet
            record.state, record.finished_at = State.STOPPED, clock.now()
            record.question = Stopped().sentence.to_json()
        record.save(update_fields=["stop_asked", "state", "finished_at", "question"])
        audit.record(
            organisation_id=record.organisation_id,
            action="connections.import_stopped",
            actor_id=actor.pk if actor else None,
            actor=str(actor) if actor else audit.OPERATOR,
            import_id=record.pk,
            file=without_addresses(record.file_name),
        )
    return record


@contextmanager
def stoppable(record: Import, engine: Engine, actor: User | None) -> Iterator[Callable[[], None]]:
    """Raises ``Stopped`` at the end of the step, or in its middle where the file is large.

    There the engine is interrupted; work that is not the engine's calls what this yields.
    """
    over, asked = threading.Event(), threading.Event()
    watch = threading.Thread(
        target=_watch, args=(record.pk, engine, actor, over, asked), daemon=True
    )
    if record.bytes >= LONG:
        watch.start()

    def check() -> None:
        if asked.is_set():
            raise Stopped

    try:
        yield check
    except (failure(), OSError) as problem:
        if was_interrupted(problem):
            raise Stopped from problem
        raise
    finally:
        over.set()
        if watch.is_alive():
            watch.join()
    if _is_asked(record.pk, actor):
        raise Stopped


def _watch(
    number: int,
    engine: Engine,
    actor: User | None,
    over: threading.Event,
    asked: threading.Event,
) -> None:
    try:
        while not over.wait(LOOKS_EVERY_S):
            if _is_asked(number, actor):
                asked.set()
                engine.interrupt()
    finally:
        connection.close()


def _is_asked(number: int, actor: User | None) -> bool:
    with context_of(actor):
        return Import.objects.filter(pk=number, stop_asked=True).exists()
