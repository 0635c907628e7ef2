"""The context of row security: for whom PostgreSQL filters, set once per request or command.

A query outside a context gives no row of any organisation. ``acting_as`` is for a person,
``operating`` for the local operator and for jobs; both wrap one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from regie.apps.accounts.models import User

_acting: ContextVar[int | None] = ContextVar("acting", default=None)


def acting_user() -> int | None:
    """For whom the current context filters; None for the operator, and outside a context.

    Good for what is noted beside an answer. Who may do what, the database knows by itself.
    """
    return _acting.get()


@contextmanager
def acting_as(user: User) -> Iterator[None]:
    """Everything inside sees what ``user`` may see."""
    with _context(user=str(user.pk), operator="off"):
        yield


@contextmanager
def operating() -> Iterator[None]:
    """Everything inside sees all organisations: the local operator, jobs, migrations of data."""
    with _context(user="", operator="on"):
        yield


@contextmanager
def _context(*, user: str, operator: str) -> Iterator[None]:
    with transaction.atomic():
        before = _swap(user, operator)
        token = _acting.set(int(user) if user else None)
        try:
            yield
        finally:
            _acting.reset(token)
        # After an error the rollback takes the context back by itself.
        if not connection.needs_rollback:
            _swap(*before)


def _swap(user: str, operator: str) -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('regie.user', true), ''), "
            "coalesce(current_setting('regie.operator', true), '')"
        )
        row = cursor.fetchone()
        cursor.execute(
            "SELECT set_config('regie.user', %s, true), set_config('regie.operator', %s, true)",
            [user, operator],
        )
    return (row[0], row[1]) if row else ("", "")
