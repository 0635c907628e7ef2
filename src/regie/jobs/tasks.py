"""The work that is queued by name. A task is safe to run again: imports publish once."""

from __future__ import annotations

from procrastinate.contrib.django import app


@app.task(name="connections.import_batch", pass_context=False)
def import_batch(batch: str, user_id: int) -> None:
    """Import what ``user_id`` sent as ``batch``."""
    from regie.apps.accounts.models import User
    from regie.apps.connections import services

    services.run_batch(batch, actor=User.objects.get(pk=user_id))
    services.compact(at_least=services.MANY_FILES)


@app.periodic(cron="17 3 * * *")
@app.task(name="connections.tidy")
def tidy(timestamp: int) -> None:
    """Each night: merge small files, forget what nobody needs, mark interrupted imports."""
    from regie.apps.connections import services

    services.mark_interrupted()
    services.compact()
    services.clean()
