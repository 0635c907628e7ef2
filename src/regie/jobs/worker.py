"""The worker: takes queued work, one heartbeat a second, until a signal stops it."""

from __future__ import annotations

from procrastinate.contrib.django import app

HEARTBEAT_S = 5.0
STALLED_AFTER_S = 3 * HEARTBEAT_S


def work(*, concurrency: int = 1) -> None:
    """Run jobs until SIGINT or SIGTERM. A job whose worker died is run again."""
    with app.replace_connector(app.connector.get_worker_connector()) as running:  # type: ignore[attr-defined]
        running.run_worker(
            concurrency=concurrency,
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=STALLED_AFTER_S,
            install_signal_handlers=True,
        )
