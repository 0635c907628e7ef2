"""The front door of connections: bring files in, take an import back, keep the store tidy."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from regie.apps.accounts.models import User
from regie.apps.connections.context import context_of
from regie.apps.connections.described import forget as forget_table
from regie.apps.connections.described import remember as remember_table
from regie.apps.connections.doubles import merge_double, split_double
from regie.apps.connections.forgetting import (
    Mended,
    mend_imports,
    remove_inputs,
    stray_inputs,
)
from regie.apps.connections.importing import claimed, run_batch, run_batches
from regie.apps.connections.models import Import
from regie.apps.connections.previewing import look_at, preview
from regie.apps.connections.queueing import queue_batch
from regie.apps.connections.rebuilding import Rebuilt, rebuild
from regie.apps.connections.receiving import Options, receive, receive_again
from regie.apps.connections.stopping import ask_to_stop
from regie.apps.connections.storage import lake
from regie.apps.connections.taking_back import let_count_again, take_back
from regie.apps.connections.undoing import undo_import
from regie.apps.connections.upkeep import (
    Consistency,
    check_consistency,
    clean,
    compact,
    mark_interrupted,
    sum_again,
)
from regie.apps.organisations.models import Organisation

MANY_FILES = 8


def import_files(
    *,
    actor: User | None,
    organisation: Organisation,
    files: Sequence[tuple[Path, str]],
    options: Options | None = None,
    completes_id: int | None = None,
) -> list[Import]:
    """Receive and import ``files`` (path and name) now, all together."""
    with ExitStack() as claim:
        with context_of(actor):
            batch = receive(
                actor=actor, organisation=organisation, files=files,
                options=options or Options(), completes_id=completes_id,
            )  # fmt: skip
            # Claimed before anybody can see it: it never looks like one whose process died.
            claim.enter_context(claimed([batch], actor))
        records = run_batch(batch, actor=actor)
    compact(at_least=MANY_FILES)
    return records


__all__ = [
    "Consistency", "Mended", "Options", "Rebuilt", "ask_to_stop", "check_consistency", "clean",
    "compact", "forget_table", "import_files", "lake", "let_count_again", "look_at",
    "mark_interrupted", "mend_imports", "merge_double", "preview", "queue_batch", "rebuild",
    "receive", "receive_again", "remember_table", "remove_inputs", "run_batch", "run_batches",
    "split_double", "stray_inputs", "sum_again", "take_back", "undo_import",
]  # fmt: skip
