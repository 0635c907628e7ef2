"""Files that a person uploads: kept now, imported by the worker."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.core.files.uploadedfile import TemporaryUploadedFile
from procrastinate.contrib.django import app

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
    # By name: pages and the worker stand on one floor and don't know one another.
    task = app.configure_task("connections.import_batch", queue="imports")
    task.defer(batch=batch, user_id=actor.pk)
    return batch
