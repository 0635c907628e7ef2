"""After an erasure or a correction: the database's own files forget too what stood there before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import connection

from regie.apps.access.context import operating
from regie.apps.identity.models import PersonRequest
from regie.kernel import clock
from regie.postgres import sweeping

CHANGING: Final = ("erasure", "rectification")


def sweep_requests() -> None:
    """Sweep once for all requests that are done and wait for it; those of later wait on.

    What cannot be swept now, since somebody reads what was before, is tried again by ``take_up``.
    """
    if connection.in_atomic_block:
        return  # what is not committed still stands for everybody else
    with operating():
        waiting: Sequence[int] = list(
            PersonRequest.objects.filter(
                kind__in=CHANGING, done_at__isnull=False, swept_at__isnull=True
            ).values_list("pk", flat=True)
        )
    if not waiting:
        return
    swept = sweeping.sweep()
    if swept.tables:
        with operating():
            PersonRequest.objects.filter(pk__in=waiting).update(
                swept_at=clock.now(), is_log_swept=swept.log
            )
