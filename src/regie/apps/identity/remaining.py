"""Searches every table and file for what would still name a person, and says why it is there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from regie.apps.identity.finding import Subject
from regie.apps.notifications import selectors as mails
from regie.domain.privacy.names import Names, spellings
from regie.warehouse import home, masking
from regie.warehouse.engine import Engine

UNREADABLE = "unreadable_files"
# Rows of an organisation: every table that says whose its rows are.
_TABLES = """
    SELECT c.table_name FROM information_schema.columns c
    JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND c.column_name = 'organisation_id'
      AND t.table_type = 'BASE TABLE' ORDER BY 1
"""


@dataclass(frozen=True)
class Left:
    """``where`` is a table, ``files`` or ``unreadable_files``; ``count`` its rows, or the files.

    Files that nobody could look into are named: only without them is the work complete.
    """

    where: str
    count: int
    names: tuple[str, ...] = ()


def remaining(
    engine: Engine, subject: Subject, gone: Collection[str], broken: Collection[str] = ()
) -> Iterator[Left]:
    """Where telling names of the person are still written, in what his organisations hold.

    ``gone`` are files that go as soon as what replaces them is committed; ``broken`` are published
    ones that could not be read.
    """
    if not subject.names.telling:
        return
    for table in _tables():
        count = _rows(table, subject.organisations, subject.names)
        if count:
            yield Left(table, count)
    waiting = mails.naming(subject.organisations, _written(subject.names))
    if waiting:
        yield Left("notifications_mail", waiting)
    looked = masking.unread(home.lake(), engine, connection.connection, names=subject.names)
    if set(looked.naming) - set(gone):
        yield Left("files", len(set(looked.naming) - set(gone)))
    unknown = sorted({*looked.unreadable, *broken} - set(gone))
    if unknown:
        yield Left(UNREADABLE, len(unknown), tuple(unknown))


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return [name for (name,) in cursor.fetchall()]


def _rows(table: str, organisations: Collection[int], names: Names) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "SELECT count(*) FROM {} x WHERE organisation_id = ANY (%s) AND EXISTS "
                "(SELECT FROM unnest(%s::text[]) n WHERE position(n IN lower(x::text)) > 0)"
            ).format(sql.Identifier(table)),
            [list(organisations), _written(names)],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _written(names: Names) -> list[str]:
    return sorted({form.lower() for one in names.telling for form in spellings(one)})
