"""The work that is queued by name. A task is safe to run again: imports publish once."""

from __future__ import annotations

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from regie.jobs.worker import STALLED_AFTER_S
from regie.kernel import clock

# After 5 seconds, then 25, 2 minutes, 10, 50: a mail server that is down is asked for an hour.
MAIL_AGAIN = RetryStrategy(max_attempts=6, exponential_wait=5)
MANY_SMALL_FILES = 48


@app.task(name="connections.import_batch", pass_context=False)
def import_batch(batch: str, user_id: int) -> None:
    """Import what ``user_id`` sent as ``batch``."""
    from regie.apps.accounts.models import User
    from regie.apps.connections import services
    from regie.apps.tracking import services as tracking

    services.run_batch(batch, actor=User.objects.get(pk=user_id))
    tracking.settle_files()
    services.compact(at_least=services.MANY_FILES)


@app.periodic(cron="17 3 * * *")
@app.task(name="connections.tidy")
def tidy(timestamp: int) -> None:
    """Each night: merge small files, forget what nobody needs or may keep, mark what died."""
    from regie.apps.access.context import operating
    from regie.apps.attribution import services as attribution
    from regie.apps.connections import services
    from regie.apps.identity import services as identity
    from regie.apps.organisations import services as organisations
    from regie.apps.tracking import services as tracking
    from regie.postgres.sweeping import sweep

    services.mark_interrupted()
    if tracking.retire().identifiers:
        sweep()
    tracking.derive_again()
    identity.solve_people()
    attribution.close_months(today=clock.today())
    identity.refresh_followed()
    services.compact()
    services.clean()
    with operating():
        organisations.forget_removed()


class Undelivered(Exception):
    """The mail server did not take it yet; the queue tries again."""


@app.task(name="notifications.deliver", retry=MAIL_AGAIN)
def deliver(mail_id: int) -> None:
    """Send one mail of the outbox."""
    from regie.apps.access.context import operating
    from regie.apps.notifications import services

    with operating():
        done = services.deliver(mail_id)
    if not done:
        raise Undelivered


@app.periodic(cron="* * * * *")
@app.task(name="tracking.publish_events", queueing_lock="tracking.publish_events")
def publish_events(timestamp: int) -> None:
    """Each minute: what the collector heard becomes facts, and codes of orders in files are used.

    Files are imported and taken back by many ways: here all of them are followed.
    """
    from regie.apps.connections import services as connections
    from regie.apps.tracking import services

    while services.publish_events().is_behind:
        pass
    services.settle_files()
    connections.compact(at_least=MANY_SMALL_FILES)


@app.periodic(cron="*/5 * * * *")
@app.task(name="identity.solve_people", queueing_lock="identity.solve_people")
def solve_people(timestamp: int) -> None:
    """Each five minutes: what was learnt of people since the last time, and what they asked for.

    A request whose worker or command died is taken up.
    """
    from regie.apps.identity import services

    services.solve_people()
    services.take_up()


@app.task(name="identity.answer_request")
def answer_request(request_id: int) -> None:
    """Correct or forget a person."""
    from regie.apps.identity import services

    services.carry_out(request_id)


@app.task(name="identity.compare_customers")
def compare_customers(organisation_id: int) -> None:
    """Find customers who are probably one person."""
    from regie.apps.identity import services

    services.compare_customers(organisation_id)


@app.periodic(cron="* * * * *")
@app.task(name="jobs.resume", queueing_lock="jobs.resume", priority=20, pass_context=True)
async def resume(context: JobContext, timestamp: int) -> None:
    """Each minute: what a worker had in hand when it died is taken up by another."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S):
        await manager.retry_job(job)
