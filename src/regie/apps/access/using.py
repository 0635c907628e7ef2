"""On which day a role was last used: what a review of accesses looks at."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from django.db import connection, transaction

from regie.apps.access.context import acting_user
from regie.domain.permissions.definitions import VIEW
from regie.kernel import clock
from regie.kernel.scope import Scope

MOST = 10_000
_noted: dict[tuple[int, str], int] = {}  # of each person here: the figures noted lately


def note_read(scope: Scope) -> None:
    """The person of the context reads figures: his roles that open some of them are in use.

    Asked with every question and written once a day: this process asks the database again only
    after an hour, or for other accounts.
    """
    user = acting_user()
    if user is None or not scope.assets:
        return
    key, seen = (user, f"{clock.now():%Y-%m-%d %H}"), hash(scope.assets)
    if _noted.get(key) == seen:
        return
    _write(scope.assets, VIEW)
    # What is rolled back was not written, and is noted by the next question.
    transaction.on_commit(partial(_remember, key, seen))


def note_opened(asset_id: int) -> None:
    """The person of the context opens an account: every role that he has on it is in use."""
    if acting_user() is not None:
        _write([asset_id], None)


def _write(assets: Collection[int], permission: str | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT regie_note_use(%s::bigint[], %s)", [list(assets), permission])


def _remember(key: tuple[int, str], seen: int) -> None:
    if len(_noted) >= MOST:
        _noted.clear()
    _noted[key] = seen
