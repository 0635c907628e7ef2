"""Files that a person uploads: kept now, imported by the worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile

from regie.apps.accounts.models import User
from regie.apps.connections import services
from regie.apps.connections.services import Options
from regie.apps.organisations.models import Organisation


def take(
    *,
    actor: User,
    organisation: Organisation,
    files: Sequence[TemporaryUploadedFile],
    options: Options,
) -> str:
    """Keep ``files`` and queue their import in the transaction of the request; the batch."""
    batch = services.receive(
        actor=actor,
        organisation=organisation,
        files=[(Path(file.temporary_file_path()), file.name or "") for file in files],
        options=options,
    )
    services.queue_batch(batch, actor)
    return batch


def take_again(*, actor: User, import_id: int, said: Mapping[str, Any]) -> int:
    """Queue the same kept file with what was ``said``; the number of the new import."""
    again = services.receive_again(actor=actor, import_id=import_id, said=said)
    services.queue_batch(again.batch, actor)
    return int(again.pk)
