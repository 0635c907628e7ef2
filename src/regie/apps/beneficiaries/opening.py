"""Opens what is published for questions, through a scope: the only place where that is done.

A reader is remembered by its scope. Whoever asks first lays the accounts out for all who ask after
him, so that all must lay out the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import connection

from regie.apps.assets import selectors as assets
from regie.apps.beneficiaries.parts import cards_of_parts
from regie.kernel.scope import Scope
from regie.warehouse import catalogue, home
from regie.warehouse.twice import Counted
from regie.warehouse.views import READER, AssetRow, Session


def opened(
    scope: Scope, *, as_of: datetime | None = None, counting: tuple[Counted, ...] | None = None
) -> Session:
    """What is published now, or was at ``as_of``; as if ``counting`` said which source counts."""
    return opened_over(scope, lambda: _accounts(scope), as_of=as_of, counting=counting)


def opened_over(
    scope: Scope, accounts: Callable[[], Sequence[AssetRow]], *, as_of: datetime | None = None,
    counting: tuple[Counted, ...] | None = None,
) -> Session:  # fmt: skip
    """For a scope of ``accounts`` that is no person's."""
    connection.ensure_connection()
    database: catalogue.Conn = connection.connection
    lake = home.lake()
    if as_of is not None:
        snapshot = catalogue.snapshot(database, as_of=as_of)
        catalogue.pin(database, snapshot.version)
    else:
        number = catalogue.pin_current(database)
        snapshot = READER.snapshot(
            lake, number, lambda: catalogue.snapshot(database, version=number)
        )
    if counting is not None:
        snapshot = replace(snapshot, counting=counting)
    return READER.open(lake, snapshot, scope, accounts)


def _accounts(scope: Scope) -> list[AssetRow]:
    own = [AssetRow(*one) for one in assets.places_of(scope.assets)]
    parts = cards_of_parts(scope)
    return own + [AssetRow(c.key, c.organisation_slug, c.platform, c.location) for c in parts]
