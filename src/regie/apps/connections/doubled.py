"""Accounts that became part of others: what files said of them counts where the others say nothing.

Whatever publishes facts of one of the two publishes the double anew, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from regie.apps.access.context import operating
from regie.apps.assets import selectors as assets
from regie.apps.connections import storage
from regie.apps.connections.beside import of_accounts
from regie.apps.connections.models import Import
from regie.warehouse import catalogue
from regie.warehouse.doubles import publish_double
from regie.warehouse.engine import Engine
from regie.warehouse.undo import KeptImport
from regie.warehouse.windows import Window


def settle_doubles(engine: Engine, keys: Collection[int] | None = None) -> None:
    """Of the doubles among ``keys``, and of those that became one of them; without, of all."""
    with operating():
        for key, same in assets.folded_among(keys):
            settle(engine, key, same)


def settle(engine: Engine, key: int, same: int | None) -> None:
    """Publish what files say of ``key``: all of it where it is an account of its own. As the
    operator."""
    imports = [kept(one) for one in of_accounts([key]) if one.file_ids]
    publish_double(
        connection.connection, storage.lake(), engine, key=key, same=same, imports=imports
    )


def kept(record: Import) -> KeptImport:
    """Without the accounts of which it no longer counts."""
    windows = (Window.from_json(window) for window in record.windows)
    return KeptImport(
        record.pk,
        tuple(window for window in windows if window.asset_key not in record.withdrawn),
        tuple(catalogue.files_by_id(connection.connection, record.file_ids)),
        is_part=bool(record.withdrawn),
    )
