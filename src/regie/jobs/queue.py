"""The port through which pages queue work, by name, in the transaction of the request."""

from __future__ import annotations

from procrastinate.contrib.django import app


def queue_import(*, batch: str, user_id: int) -> None:
    app.configure_task("connections.import_batch", queue="imports").defer(
        batch=batch, user_id=user_id
    )
