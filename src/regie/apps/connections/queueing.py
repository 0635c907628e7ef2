"""Hands kept files to the worker, in the transaction that records that they came."""

from __future__ import annotations

from procrastinate.contrib.django import app

from regie.apps.accounts.models import User


def queue_batch(batch: str, actor: User) -> None:
    """By name: whoever asks and the worker don't know one another."""
    task = app.configure_task("connections.import_batch", queue="imports")
    task.defer(batch=batch, user_id=actor.pk)
